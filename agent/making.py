"""From a draft to the card: grounding, and what stands on the card of where it comes from."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import Any

import agent
from agent.article import Article
from agent.card import SCHEMA_VERSION, Card, Checks, Finding, Provenance, Usage
from agent.draft import Draft, wire_schema_digest
from agent.engines import Drafted, Engine
from agent.grounding import Grounded, ground
from agent.prices import Price, Prices
from agent.settings import Settings
from agent.symbols import SymbolTable
from agent.taxonomy import load_taxonomy

MIN_WORDS = 5
MIN_CHARS = 40
"""A text below both says nothing that a card could be made from; no engine is asked. Characters, for scripts without spaces."""

KEPT = 256
"""Groundings that are kept for the card that follows: more than a batch looks at before it makes their cards."""

_WORD = re.compile(r"\w+")
_NOTHING = Usage()
_NOT_CHECKED = Checks()


class CardMaker:
    """Makes the cards of one engine's drafts. Pure but for the clock: the same draft and article give the same claims."""

    def __init__(self, settings: Settings, symbols: SymbolTable, engine: Engine) -> None:
        self._settings = settings
        self._symbols = symbols
        self._engine = engine
        self._rows: dict[tuple[str, date], Price | None] = {}
        self._grounded: dict[int, tuple[Article, Draft, Grounded]] = {}
        self._changing = Lock()  # a service grounds in a thread
        if settings.prices is not None and engine.name == "llm":
            _ = self._prices  # a file that can't be used is found before anything is paid for

    def card(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Card:
        """The card of `article`; without a draft, one that abstains because there is too little to read.

        `started` is when work on the article began (`time.perf_counter`). A `cached` draft was paid for before: it costs nothing now.
        """
        provenance = self._provenance(article, drafted, cached=cached, started=started)
        if drafted is None:
            return _abstained(article, too_little(article) or "the article has no text", provenance)
        if reason := drafted.draft.abstain_because:
            return _abstained(article, reason, provenance)
        return self._published(article, drafted.draft, provenance)

    def faults(self, article: Article, draft: Draft) -> Sequence[Finding]:
        """What of `draft` the article doesn't carry."""
        return self._ground(article, draft).faults

    def look(self, found: Sequence[tuple[Article, Draft]]) -> None:
        """Ground drafts for the cards that follow. What can't be grounded is left for its card to meet, and to say so."""
        symbols, taxonomy, grounded = self._symbols, load_taxonomy(), self._grounded
        for article, draft in found:
            kept = grounded.get(id(draft))
            if kept is not None and kept[0] is article and kept[1] is draft:
                continue
            try:
                grounded[id(draft)] = (article, draft, ground(article, draft, symbols, taxonomy))
            except Exception:  # noqa: BLE001, S112
                continue
        self._forget()

    def cost(self, usage: Usage, model: str | None = None, share: float = 1.0, *, on: datetime | None = None) -> float | None:
        """US dollars for `usage` of `model` (the one that is asked for, where it is None) at a share of the list price, today or `on`.

        None without a known price.
        """
        if not usage.requests:
            return 0.0
        asked = (model or self._settings.model or "", (on or datetime.now(UTC)).date())
        if asked not in self._rows:
            self._rows[asked] = self._prices.find(asked[0], self._settings.endpoint, asked[1], asked=self._settings.model or "")
        row = self._rows[asked]
        return None if row is None else float(row.cost(usage)) * share

    def _published(self, article: Article, draft: Draft, provenance: Provenance) -> Card:
        grounded = self._ground(article, draft)
        with self._changing:
            self._grounded.pop(id(draft), None)
        return Card.of_parts(
            {
                "schema_version": SCHEMA_VERSION,
                "id": article.id,
                "status": "ok",
                "abstained_because": None,
                "title": article.headline,
                "url": article.url,
                "source": article.source,
                "published_at": article.published_at,
                "market_impact": grounded.market_impact,
                "tickers": list(grounded.tickers),
                "topics": list(grounded.topics),
                "summary": grounded.summary,
                "analysis": grounded.analysis,
                "sentiment": grounded.sentiment,
                "entities": list(grounded.entities),
                "impact": grounded.impact,
                "instruments": list(grounded.instruments),
                "checks": grounded.checks,
                "provenance": provenance,
            }
        )

    def _ground(self, article: Article, draft: Draft) -> Grounded:
        """Grounding is most of an article's time, and the same draft is looked at when it comes and when its card is made."""
        kept = self._grounded.get(id(draft))
        if kept is not None and kept[0] is article and kept[1] is draft:
            return kept[2]
        grounded = ground(article, draft, self._symbols, load_taxonomy())
        self._grounded[id(draft)] = (article, draft, grounded)
        self._forget()
        return grounded

    def _forget(self) -> None:
        """Drafts that never become a card would fill the memory."""
        with self._changing:
            while len(self._grounded) > KEPT:
                del self._grounded[next(iter(self._grounded))]

    def _provenance(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Provenance:
        made, now = self._always.copy(), datetime.now(UTC)
        paid = drafted.usage if drafted else _NOTHING
        full_price = self.cost(paid, drafted.model, drafted.price_share, on=now) if drafted else 0.0
        if drafted:
            made["model"] = drafted.model or made["model"]
            made["truncated"] = drafted.truncated
            made["reasked"] = drafted.reasked
        made["article_digest"] = article.digest
        made["created_at"] = now
        made["cached"] = cached
        made["usage"] = _NOTHING if cached else paid
        made["cost_usd"] = 0.0 if cached else full_price
        made["uncached_cost_usd"] = full_price
        made["elapsed_s"] = round(time.perf_counter() - started, 4)
        return Provenance.of_parts(made)

    @cached_property
    def _always(self) -> dict[str, Any]:
        """A card's provenance, in the order of its fields, with what is the same on all of this engine's cards."""
        ingredients = self._engine.ingredients
        same = {
            "engine": self._engine.name,
            "model": ingredients.get("model"),
            "endpoint": ingredients.get("endpoint"),
            "prompt": ingredients.get("prompt"),
            "schema_": wire_schema_digest()[:12],
            "symbols": self._symbols.version,
            "newscard": agent.__version__,
            "truncated": False,
            "reasked": False,
        }
        return dict.fromkeys(Provenance.model_fields) | same

    @cached_property
    def _prices(self) -> Prices:
        return Prices.load(self._settings.prices)


def too_little(article: Article) -> str | None:
    """Why no engine need be asked about the article; None when one must be."""
    if not article.text:
        return "the article has no text"
    if len(article.text) < MIN_CHARS and len(_WORD.findall(article.text)) < MIN_WORDS:
        return "the article is too short to say anything about"
    return None


def _abstained(article: Article, reason: str, provenance: Provenance) -> Card:
    return Card.of_parts(
        {
            "schema_version": SCHEMA_VERSION,
            "id": article.id,
            "status": "abstained",
            "abstained_because": reason,
            "title": article.headline,
            "url": article.url,
            "source": article.source,
            "published_at": article.published_at,
            "market_impact": None,
            "tickers": [],
            "topics": [],
            "summary": "",
            "analysis": "",
            "sentiment": None,
            "entities": [],
            "impact": {},
            "instruments": [],
            "checks": _NOT_CHECKED,
            "provenance": provenance,
        }
    )

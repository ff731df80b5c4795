"""Enricher: one article in, one card out."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import agent
from agent.article import Article
from agent.cache import DiskDrafts, Entry, Explanation, SingleFlight, draft_key, explain
from agent.card import Card, Checks, Finding, Provenance, Usage
from agent.draft import Draft, wire_schema_digest
from agent.engines import Drafted, Engine
from agent.grounding import ground
from agent.prices import Prices
from agent.settings import Settings
from agent.symbols import SymbolTable, load_symbols
from agent.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from agent.pacing import Pacer

MIN_WORDS = 5
MIN_CHARS = 40
"""A text below both says nothing that a card could be made from; no engine is asked. Characters, for scripts without spaces."""

_WORD = re.compile(r"\w+")


class Enricher:
    """Article -> prompt -> engine -> draft -> grounding -> card; with a cache of drafts before the engine.

    Use it as `async with`, which keeps connections open between articles; without it, they are closed when the last call in flight ends.
    One Enricher belongs to one event loop at a time.
    """

    def __init__(self, engine: Engine, settings: Settings, *, symbols: SymbolTable | None = None, drafts: DiskDrafts | None = None) -> None:
        self._engine = engine
        self._settings = settings
        self._symbols = symbols or load_symbols(settings.symbols)
        self._drafts = drafts
        self._flights: SingleFlight[Drafted] = SingleFlight()
        self._entered = False
        self._in_flight = 0

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> Self:
        """Make one from `settings`, or from the environment. Nothing is connected or opened before the first article.

        Raises UsageError when a setting is missing or can't be used.
        """
        settings = settings or Settings.from_env()
        symbols = load_symbols(settings.symbols)
        engine = make_engine(settings, symbols)
        # What costs nothing needs no cache: an extractive draft is made faster than it is looked up safely.
        keeps = settings.cache and engine.name == "llm"
        return cls(engine, settings, symbols=symbols, drafts=DiskDrafts(cache_folder(settings)) if keeps else None)

    @property
    def engine_name(self) -> str:
        """`llm` or `extractive`."""
        return self._engine.name

    @property
    def pacer(self) -> Pacer | None:
        """What holds the engine's requests back; its `limit` is how many articles it is worth having in hand. None without one."""
        return getattr(self._engine, "pacer", None)

    @property
    def cache_problem(self) -> str | None:
        """Why the cache isn't in use, in one line; None while it is, or when there is none."""
        return self._drafts.problem if self._drafts else None

    async def enrich(self, article: Article, *, repeat: int = 0) -> Card:
        """The card of `article`. `repeat` > 0 asks for an independent draft of the same article, for measuring an engine's spread.

        Raises ArticleError when this article gets no card, EndpointError when none can, BudgetExceeded before a call that the budget
        doesn't allow.
        """
        started = time.perf_counter()
        if reason := _too_little(article):
            return self._abstained(article, reason, self._provenance(article, None, cached=False, started=started))
        self._in_flight += 1
        try:
            drafted, cached = await self._drafted(article, repeat)
        finally:
            self._in_flight -= 1
            if not self._entered and not self._in_flight:
                await self.aclose()
        provenance = self._provenance(article, drafted, cached=cached, started=started)
        if reason := drafted.draft.abstain_because:
            return self._abstained(article, reason, provenance)
        return self._card(article, drafted.draft, provenance)

    def explain(self, article: Article, *, repeat: int = 0) -> Explanation:
        """Whether the cache holds this article's draft and, if not, which ingredient differs from what it holds."""
        settings = self._settings
        return explain(cache_folder(settings), article, self._engine.ingredients, tenant=settings.tenant, repeat=repeat)

    async def aclose(self) -> None:
        """Close connections and the cache. The next `enrich` opens them again."""
        await self._engine.aclose()
        if self._drafts:
            await self._drafts.aclose()

    async def __aenter__(self) -> Self:
        self._entered = True
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._entered = False
        await self.aclose()

    async def _drafted(self, article: Article, repeat: int) -> tuple[Drafted, bool]:
        """The draft, and whether it was there already or another call in this process is paying for it."""

        def find_faults(draft: Draft) -> Sequence[Finding]:
            return ground(article, draft, self._symbols, load_taxonomy()).faults

        drafts = self._drafts
        if drafts is None:
            return await self._engine.draft(article, find_faults), False
        ingredients = self._engine.ingredients
        key = draft_key(article, ingredients, tenant=self._settings.tenant, repeat=repeat)
        if entry := await drafts.get(key):
            return entry.drafted, True

        async def ask_and_keep() -> Drafted:
            drafted = await self._engine.draft(article, find_faults)
            await drafts.put(key, Entry(ingredients=dict(ingredients), created_at=datetime.now(UTC), drafted=drafted))
            return drafted

        return await self._flights.run(key, ask_and_keep)

    def _card(self, article: Article, draft: Draft, provenance: Provenance) -> Card:
        grounded = ground(article, draft, self._symbols, load_taxonomy())
        return Card(
            **_head(article),
            status="ok",
            abstained_because=None,
            market_impact=grounded.market_impact,
            tickers=list(grounded.tickers),
            topics=list(grounded.topics),
            summary=grounded.summary,
            analysis=grounded.analysis,
            sentiment=grounded.sentiment,
            entities=list(grounded.entities),
            impact=grounded.impact,
            instruments=list(grounded.instruments),
            checks=grounded.checks,
            provenance=provenance,
        )

    def _abstained(self, article: Article, reason: str, provenance: Provenance) -> Card:
        return Card(
            **_head(article),
            status="abstained",
            abstained_because=reason,
            market_impact=None,
            tickers=[],
            topics=[],
            summary="",
            analysis="",
            sentiment=None,
            entities=[],
            impact={},
            instruments=[],
            checks=Checks(),
            provenance=provenance,
        )

    def _provenance(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Provenance:
        ingredients = self._engine.ingredients
        paid = drafted.usage if drafted else Usage()
        full_price = self._price(drafted, paid)
        return Provenance(
            engine=self._engine.name,
            model=(drafted.model if drafted else None) or ingredients.get("model"),
            endpoint=ingredients.get("endpoint"),
            prompt=ingredients.get("prompt"),
            schema_=wire_schema_digest()[:12],
            symbols=self._symbols.version,
            newscard=agent.__version__,
            article_digest=article.digest,
            truncated=drafted.truncated if drafted else False,
            reasked=drafted.reasked if drafted else False,
            created_at=datetime.now(UTC),
            cached=cached,
            usage=Usage() if cached else paid,
            cost_usd=0.0 if cached else full_price,
            uncached_cost_usd=full_price,
            elapsed_s=round(time.perf_counter() - started, 4),
        )

    def _price(self, drafted: Drafted | None, usage: Usage) -> float | None:
        """US dollars for `usage`, None when the model has no known price, 0 when there was no request."""
        if drafted is None or not usage.requests:
            return 0.0
        cost = self._prices.cost(drafted.model or self._settings.model or "", self._settings.endpoint, usage, datetime.now(UTC).date())
        return None if cost is None else float(cost)

    @cached_property
    def _prices(self) -> Prices:
        return Prices.load(self._settings.prices)


def enrich_sync(article: Article, settings: Settings | None = None) -> Card:
    """The synchronous twin of `Enricher.enrich`, for scripts and for notebooks, whose own event loop it leaves alone."""

    async def once() -> Card:
        async with Enricher.from_settings(settings) as enricher:
            return await enricher.enrich(article)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(once())
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, once()).result()


def cache_folder(settings: Settings) -> Path:
    """Where drafts are kept."""
    if settings.cache_dir is not None:
        return settings.cache_dir
    from platformdirs import user_cache_path

    return user_cache_path("newscard") / "drafts"


def make_engine(settings: Settings, symbols: SymbolTable) -> Engine:
    """The engine that the settings ask for. Raises UsageError when one of them is missing or can't be used."""
    if settings.choose_engine()[0] == "extractive":
        from agent.engines.extractive import ExtractiveEngine

        return ExtractiveEngine(symbols)
    from agent.engines.llm import LLMEngine
    from agent.pacing import Budget
    from agent.prompts import load_prompts

    return LLMEngine(settings, load_prompts(settings.prompt), budget=Budget.from_settings(settings))


def _too_little(article: Article) -> str | None:
    if not article.text:
        return "the article has no text"
    if len(article.text) < MIN_CHARS and len(_WORD.findall(article.text)) < MIN_WORDS:
        return "the article is too short to say anything about"
    return None


def _head(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.headline,
        "url": article.url,
        "source": article.source,
        "published_at": article.published_at,
    }

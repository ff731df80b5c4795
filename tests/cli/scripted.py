"""`newscard` with an enricher that follows a script: `python -m tests.cli.scripted ARGS`. An article's id says what becomes of it.

`ok-*` a card, `abstain-*` an abstained one, `fail-*` an ArticleError, `key-*` an EndpointError, `budget-*` a BudgetExceeded, `slow-*` a
card after those that are not slow, `hang-*` never an end; `cached-*` and `unpriced-*` are cards that say so.
"""

from __future__ import annotations

import asyncio
import sys
import types
from pathlib import Path
from typing import Any, Self

from agent.article import Article
from agent.cache import Explanation, explain
from agent.card import Card, Provenance, Usage
from agent.cli import main
from agent.errors import BudgetExceeded, KeyRejected, NoReply
from agent.settings import Settings
from tests.cache.made import INGREDIENTS
from tests.present.sample import ABSTAINED, CARD, PROVENANCE


def tell(line: str) -> None:
    """A line on standard error, if there is one, for the test that watches."""
    if sys.stderr is not None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class ScriptedEnricher:
    """The Enricher's interface and nothing behind it. Tells when an article begins and when it is closed itself."""

    engine_name = "llm"
    cache_problem: str | None = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.quick_ones_done = asyncio.Event()

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Made of them, as the real one is."""
        return cls(settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tell("closed")

    def explain(self, article: Article) -> Explanation:
        """What the real cache says of drafts made of `INGREDIENTS`."""
        return explain(self._settings.cache_dir or Path(), article, INGREDIENTS)

    async def enrich(self, article: Article) -> Card:
        """What the article's id asks for."""
        what = article.id.partition("-")[0]
        tell(f"began {article.id}")
        if what == "hang":
            await asyncio.Event().wait()
        if what == "slow":
            await self.quick_ones_done.wait()
        await asyncio.sleep(0)
        self.quick_ones_done.set()
        return card_for(article, what)


def card_for(article: Article, what: str) -> Card:
    """The card, or the error, that `what` names."""
    errors = {
        "fail": NoReply(article.id, "no usable reply in 5 attempts", usage=Usage(requests=5, input_tokens=900)),
        "key": KeyRejected("the key was rejected; set OPENAI_API_KEY"),
        "budget": BudgetExceeded("the next call could cost more than the budget allows"),
    }
    if what in errors:
        raise errors[what]
    changes: dict[str, dict[str, Any]] = {"cached": {"cached": True, "cost_usd": 0.0}, "unpriced": {"cost_usd": None}}
    update = {"id": article.id, "title": article.headline, "provenance": Provenance(**PROVENANCE | changes.get(what, {}))}
    return (ABSTAINED if what == "abstain" else CARD).model_copy(update=update)


if __name__ == "__main__":
    enrich = types.ModuleType("agent.enrich")
    enrich.Enricher = ScriptedEnricher  # type: ignore[attr-defined]
    enrich.cache_folder = lambda settings: settings.cache_dir or Path()  # type: ignore[attr-defined]
    sys.modules["agent.enrich"] = enrich
    main()

"""`newscard` with an enricher that follows a script: `python -m tests.cli.scripted ARGS`. An article's id says what becomes of it.

`ok-*` a card, `abstain-*` an abstained one, `fail-*` an ArticleError, `key-*` an EndpointError, `budget-*` a BudgetExceeded, `slow-*` a
card after those that are not slow, `hang-*` never an end; `cached-*` and `unpriced-*` are cards that say so.
"""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple, Self

from agent.article import Article
from agent.card import Card, Provenance
from agent.cli import main
from agent.errors import BudgetExceeded, KeyRejected, NoReply, SourceError
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

    def __init__(self) -> None:
        self.quick_ones_done = asyncio.Event()

    @classmethod
    def from_settings(cls, _settings: Any) -> ScriptedEnricher:
        """Whatever the settings."""
        return cls()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tell("closed")

    def explain(self, article: Article) -> Explained:
        """A hit for `cached-*`."""
        return Explained(article.id.startswith("cached"))

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
        "fail": NoReply(article.id, "no usable reply in 5 attempts"),
        "key": KeyRejected("the key was rejected; set OPENAI_API_KEY"),
        "budget": BudgetExceeded("the next call could cost more than the budget allows"),
    }
    if what in errors:
        raise errors[what]
    changes = {"cached": {"cached": True, "cost_usd": 0.0}, "unpriced": {"cost_usd": None}}.get(what, {})
    update = {"id": article.id, "title": article.headline, "provenance": Provenance(**PROVENANCE | changes)}
    return (ABSTAINED if what == "abstain" else CARD).model_copy(update=update)


def read_sources(sources: Sequence[str], *, stdin: BinaryIO | None = None, **_: Any) -> Iterator[Article | SourceError]:
    """JSON lines from files or `stdin`, one by one; a source that isn't there is a SourceError."""
    for source in sources:
        try:
            lines = stdin if source == "-" else Path(source).read_bytes().splitlines()
        except OSError as exc:
            yield SourceError(source, f"it can't be read: {exc.strerror}")
            continue
        for line in lines or ():
            yield Article.model_validate_json(line)


class Kept(NamedTuple):
    """What a cache's figures are."""

    entries: int = 3
    bytes: int = 41_500
    oldest: datetime | None = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    newest: datetime | None = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    by_model: Mapping[str, int] = MappingProxyType({"example-model-2": 1, "example-model-1": 2})


class Explained(NamedTuple):
    """What the cache says of one article: those called `cached-*` are in it."""

    hit: bool

    def lines(self) -> list[str]:
        """Two lines of reasons."""
        return ["kept on 1 Mar 2026"] if self.hit else ["model: example-model-1 is kept, example-model-2 is asked for"]


def purge(_folder: Path, *, article_id: str | None = None, older_than_days: int | None = None, everything: bool = False) -> int:
    """Tells what it was asked, and that it deleted as many."""
    tell(f"purge article_id={article_id} older_than_days={older_than_days} everything={everything}")
    return 3 if everything else 1


if __name__ == "__main__":
    cache = types.ModuleType("agent.cache")
    cache.stats = lambda _folder: Kept()  # type: ignore[attr-defined]
    cache.purge = purge  # type: ignore[attr-defined]
    sys.modules["agent.cache"] = cache
    reading = types.ModuleType("agent.sources")
    reading.read_sources = read_sources  # type: ignore[attr-defined]
    sys.modules["agent.sources"] = reading
    enrich = types.ModuleType("agent.enrich")
    enrich.Enricher = ScriptedEnricher  # type: ignore[attr-defined]
    enrich.cache_folder = lambda settings: settings.cache_dir or Path()  # type: ignore[attr-defined]
    sys.modules["agent.enrich"] = enrich
    main()

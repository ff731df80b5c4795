"""Runs for the tests: an engine that goes by an article's id, and the runner around it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from agent.article import Article
from agent.batch.folder import RunFolder
from agent.batch.reading import Runs
from agent.batch.rows import Row
from agent.batch.runner import Options, Runner, Teller
from agent.cache import DiskDrafts
from agent.card import Usage
from agent.engines import Drafted, FindFaults
from agent.enrich import Enricher
from agent.errors import BudgetExceeded, KeyRejected, NewscardError, NoReply
from agent.settings import Settings
from agent.sources import Placed
from tests.cache.made import an_entry

USAGE = Usage(requests=1, input_tokens=100, output_tokens=10)
TEXT = "Acme raised its forecast on Monday, number {}. Its shares rose in early trading."


class EngineById:
    """What an article's id begins with decides: `fail-*` NoReply, `key-*` KeyRejected, `budget-*` BudgetExceeded, `hang-*` never an end,
    `slow-*` an end when `go` is set, `bug-*` a TypeError; else a draft.
    """  # noqa: D205  one list

    name: Literal["llm", "extractive"] = "llm"

    def __init__(self, **ingredients: str) -> None:
        self.asked: list[str] = []
        self.mended = False
        self.go = asyncio.Event()
        self._ingredients = MappingProxyType({"model": "m-1", "endpoint": "nowhere", "prompt": "card.v1@0"} | ingredients)

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Whatever it was made with."""
        return self._ingredients

    async def draft(self, article: Article, _find_faults: FindFaults) -> Drafted:
        """What the id asks for."""
        self.asked.append(article.id)
        what = "" if self.mended else article.id.partition("-")[0]
        await asyncio.sleep(0)
        if what == "bug":
            raise TypeError(article.text)
        if what == "hang":
            await asyncio.Event().wait()
        if what == "slow":
            await self.go.wait()
        errors: dict[str, NewscardError] = {
            "fail": NoReply(article.id, "no usable reply in 5 requests", usage=USAGE),
            "key": KeyRejected("the key was rejected"),
            "budget": BudgetExceeded("the next request could cost too much"),
        }
        if what in errors:
            raise errors[what]
        return an_entry().drafted.model_copy(update={"usage": USAGE})

    async def aclose(self) -> None:
        """Nothing is open."""


def articles(*ids: str) -> list[Placed]:
    """Articles with those ids, at the lines of one file."""
    return [Placed(f"in.jsonl:{number}", Article(id=name, text=TEXT.format(name))) for number, name in enumerate(ids, 1)]


def options(**changes: Any) -> Options:
    """Options without much patience."""
    return Options(**{"drain_s": 0.2} | changes)


def an_enricher(engine: EngineById, drafts: Path | None = None, prices: Path | None = None) -> Enricher:
    """An Enricher around `engine`, with a cache where `drafts` names its folder, and the prices of that file."""
    return Enricher(engine, Settings(prices=prices), drafts=DiskDrafts(drafts) if drafts else None)


def some_prices(path: Path) -> Path:
    """A file of prices at `path`, in which the engine's model has one."""
    row = f"model: m-1-2025, endpoint: {Settings().endpoint}, effective_from: 2020-01-01, input: 1.0, cached_input: 1.0, output: 4.0"
    path.write_text(f"prices:\n- {{{row}, source: the test's}}\n")
    return path


class Run:
    """A run directory, and one runner after another in it."""

    def __init__(self, path: Path, engine: EngineById | None = None, drafts: Path | None = None, prices: Path | None = None) -> None:
        self.path = path
        self.engine = engine or EngineById()
        self.drafts = drafts
        self.prices = prices
        self.runner: Runner | None = None
        self.lost = 0

    async def go(self, placed: Iterable[Placed], *, stories: Teller | None = None, **changes: Any) -> Runner:
        """Run `placed` to the end, or to where it stops."""
        enricher = an_enricher(self.engine, self.drafts, self.prices)
        folder = RunFolder.open(self.path, enricher.fingerprint)
        try:
            async with enricher:
                self.runner = Runner(enricher, folder, options(**changes), stories=stories)
                await self.runner.run(iter(placed))
        finally:
            folder.close()
        return self.runner

    @property
    def rows(self) -> dict[str, Row]:
        """The rows by id; no id has two."""
        found = list(Runs([self.path]).rows())
        assert max(Counter(row.id for row in found).values(), default=1) == 1
        return {row.id: row for row in found}

    @property
    def states(self) -> dict[str, str]:
        """How each id stands."""
        return {name: row.status for name, row in self.rows.items()}

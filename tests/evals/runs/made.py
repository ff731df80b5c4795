"""Engines and runs for the tests: a draft is made from the article itself, so that it is faithful and free."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from agent.article import Article
from agent.card import Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults
from agent.engines.extractive import ExtractiveEngine
from agent.enrich import Enricher
from agent.errors import ArticleError, DraftRejected, NoReply
from agent.settings import Settings
from agent.symbols import load_symbols
from evals.runs import Manifest, Run, RunFolder, load_run
from evals.runs.engines import RecordingEngine
from evals.runs.manifest import digest_of
from evals.runs.running import Counts, Making, make, tasks
from evals.runs.scoring import chosen

Change = Callable[[int, Draft], Draft]


class ChangedEngine:
    """The extractive engine with its drafts changed: `change` is given how many articles came before, and the draft.

    `failing` maps such a number to the error that is raised instead.
    """

    name: Literal["llm"] = "llm"

    def __init__(
        self, change: Change = lambda _, draft: draft, failing: Callable[[int], type[ArticleError] | None] = lambda _: None
    ) -> None:
        self._inner = ExtractiveEngine(load_symbols())
        self._change = change
        self._failing = failing
        self.asked: list[str] = []

    @property
    def ingredients(self) -> Mapping[str, str]:
        """A model of the tests' own."""
        return {"model": "changed", "prompt": "card.v1@test"}

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """The changed draft."""
        number = len(self.asked)
        self.asked.append(article.id)
        if error := self._failing(number):
            raise error(article.id, "as the test has it", usage=Usage(requests=2, input_tokens=100))
        drafted = await self._inner.draft(article, find_faults)
        return Drafted(
            draft=self._change(number, drafted.draft), usage=Usage(requests=1, input_tokens=1_000, output_tokens=200), model="changed"
        )

    async def aclose(self) -> None:
        """Nothing is open."""


def a_manifest(limit: int | None = 12, repeats: int = 1, **changes: Any) -> Manifest:
    """Of a run over the first gold cards of the dev part."""
    samples = chosen("gold", "", split="dev", limit=limit)
    values: dict[str, Any] = {
        "name": "a run",
        "created_at": datetime(2026, 1, 2, tzinfo=UTC),
        "data": {"gold": digest_of(samples)},
        "places": {"gold": ""},
        "split": "dev",
        "limit": limit,
        "samples": len(samples),
        "repeats": repeats,
        "engine": "llm",
        "ingredients": {"model": "changed", "prompt": "card.v1@test"},
    }
    return Manifest(**(values | changes))


async def made(
    path: Path, engine: ChangedEngine, manifest: Manifest | None = None, seen: Callable[[Counts], None] = lambda _: None
) -> Counts:
    """Make, or go on with, a run at `path`."""
    manifest = manifest or a_manifest()
    samples = [("gold", sample) for sample in chosen("gold", "", split="dev", limit=manifest.limit)]
    with RunFolder(path).writing(manifest) as writer:
        async with Enricher(RecordingEngine(engine), Settings(), symbols=load_symbols()) as enricher:
            return await make(tasks(samples, manifest.repeats), writer, Making(enricher, 4, lambda usage: usage.input_tokens / 1_000, seen))


def a_run(path: Path, engine: ChangedEngine, limit: int | None = 12) -> Run:
    """Make a run and load it."""

    async def go() -> Run:
        await made(path, engine, a_manifest(limit))
        return await load_run(path)

    return asyncio.run(go())


def without_tickers(every: int) -> Change:
    """Each `every`-th draft has no entity, so that its card has no ticker."""
    return lambda number, draft: draft.model_copy(update={"entities": []}) if number % every == 0 else draft


def unanswered(numbers: Sequence[int]) -> Callable[[int], type[ArticleError] | None]:
    """The provider fails for these articles."""
    return lambda number: NoReply if number in numbers else None


def rejected(numbers: Sequence[int]) -> Callable[[int], type[ArticleError] | None]:
    """What the model wrote for these articles is no draft."""
    return lambda number: DraftRejected if number in numbers else None

"""Engines around an engine: one that records what it drafts, one that drafts what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Literal

from agent.article import Article
from agent.engines import Drafted, Engine, FindFaults
from agent.errors import ArticleError
from evals.runs.rows import Row

drafted_now: ContextVar[list[Drafted]] = ContextVar("drafted_now")
"""Where the engine puts what it drafts within one task."""


class RecordingEngine:
    """Hands each draft to whoever set `drafted_now` in the task that asked for it."""

    def __init__(self, inner: Engine) -> None:
        self._inner = inner

    @property
    def name(self) -> Literal["llm", "extractive"]:
        """The inner engine's."""
        return self._inner.name

    @property
    def ingredients(self) -> Mapping[str, str]:
        """The inner engine's."""
        return self._inner.ingredients

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """What the inner engine drafts. Raises what it raises."""
        drafted = await self._inner.draft(article, find_faults)
        drafted_now.get().append(drafted)
        return drafted

    async def aclose(self) -> None:
        """Close the inner engine."""
        await self._inner.aclose()


class ReplayingEngine:
    """Drafts what one row holds."""

    def __init__(self, row: Row, name: Literal["llm", "extractive"], ingredients: Mapping[str, str]) -> None:
        self._row = row
        self.name: Literal["llm", "extractive"] = name
        self.ingredients = ingredients

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:  # noqa: ARG002  a record can't be asked again
        """The row's draft. Raises ArticleError where it holds none."""
        if self._row.trouble is not None:
            raise self._row.trouble.error(article.id)
        if self._row.drafted is None:
            raise ArticleError(article.id, "the run holds no draft of it, but its text would now be asked about; run it again")
        return self._row.drafted

    async def aclose(self) -> None:
        """Nothing is open."""

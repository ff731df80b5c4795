"""A scripted engine: enqueue what it shall answer, read what it was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from agent.article import Article
from agent.engines import Drafted, FindFaults
from agent.errors import NewscardError


class ScriptedEngine:
    """An Engine that answers what it was told to, in order, and fails loudly when it is asked for more."""

    name: Literal["llm", "extractive"] = "llm"

    def __init__(self, *outcomes: Drafted | NewscardError, ingredients: Mapping[str, str] | None = None) -> None:
        self._outcomes = deque(outcomes)
        self._ingredients = MappingProxyType(dict(ingredients or {"model": "scripted", "endpoint": "nowhere", "prompt": "card.v1@0"}))
        self.history: list[Article] = []
        """The articles it was asked about."""
        self.closed = False

    def enqueue(self, *outcomes: Drafted | NewscardError) -> None:
        """Answer these, after what is already there."""
        self._outcomes.extend(outcomes)

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Whatever it was made with."""
        return self._ingredients

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """The next outcome; the faults are looked for, as a real engine does."""
        self.history.append(article)
        self.closed = False
        assert self._outcomes, f"nothing is scripted for {article.id}"
        outcome = self._outcomes.popleft()
        if isinstance(outcome, NewscardError):
            raise outcome
        find_faults(outcome.draft)
        return outcome

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True

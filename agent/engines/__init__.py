"""Who drafts. An engine turns an article into a draft; everything it says is checked afterwards by others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from agent.article import Article
from agent.card import Finding, Usage
from agent.draft import Draft

FindFaults = Callable[[Draft], Sequence[Finding]]
"""The grounding checks, as an engine sees them: a draft's faults, or none."""


class Drafted(BaseModel):
    """A validated draft and what it took.

    `model` is the name the endpoint returned. `truncated`: the model saw only the beginning of the article.
    `usage` counts every attempt, the failed ones and the re-ask included. `price_share` of the list price was paid for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    draft: Draft
    usage: Usage = Usage()
    model: str | None = None
    truncated: bool = False
    reasked: bool = False
    price_share: float = 1.0


class DraftLater(Exception):
    """Not now: the article was asked about, and the answer will be there another time. Nothing is wrong, and nothing is lost."""


class Engine(Protocol):
    """One method that may cost money, and what decides its answer."""

    @property
    def name(self) -> Literal["llm", "extractive"]:
        """What provenance calls it."""
        ...

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Everything but the article that can change the answer: name -> value or digest. Part of the cache's key."""
        ...

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """Draft the article; a model is asked again at most once, with the faults named.

        Raises ArticleError when this article got no draft, EndpointError when no article can, BudgetExceeded before a call that
        the budget doesn't allow.
        """
        ...

    async def aclose(self) -> None:
        """Close connections. An engine lives within one event loop."""
        ...

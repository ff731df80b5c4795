"""The rows of a run: what one article got, once a repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.card import Usage
from agent.engines import Drafted
from agent.errors import ArticleError, NoReply


class Trouble(BaseModel):
    """Why there is no card. `provider`: the endpoint let us down, which says nothing of the engine; `engine`: what it wrote is no draft."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    whose: Literal["provider", "engine"]
    kind: str
    problem: str
    usage: Usage | None = None

    @classmethod
    def of(cls, error: ArticleError) -> Trouble:
        """The trouble that `error` tells of."""
        whose: Literal["provider", "engine"] = "provider" if isinstance(error, NoReply) else "engine"
        return cls(whose=whose, kind=type(error).__name__, problem=error.problem, usage=error.usage)

    def error(self, article_id: str) -> ArticleError:
        """The error again, for a replay."""
        return ArticleError(article_id, self.problem, usage=self.usage)


class Row(BaseModel):
    """One article, once. `drafted` is the reply; None with no trouble: no engine was asked, because the text says nothing.

    `cost_usd`, `elapsed_s` and `created_at` are what the card said when it was made, so that a replay says the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str
    sample: str
    repeat: int
    drafted: Drafted | None = None
    trouble: Trouble | None = None
    cost_usd: float | None = 0.0
    elapsed_s: float = 0.0
    created_at: datetime

    @property
    def key(self) -> tuple[str, str, int]:
        """What a run has one row of."""
        return self.data, self.sample, self.repeat

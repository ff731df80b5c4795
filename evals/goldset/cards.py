"""A gold card: an article, and what a card of it must say, may say, and within what range. The format stands in evals/gold/README.md."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from agent.article import Article
from agent.draft import EntityKind
from agent.taxonomy import SentimentLabel

FOLDER = Path(__file__).parent.parent / "gold"
Split = Literal["dev", "gate"]


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Gold):
    """What must be there, and what may be without reward or punishment."""

    must: list[str]
    may: list[str] = []


class GoldSentiment(_Gold):
    """The best label, and others that a careful reader could defend."""

    label: SentimentLabel
    accept: list[SentimentLabel] = []


class GoldEntity(_Gold):
    """An entity that a reader would expect on the card."""

    name: str
    aliases: list[str]
    kind: EntityKind
    tickers: list[str]
    sentiment: SentimentLabel
    accept: list[SentimentLabel] = []


class GoldImpact(_Gold):
    """Market impact 0..1 and the range within which it isn't an error."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class GoldJudgement(_Gold):
    """What the card of a financial article should say."""

    tickers: Choice
    topics: Choice
    sentiment: GoldSentiment
    entities: list[GoldEntity]
    market_impact: GoldImpact
    facts: list[list[str]]
    forbid: list[str] = []
    summary: str
    analysis: str

    @field_validator("facts", mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        # YAML reads a bare 2,9 or 737 as a number; a fact is a string of the summary.
        return [[str(way) for way in fact] for fact in value] if isinstance(value, list) else value


class GoldAbstention(_Gold):
    """The card of an article that has nothing to make a card from."""

    abstain: Literal[True]


class GoldArticle(_Gold):
    """The article as it is read."""

    title: str
    source: str | None
    published_at: datetime
    url: str | None
    text: str


class GoldCard(_Gold):
    """One file of evals/gold/."""

    id: str
    tags: list[str]
    article: GoldArticle
    card: GoldJudgement | GoldAbstention
    notes: str

    @property
    def judged(self) -> GoldJudgement | None:
        """The judgement; None where the right card abstains."""
        return self.card if isinstance(self.card, GoldJudgement) else None

    @property
    def split(self) -> Split:
        """`dev` to tune on, `gate` never to: a third of the cards, frozen by their ids."""
        return "gate" if int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 3 == 0 else "dev"

    def read(self) -> Article:
        """The article as an engine gets it."""
        return Article(id=self.id, **self.article.model_dump())


def load_gold(folder: Path = FOLDER) -> tuple[GoldCard, ...]:
    """All gold cards, by id. Raises pydantic's ValidationError for a file that isn't one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = (yaml.load(path.read_bytes(), Loader=loader) for path in sorted(folder.glob("*.yaml")))  # noqa: S506  both are safe loaders
    return tuple(map(GoldCard.model_validate, documents))

"""What an evaluation asks about: an article, and what is known of its right card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pydantic import TypeAdapter

from agent.article import Article
from evals.goldset import Choice, GoldEntity, GoldImpact, GoldSentiment, Split


@dataclass(frozen=True, slots=True)
class Gold:
    """What is known of the right card. None means that nothing is known of that field, so nothing can be scored there.

    `entities_complete`: an entity of the card that isn't here is an error. `abstain`: the right card says nothing.
    `facts`: each a list of ways to say it, any one of which counts. `forbid`: strings that may be nowhere on the card.
    `tickers_complete` False: the tickers are known in part, so one on the card that isn't here is no error.
    `topic_groups`: for sets with topics of their own, each of theirs as those of ours that carry it; any one of a group counts.
    `folded`: the labels don't tell strongly positive from positive, nor strongly negative from negative.
    """

    abstain: bool | None = None
    tickers: Choice | None = None
    tickers_complete: bool = True
    topics: Choice | None = None
    topic_groups: tuple[tuple[str, ...], ...] | None = None
    sentiment: GoldSentiment | None = None
    entities: tuple[GoldEntity, ...] | None = None
    entities_complete: bool = False
    impact: GoldImpact | None = None
    facts: tuple[tuple[str, ...], ...] | None = None
    forbid: tuple[str, ...] = ()
    summary: str | None = None
    analysis: str | None = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One article with its gold. `tags` slice the report; samples of one `cluster` (a story, an issuer's day) are not independent."""

    article: Article
    gold: Gold
    cluster: str
    tags: tuple[str, ...] = ()
    split: Split | None = field(default=None)

    @property
    def id(self) -> str:
        """The article's id, unique within a data set."""
        return self.article.id


def gold_digest(samples: Sequence[Sample]) -> str:
    """32 hex digits of sha256 over what is known of each sample, in order; articles have digests of their own."""
    golds = (f"{sample.id}\x1e{_gold().dump_json(sample.gold).decode()}" for sample in samples)
    return hashlib.sha256("\x1f".join(golds).encode()).hexdigest()[:32]


@cache
def _gold() -> TypeAdapter[Gold]:
    return TypeAdapter(Gold)

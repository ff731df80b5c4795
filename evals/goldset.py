"""`python -m evals.goldset`: reads the gold cards of evals/gold/, checks each, and prints how they are spread.

A gold card says what must be on a card, what may be, and within what range; the format stands in evals/gold/README.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from agent.article import Article
from agent.draft import EntityKind
from agent.taxonomy import SentimentLabel, load_taxonomy

FOLDER = Path(__file__).parent / "gold"
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


def lint(gold: GoldCard) -> Iterator[str]:
    """What is wrong with one gold card, a line each."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", gold.id):
        yield "the id isn't kebab case"
    if gold.article.published_at.utcoffset() is None:
        yield "published_at has no time zone"
    judged = gold.judged
    if judged is None:
        return
    text = f"{gold.article.title}\n{gold.article.text}"
    topics = {*judged.topics.must, *judged.topics.may}
    yield from (f"no topic {topic!r}" for topic in sorted(topics - {*load_taxonomy().topic_names}))
    if len(judged.topics.must) not in range(1, 7):
        yield "1 to 6 topics must be there"
    if not judged.market_impact.low <= judged.market_impact.value <= judged.market_impact.high:
        yield "the impact isn't within its own range"
    for entity in judged.entities:
        if not any(name in text for name in (entity.name, *entity.aliases)):
            yield f"{entity.name} isn't in the article"
    yield from (
        f"the reference itself says {bad!r}, which is forbidden" for bad in judged.forbid if bad in judged.summary + judged.analysis
    )
    summary = judged.summary.lower()
    missing = [fact for fact in judged.facts if not any(way.lower() in summary for way in fact)]
    yield from (f"no way to say {fact} is in the reference summary" for fact in missing)


def second_labelling(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Card id -> what the second labelling said, made from the article alone; `abstain` or labels, topics, tickers and impact levels."""
    labelled: dict[str, dict[str, Any]] = json.loads((folder / "second_labelling.json").read_bytes())
    return labelled


def agreement(golds: Sequence[GoldCard], second: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Shares 0..1 in which the two labellings agree, and the mean distance of their impacts (0..1)."""
    taxonomy = load_taxonomy()
    pairs = [(gold.judged, second[gold.id]) for gold in golds if gold.judged and not second[gold.id]["abstain"]]
    entities = [
        (entity, other["sentiment"])
        for card, said in pairs
        for entity in card.entities
        for other in said["entities"]
        if other["name"] in {entity.name, *entity.aliases}
    ]
    distances = [abs(card.market_impact.value - taxonomy.impact(said["levels"])) for card, said in pairs]
    return {
        "abstention": _share((gold.judged is None) == second[gold.id]["abstain"] for gold in golds),
        "overall label": _share(card.sentiment.label == said["sentiment"] for card, said in pairs),
        "overall label, accepted ones counted": _share(
            said["sentiment"] in {card.sentiment.label, *card.sentiment.accept} for card, said in pairs
        ),
        "entity label": _share(entity.sentiment == label for entity, label in entities),
        "entity label, accepted ones counted": _share(label in {entity.sentiment, *entity.accept} for entity, label in entities),
        "all tickers that must be there": _share({*card.tickers.must} <= {*said["tickers"]} for card, said in pairs),
        "no ticker beyond must and may": _share({*said["tickers"]} <= {*card.tickers.must, *card.tickers.may} for card, said in pairs),
        "all topics that must be there": _share({*card.topics.must} <= {*said["topics"]} for card, said in pairs),
        "impact within the range": _share(
            card.market_impact.low <= taxonomy.impact(said["levels"]) <= card.market_impact.high for card, said in pairs
        ),
        "mean distance of the impacts": sum(distances) / len(distances),
    }


def _share(answers: Iterable[bool]) -> float:
    counted = list(answers)
    return sum(counted) / len(counted)


def main() -> int:
    """Lint and count; 1 when a card has a fault."""
    golds = load_gold()
    faults = [f"{gold.id}: {fault}" for gold in golds for fault in lint(gold)]
    judged = [gold.judged for gold in golds if gold.judged]
    out = sys.stdout.write
    out(f"{len(golds)} gold cards: {dict(Counter(gold.split for gold in golds))}, {len(golds) - len(judged)} abstain\n")
    out(f"labels: {dict(Counter(card.sentiment.label for card in judged).most_common())}\n")
    out(f"tags: {dict(Counter(tag for gold in golds for tag in gold.tags).most_common())}\n")
    covered = {topic for card in judged for topic in card.topics.must}
    out(f"topics that must be on some card: {len(covered)} of {len(load_taxonomy().topics)}\n")
    out("the two labellings agree:\n")
    out("".join(f"  {value:5.2f}  {name}\n" for name, value in agreement(golds, second_labelling()).items()))
    out("".join(f"{fault}\n" for fault in faults) or "no fault found\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())

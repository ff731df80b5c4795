"""What the two labellings said before anybody compared them, and what was decided where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agent.taxonomy import Component, Level, SentimentLabel, load_taxonomy
from evals.goldset.cards import FOLDER, Choice, GoldCard, GoldJudgement


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelledEntity(_Record):
    """An entity under the labeller's own name for it."""

    name: str
    sentiment: SentimentLabel


class Labelling(_Record):
    """One labelling of one article, as made. The second names topics and tickers only, the first also those that may be there."""

    abstain: bool
    sentiment: SentimentLabel | None = None
    entities: list[LabelledEntity] = []
    levels: dict[Component, Level] | None = None
    impact: float | None = None
    tickers: list[str] = []
    may_tickers: list[str] = []
    topics: list[str] = []
    may_topics: list[str] = []

    @property
    def rated(self) -> float:
        """The market impact 0..1, as given or as the levels make it."""
        return self.impact if self.levels is None else load_taxonomy().impact(self.levels)  # type: ignore[return-value]  # one of both is there


Ruling = SentimentLabel | Choice | list[str] | float | bool | None


class Adjudication(_Record):
    """A difference and its end. `decision` is what the card now has.

    `field` is abstain, sentiment, tickers, topics, impact or `entity: NAME`.

    `second` is None where only the first labelling named an entity and its label was changed to match a decision beside it.
    """

    card: str
    field: str
    first: Ruling
    second: Ruling
    decision: Ruling
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a card on which the labellings differ, and what the card has there now."""

    field: str
    now: Ruling


def first_labelling(folder: Path = FOLDER) -> dict[str, Labelling]:
    """Card id -> the first labelling, as it was before adjudication."""
    return _labelled(folder / "first_labelling.json")


def second_labelling(folder: Path = FOLDER) -> dict[str, Labelling]:
    """Card id -> the second labelling, made from the article alone."""
    return _labelled(folder / "second_labelling.json")


def adjudications(folder: Path = FOLDER) -> list[Adjudication]:
    """Every decision on a difference, by card."""
    return TypeAdapter(list[Adjudication]).validate_json((folder / "adjudication.json").read_bytes())


def same_entities(card: GoldJudgement, first: Labelling, second: Labelling) -> Iterator[tuple[str, SentimentLabel, SentimentLabel]]:
    """Name, first and second label of each entity that both labellings named; the card's aliases tell that two names mean one."""
    labels = {entity.name: entity.sentiment for entity in first.entities}
    for entity in card.entities:
        theirs = {other.sentiment for other in second.entities if other.name in {entity.name, *entity.aliases}}
        yield from ((entity.name, labels[entity.name], label) for label in sorted(theirs) if entity.name in labels)


def differences(gold: GoldCard, first: Labelling, second: Labelling) -> Iterator[Difference]:
    """Where the labellings of one card differ: in a label, in what must or may be there, in an impact outside the range, in abstaining."""
    card = gold.judged
    if first.abstain != second.abstain:
        yield Difference("abstain", card is None)
    if card is None or first.abstain or second.abstain:
        return
    if first.sentiment != second.sentiment:
        yield Difference("sentiment", card.sentiment.label)
    now = {entity.name: entity.sentiment for entity in card.entities}
    unlike = {name for name, one, other in same_entities(card, first, second) if one != other}
    yield from (Difference(f"entity: {name}", now[name]) for name in sorted(unlike))
    for field, must, may, said, choice in (
        ("tickers", first.tickers, first.may_tickers, second.tickers, card.tickers),
        ("topics", first.topics, first.may_topics, second.topics, card.topics),
    ):
        if not {*must} <= {*said} <= {*must, *may}:
            yield Difference(field, choice)
    if not card.market_impact.low <= second.rated <= card.market_impact.high:
        yield Difference("impact", card.market_impact.value)


def _labelled(path: Path) -> dict[str, Labelling]:
    return {card: Labelling.model_validate(said) for card, said in json.loads(path.read_bytes()).items()}

"""Entities and the sentiment of each against gold. Labels are compared on matched entities; those missed stay in recall."""

from __future__ import annotations

from collections import Counter

from agent.card import Card, Entity
from evals.aggregates.columns import SEPARATOR
from evals.goldset import GoldEntity
from evals.samples import Sample
from evals.scorers.matching import matched
from evals.scorers.sentiment import judged
from evals.scores import Score

NO_GOLD = "no gold for entities"
MARKET_KINDS = frozenset({"public company", "private company", "fund", "index"})
"""Kinds that sets with all their entities labelled label without exception; people, countries and offices they leave out."""


def score_entity_recall(card: Card, sample: Sample) -> Score:
    """Share of gold's entities that are on the card. Counts: `found`, `expected`, and the names under `hit` and `missed`."""
    gold = sample.gold.entities
    if not gold:
        return Score(None, NO_GOLD if gold is None else "no entity is expected")
    found = _matched(card, sample, gold)
    names = [entity.name for _, entity in found]
    counts: dict[str, float | str] = {
        "found": float(len(found)),
        "expected": float(len(gold)),
        "hit": SEPARATOR.join(names),
        "missed": SEPARATOR.join(entity.name for entity in gold if entity.name not in names),
    }
    return Score(len(found) / len(gold), counts=counts)


def score_entity_precision(card: Card, sample: Sample) -> Score:
    """Share of the card's companies, funds and indices that gold has, where gold has all of them. Counts: `found`, `said`."""
    gold = sample.gold.entities
    if gold is None:
        return Score(None, NO_GOLD)
    if not sample.gold.entities_complete:
        return Score(None, "its gold doesn't list every entity")
    right = {entity.name for entity, _ in _matched(card, sample, gold)}
    said = [entity.name for entity in card.entities if entity.kind in MARKET_KINDS]
    if not said:
        return Score(None, "no company, fund or index is on the card")
    found = sum(name in right for name in said)
    return Score(found / len(said), counts={"found": float(found), "said": float(len(said))})


def score_entity_sentiment(card: Card, sample: Sample) -> Score:
    """Share of the matched entities whose label is accepted.

    Counts: `matched`, sums of `accepted`, `exact` and `steps` over them, and how often each pair of gold and card label occurs.
    """
    gold = sample.gold.entities
    if gold is None:
        return Score(None, NO_GOLD)
    found = _matched(card, sample, gold)
    if not found:
        return Score(None, "the card abstained" if card.status == "abstained" else "no entity matches one of gold")
    total: Counter[str] = Counter(matched=len(found))
    for entity, expected in found:
        total.update({key: int(float(value)) for key, value in _judged(entity, expected, sample).items()})
    return Score(total["accepted"] / len(found), counts={key: float(count) for key, count in total.items()})


def score_split_card(card: Card, sample: Sample) -> Score:
    """1 where all entities of a card with opposite sentiments are there with an accepted label; only such cards are scored."""
    gold = sample.gold.entities
    if gold is None:
        return Score(None, NO_GOLD)
    if not {"positive", "negative"} <= {entity.sentiment.rpartition(" ")[2] for entity in gold}:
        return Score(None, "its entities have no opposite sentiments")
    found = _matched(card, sample, gold)
    right = len(found) == len(gold) and all(_judged(entity, expected, sample)["accepted"] for entity, expected in found)
    return Score(float(right))


def _judged(entity: Entity, expected: GoldEntity, sample: Sample) -> dict[str, float | str]:
    return judged(entity.sentiment.label, expected.sentiment, expected.accept, folded=sample.gold.folded)


def _matched(card: Card, sample: Sample, gold: tuple[GoldEntity, ...]) -> list[tuple[Entity, GoldEntity]]:
    published = sample.article.published_at
    return matched(card.entities, gold, published.date() if published else None)

"""Market impact (0..1) against gold's value and range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.card import Card
from evals.aggregates import bin_of
from evals.samples import Sample
from evals.scores import Score

BINS = 5
"""Of what the cards say, each a fifth of the scale wide."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Cards that say an impact from `low` (included) to `high` (included in the last bin alone): how many, and both means."""

    low: float
    high: float
    cards: int
    said: float
    gold: float


def score_impact_in_range(card: Card, sample: Sample) -> Score:
    """1 where the impact lies within gold's range, both ends included."""
    return _scored(card, sample, "inside")


def score_impact_distance(card: Card, sample: Sample) -> Score:
    """Distance (0..1) from gold's value. Counts: `said`, `gold`, `inside`, `above` (signed distance)."""
    return _scored(card, sample, "distance")


def score_impact_bias(card: Card, sample: Sample) -> Score:
    """The impact less gold's value, -1..1."""
    return _scored(card, sample, "above")


def calibration(scores: Sequence[Score]) -> tuple[Bin, ...]:
    """The bins that hold cards, low to high, of scores that one of these scorers made."""
    import numpy as np

    scored = [score for score in scores if score.value is not None]
    said, gold = (np.array([score.counts[key] for score in scored], float) for key in ("said", "gold"))
    inside = bin_of(said, BINS)
    held = ((place, inside == place) for place in range(BINS))
    return tuple(
        Bin(place / BINS, (place + 1) / BINS, int(mask.sum()), float(said[mask].mean()), float(gold[mask].mean()))
        for place, mask in held
        if mask.any()
    )


def _scored(card: Card, sample: Sample, which: str) -> Score:
    gold = sample.gold.impact
    if gold is None:
        return Score(None, "no gold for the impact")
    if card.market_impact is None:
        return Score(None, "the card abstained")
    above = card.market_impact - gold.value
    inside = float(gold.low <= card.market_impact <= gold.high)
    counts = {"said": card.market_impact, "gold": gold.value, "inside": inside, "above": above, "distance": abs(above)}
    return Score(counts[which], counts=counts)

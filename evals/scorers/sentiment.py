"""The overall sentiment against gold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from agent.card import Card
from agent.taxonomy import SentimentLabel
from evals.aggregates.columns import pair
from evals.samples import Sample
from evals.scores import Score

LABELS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)
"""In order, from strongly negative to strongly positive; one step lies between neighbours."""


def score_sentiment(card: Card, sample: Sample) -> Score:
    """1 where the label is the best one or one of the accepted."""
    return _scored(card, sample, "accepted")


def score_sentiment_exact(card: Card, sample: Sample) -> Score:
    """1 where the label is the best one. Counts the pair of gold and card label, for the confusion matrix and what follows from it."""
    return _scored(card, sample, "exact")


def score_sentiment_distance(card: Card, sample: Sample) -> Score:
    """Steps (0..4) from the label to the nearest accepted one."""
    return _scored(card, sample, "steps")


def fold(label: SentimentLabel, *, folded: bool) -> SentimentLabel:
    """`label`; for gold of three classes, without "strongly"."""
    if not folded:
        return label
    return "negative" if label.endswith("negative") else "positive" if label.endswith("positive") else "neutral"


def judged(said: SentimentLabel, best: SentimentLabel, accept: Sequence[SentimentLabel], *, folded: bool) -> dict[str, float | str]:
    """How one label stands to gold: `accepted` and `exact` (0 or 1), `steps` (0..4), and the pair of labels, counted once."""
    said, best = fold(said, folded=folded), fold(best, folded=folded)
    right = {best, *(fold(label, folded=folded) for label in accept)}
    steps = min(abs(LABELS.index(said) - LABELS.index(label)) for label in right)
    return {"accepted": float(said in right), "exact": float(said == best), "steps": float(steps), pair(best, said): 1.0}


def _scored(card: Card, sample: Sample, which: str) -> Score:
    gold = sample.gold.sentiment
    if gold is None:
        return Score(None, "no gold for the overall sentiment")
    if card.sentiment is None:
        return Score(None, "the card abstained")
    counts = judged(card.sentiment.label, gold.label, gold.accept, folded=sample.gold.folded)
    return Score(float(counts[which]), counts=counts)

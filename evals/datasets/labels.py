"""Labels of three classes on our five: strongly positive is a positive too, strongly negative a negative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from agent.taxonomy import SentimentLabel
from evals.goldset import GoldSentiment

Polarity = Literal["negative", "neutral", "positive"]

_STRONGER: Mapping[Polarity, list[SentimentLabel]] = {
    "negative": ["strongly negative"],
    "neutral": [],
    "positive": ["strongly positive"],
}


def gold_label(labels: Iterable[Polarity]) -> GoldSentiment:
    """The label given most often, the first of them where several are; the others and the stronger forms of all are accepted."""
    counted = Counter(labels)
    best = max(counted, key=lambda label: counted[label])
    others: list[SentimentLabel] = [label for label in counted if label != best]
    return GoldSentiment(label=best, accept=[*others, *(strong for label in counted for strong in _STRONGER[label])])


def are_opposite(labels: Iterable[str]) -> bool:
    """Whether one of `labels` is on the positive side and one on the negative."""
    held = {label.rpartition(" ")[2] for label in labels}
    return {"positive", "negative"} <= held

"""VADER: C. J. Hutto and E. Gilbert, "VADER: a parsimonious rule-based model for sentiment analysis of social media text", ICWSM 2014."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from agent.taxonomy import SentimentLabel

THRESHOLD = 0.05
"""The authors' own, of -1..1."""


def vader_label(text: str) -> SentimentLabel:
    """The label of a text."""
    compound = _analyzer().polarity_scores(text)["compound"]
    return "positive" if compound >= THRESHOLD else "negative" if compound <= -THRESHOLD else "neutral"


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()

"""Sentiment labels from tones: for the whole article and for each entity, with the words that decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.draft import DraftSentiment
from agent.engines.extractive.tones import Tone
from agent.taxonomy import SentimentLabel

LEANING = 0.2
"""Least balance, of -1..1, that isn't neutral."""
STRONG = 0.55
STRONG_WEIGHT = 5.0
"""A strong label takes a balance beyond STRONG and tones of this weight together: one word alone is no strong case."""
DAMPING_OVERALL, DAMPING_ENTITY = 2.0, 1.0
SHOWN = 4


def overall(tones: Sequence[Tone]) -> DraftSentiment:
    """The sentiment of all tones together."""
    return DraftSentiment(label=_label(tones, DAMPING_OVERALL), reason=_reason(tones, "in the article"))


def of_entity(tones: Sequence[Tone]) -> DraftSentiment:
    """The sentiment of one entity; `tones` are those that concern it."""
    return DraftSentiment(label=_label(tones, DAMPING_ENTITY), reason=_reason(tones, "near it"))


def _label(tones: Sequence[Tone], damping: float) -> SentimentLabel:
    good = sum(tone.value for tone in tones if tone.value > 0)
    bad = -sum(tone.value for tone in tones if tone.value < 0)
    balance = (good - bad) / (good + bad + damping)
    strong = abs(balance) >= STRONG and max(good, bad) >= STRONG_WEIGHT
    if abs(balance) < LEANING:
        return "neutral"
    if balance > 0:
        return "strongly positive" if strong else "positive"
    return "strongly negative" if strong else "negative"


def _reason(tones: Sequence[Tone], where: str) -> str:
    good, bad = _words(tone for tone in tones if tone.value > 0), _words(tone for tone in tones if tone.value < 0)
    if not good and not bad:
        return f"no positive or negative words {where}"
    if bad:
        return f"negative words {where}: {bad}; positive: {good or 'none'}"
    return f"positive words {where}: {good}; negative: none"


def _words(tones: Iterable[Tone]) -> str:
    """The weightiest words first, each once."""
    ordered = sorted(tones, key=lambda tone: -abs(tone.value))
    return ", ".join(list(dict.fromkeys(" ".join(tone.words.split()) for tone in ordered))[:SHOWN])

"""The sentiment of the whole article from its tones, with the words that decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.draft import DraftSentiment
from agent.engines.extractive.tones import Tone
from agent.taxonomy import SentimentLabel

LEANING = 0.1
"""Least balance, of -1..1, that isn't neutral."""
STRONG = 0.5
STRONG_WEIGHT = 10.0
"""A strong label takes a balance beyond STRONG and tones of this weight together: a few words are no strong case."""
DAMPING_OVERALL, DAMPING_ENTITY = 2.0, 1.0
SHOWN = 4
LABELS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")
"""The three that a classifier tells apart, in the order of its scores."""


def overall(tones: Sequence[Tone]) -> DraftSentiment:
    """The sentiment of all tones together."""
    return DraftSentiment(label=_label(tones), reason=_reason(tones, "in the article"))


def weigh(tones: Sequence[Tone]) -> tuple[float, float]:
    """Weight of good tones and of bad ones, both 0 or more."""
    return sum(tone.value for tone in tones if tone.value > 0), -sum(tone.value for tone in tones if tone.value < 0)


def balance(good: float, bad: float, damping: float = DAMPING_ENTITY) -> float:
    """-1 (all bad) to 1, nearer to 0 where little was heard."""
    return (good - bad) / (good + bad + damping)


def _label(tones: Sequence[Tone]) -> SentimentLabel:
    good, bad = weigh(tones)
    leaning = balance(good, bad, DAMPING_OVERALL)
    strong = abs(leaning) >= STRONG and max(good, bad) >= STRONG_WEIGHT
    if abs(leaning) < LEANING:
        return "neutral"
    if leaning > 0:
        return "strongly positive" if strong else "positive"
    return "strongly negative" if strong else "negative"


def reason_of(label: SentimentLabel, tones: Sequence[Tone]) -> str | None:
    """The lexicon's words near an entity; None where they don't tell why it has this label."""
    good, bad = weigh(tones)
    if not (good or bad) or (label.endswith("positive") and not good) or (label.endswith("negative") and not bad):
        return None
    return _reason(tones, "near it") + ("; the sentences that name it decide for neither" if label == "neutral" else "")


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

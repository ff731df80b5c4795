"""A figure beside the one of before, or beside what was expected: `profit was $9 million, compared with $12 million`.

Whether that is good news no word tells, only the two figures and what they count. A loss is a profit below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit, Terms, split
from agent.engines.extractive.vocabulary import Word

WEIGHT = 1.5
BEFORE, AFTER = 16, 7
"""How many tokens before the comparison what is counted may stand, and behind it the other figure."""

_PHRASES = (
    "compared with, compared to, in comparison with, versus, vs, up from, down from, against, from, expected, had expected, forecast of, "
    "estimate of, estimates of, expectations of"
)
_UNITS = {"thousand": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "million": 1e6, "bn": 1e9, "bln": 1e9, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%|[a-z]+)?$")
_PER_CENT = frozenset({"percent", "pct", "%"})
_LOSSES = frozenset({"loss", "losses", "negative", "minus"})
_GAINS = frozenset({"profit", "profits", "earnings", "income", "gain"})


class Compared(NamedTuple):
    """`better`: 1 or -1. `mover`: what is counted. `first` to `last` (exclusive): the tokens that speak of before, comparison included."""

    better: int
    mover: Hit[Word]
    first: int
    last: int

    @property
    def polar(self) -> tuple[int, int]:
        """The tokens of what is counted, where its name alone sounds good or bad (loss); else none."""
        return (self.mover.first, self.mover.last) if self.mover.value.polar else (0, 0)


class _Figure(NamedTuple):
    value: float
    unit: str
    token: int


def comparisons(reading: Reading, sentence: Sentence, hits: Sequence[Hit[Word]]) -> Iterator[Compared]:
    """The comparisons of a sentence, in order; `hits` are the lexicon's words in it."""
    if not any(hit.value.mover for hit in hits):
        return
    begin = sentence.first
    for hit in reading.hits(_phrases(), sentence):
        found = _compared(reading, begin, sentence.last, hit, hits)
        if found:
            yield found
            begin = found.last


def _compared(reading: Reading, begin: int, stop: int, phrase: Hit[str], hits: Sequence[Hit[Word]]) -> Compared | None:
    near = [hit for hit in hits if hit.value.mover and begin <= hit.first and hit.last <= phrase.first <= hit.last + BEFORE]
    before = next(_figures(reading, phrase.last, min(stop, phrase.last + AFTER)), None)
    if not near or before is None:
        return None
    for mover in reversed(near):
        now = next((figure for figure in _figures(reading, mover.last, phrase.first) if figure.unit == before.unit), None)
        if now:
            better = _better(reading, mover, (now, before), phrase)
            return Compared(better, mover, phrase.first, before.token + 1) if better else None
    return None


def _better(reading: Reading, mover: Hit[Word], figures: tuple[_Figure, _Figure], phrase: Hit[str]) -> int:
    """1, -1, or 0 where both are the same."""
    now, before = figures
    words = reading.words
    lost = not _LOSSES.isdisjoint(words[mover.first : now.token])
    between = words[phrase.last : before.token]
    lost_before = not _LOSSES.isdisjoint(between) or (lost and _GAINS.isdisjoint(between))
    change = (-now.value if lost else now.value) - (-before.value if lost_before else before.value)
    # Losses are counted below zero already; of all else that is bad, more is worse.
    sign = 1 if lost or lost_before or mover.value.mover > 0 else -1
    return sign * ((change > 0) - (change < 0))


def _figures(reading: Reading, first: int, last: int) -> Iterator[_Figure]:
    """The figures in some tokens; years and days aside."""
    for token in range(first, last):
        match = _NUMBER.match(reading.words[token])
        if match is None or (match[3] or "") not in {"", "%", *_UNITS}:
            continue
        following = reading.words[token + 1] if token + 1 < len(reading.words) else ""
        unit = match[3] or following
        if unit in _PER_CENT:
            yield _Figure(_value(match), "%", token)
        elif unit in _UNITS:
            yield _Figure(_value(match) * _UNITS[unit], "", token)
        elif match[2] or "," in match[1] or reading.text[reading.starts[token] - 1 : reading.starts[token]] in {"$", "€", "£"}:
            yield _Figure(_value(match), "", token)


def _value(match: re.Match[str]) -> float:
    return float(match[1].replace(",", "") + (match[2] or ""))


@lru_cache(maxsize=1)
def _phrases() -> Terms[str]:
    return Terms((split(phrase), phrase) for phrase in _PHRASES.split(", "))

"""Of which time a figure is, and what a change is counted from: "3.9% on the month" where the article says "3.9% from a year earlier".

Told only where the card names a time right behind the figure, the article names one of its sort there, too, and nowhere that one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from agent.grounding.numbers.figures import MEASURES, Figure
from agent.grounding.numbers.source import Source


class Time(NamedTuple):
    """A month, a quarter, or how long before its own the time is that a change is counted from; times of one sort can be another."""

    sort: str
    name: str


Read = Callable[[str, Figure, Sequence[Figure]], Time | None]
"""What a text in lower case tells of the time of a figure, given all its figures."""

_REACH = 60
"""How many characters may part a figure from the words for what it is counted from."""
_MOST = 3
"""A figure that the article has more often is told there of more than one thing."""
_CHANGES: frozenset[str] = frozenset({"percent", "points"})
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_FROM = r"(?:from|than(?: (?:in|for|during))?|compared (?:with|to)|against|versus|on|over|below|above|of) "
_ONE = r"(?:a|an|the|one|that|its|their|the same|the corresponding|the comparable) "
_BEFORE = r"(?:earlier|ago|before|previously)"
_COUNTED_FROM = re.compile(
    rf"\b(?:(?P<on>week|month|quarter|year)(?:[- ](?:on|over)[- ]|-to-)(?P=on)\b|on (?:the|a) (?P<on_the>week|month|quarter|year)\b"
    rf"|(?P<letters>y/y|yoy|q/q|qoq|m/m|mom)\b|(?P<sequential>sequentially\b)"
    rf"|(?:{_FROM})?{_ONE}(?:[a-z]+ )?(?P<ago>week|month|quarter|year) {_BEFORE}\b|{_FROM}last (?P<last>week|month|quarter|year)\b"
    rf"|{_FROM}(?:the |its |their )?(?:previous|prior|preceding) (?P<previous>week|month|quarter|year)\b"
    rf"|{_FROM}the (?:first|second|third|fourth)(?P<numbered> quarter\b(?! of)|(?=[.,;]|$| and\b| but\b))"
    rf"|{_FROM}(?P<month>{_MONTHS})\b(?! \d))"
)
_TOLD_AS = {"sequential": "quarter", "numbered": "quarter", "month": "month"}
_BY_LETTER = {"y": "year", "q": "quarter", "m": "month", "w": "week"}
_OF = re.compile(
    rf"[a-z -]{{0,25}}? (?:in|during|for|of) (?:the )?(?:fiscal )?"
    rf"(?:(?P<month>{_MONTHS})|(?P<quarter>first|second|third|fourth)[ -]quarter)\b"
)
"""Which month or quarter a figure is of."""
_ENDS = re.compile(r"[.;!?](?=\s)|\n")
_OF_LAST_YEAR = re.compile(r" (?:of )?(?:last year|the (?:previous|prior) year|a year (?:ago|earlier|before)|\d{4})\b")
"""Behind a quarter or month: it is the one of the year before."""


def of_another_time(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[Figure]:
    """Those of the figures `stated` in a prose in lower case that it tells of another month or quarter than the article does."""
    return _of_another(lower, stated, source, _time_behind)


def counted_from_another(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[Figure]:
    """The changes among them that it counts from another time than the article does."""
    return _of_another(lower, stated, source, _base_behind)


def _of_another(lower: str, stated: Sequence[Figure], source: Source, read: Read) -> Iterator[Figure]:
    measured = [figure for figure in stated if figure.readings[0].kind in MEASURES]
    for figure in measured:
        time = read(lower, figure, measured)
        # A figure in words isn't looked for among the article's words where it has one like it in digits.
        if time is None or not any(map(str.isdecimal, lower[figure.start : figure.end])):
            continue
        places = source.occurrences(figure)
        told = {read(source.lower, place, source.figures) for place in places[: _MOST + 1]}
        if len(places) <= _MOST and time not in told and any(other is not None and other.sort == time.sort for other in told):
            yield figure


def _time_behind(lower: str, figure: Figure, figures: Sequence[Figure]) -> Time | None:
    """The month or quarter that stands right behind a figure, and before the next of `figures`."""
    match = _OF.match(lower, figure.end, _end_behind(lower, figure, figures))
    if match is None:
        return None
    return Time("month", match["month"]) if match["month"] else Time("quarter", match["quarter"])


def _base_behind(lower: str, figure: Figure, figures: Sequence[Figure]) -> Time | None:
    """How long before its own the time is that a change is counted from, by the words behind it and before the next of `figures`."""
    if figure.readings[0].kind not in _CHANGES:
        return None
    match = _COUNTED_FROM.search(lower, figure.end, _end_behind(lower, figure, figures))
    if match is None:
        return None
    if _OF_LAST_YEAR.match(lower, match.end()) is not None:
        return Time("base", "year")
    kind = match.lastgroup or "on"
    return Time("base", _TOLD_AS.get(kind) or _BY_LETTER[match[kind][0]])


def _end_behind(lower: str, figure: Figure, figures: Sequence[Figure]) -> int:
    """Where the words end that stand behind a figure: with the sentence, and before the next of `figures`."""
    at = bisect_right(figures, figure.end, key=_start)
    end = min(len(lower), figure.end + _REACH, *(following.start for following in figures[at : at + 1]))
    ends = _ENDS.search(lower, figure.end, end)
    return ends.start() if ends is not None else end


def _start(figure: Figure) -> int:
    return figure.start

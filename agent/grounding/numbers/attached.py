"""What stands right beside a figure, told otherwise: "3.9% on the month" where the article says "3.9% from a year earlier".

That is its month or quarter, what a change is counted from, its unit, and whether it is net, gross or operating. Told only where the card
has one of them beside the figure, the article has another of its sort there, too, and nowhere that one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from agent.grounding.numbers.figures import MEASURES, Figure
from agent.grounding.numbers.qualified import kind_beside
from agent.grounding.numbers.source import Source

Sort = Literal["month", "quarter", "base", "span of time", "goods", "energy", "kind"]


class Attached(NamedTuple):
    """A month, a quarter, how long ago the time is that a change is counted from, a unit or a kind; one may be told for its like."""

    sort: Sort
    name: str


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
_UNIT = re.compile(
    r"[ -](?:(?P<span>minute|hour|day|week|month|year)s?"
    r"|(?:an? |per |of )?(?:metric |troy )?(?P<goods>tonne|ton|ounce|barrel|bushel|pound|gallon|litre|liter|carat)s?"
    r"|(?P<energy>(?:kilo|mega|giga|tera)watt)s?)\b"
)
_SAME_GOODS = {"tonne": "ton", "liter": "litre"}
_CONVERTED = frozenset({7.0, 12.0, 24.0, 30.0, 48.0, 52.0, 60.0, 90.0})
"""Spans of time that are told as a week, a day, a year just as well."""
_TIMES = (
    *_MONTHS.split("|"),
    "week",
    "month",
    "quarter",
    "year",
    "the first",
    "the second",
    "the third",
    "the fourth",
    "y/y",
    "q/q",
    "m/m",
    "yoy",
    "qoq",
    "mom",
    "sequentially",
)
"""One is in all words for a time; "the third" may be a quarter."""
_OF_GROWTH = ("faster ", "slower ", "stronger ", "weaker ", "better ", "worse ")
"""What "than a year earlier" compares behind one of these is how much something grew."""
_ENDS = re.compile(r"[.;!?](?=\s)|\n")
_OF_LAST_YEAR = re.compile(r" (?:of )?(?:last year|the (?:previous|prior) year|a year (?:ago|earlier|before)|\d{4})\b")
"""Behind a quarter or month: it is the one of the year before."""


def told_otherwise(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[tuple[Sort, Figure]]:
    """Those of the figures `stated` in a prose in lower case beside which the article has another of that sort."""
    measured = [figure for figure in stated if figure.readings[0].kind in MEASURES]
    for figure in measured:
        # A figure in words isn't looked for among the article's words where it has one like it in digits.
        if not any(map(str.isdecimal, lower[figure.start : figure.end])):
            continue
        attached = _beside(lower, figure, measured)
        places = source.occurrences(figure) if attached else []
        if 0 < len(places) <= _MOST:
            there = {each for place in places for each in _beside(source.lower, place, source.figures)}
            sorts = {each.sort for each in there}
            yield from ((each.sort, figure) for each in attached if each.sort in sorts and each not in there)


def _beside(lower: str, figure: Figure, figures: Sequence[Figure]) -> list[Attached]:
    """What stands beside a figure, before the next of `figures` and the sentence's end."""
    kind = kind_beside(lower, figure)
    found = [Attached("kind", kind)] if kind is not None else []
    ahead = lower[figure.end : figure.end + _REACH]
    may_be_time = any(map(ahead.__contains__, _TIMES))
    if may_be_time or _UNIT.match(ahead) is not None:
        end = _end_behind(lower, figure, figures)
        read = (_unit, _time, _base) if may_be_time else (_unit,)
        found += [attached for each in read if (attached := each(lower, figure, end)) is not None]
    return found


def _unit(lower: str, figure: Figure, end: int) -> Attached | None:
    match = _UNIT.match(lower, figure.end, end)
    if match is None or (match["span"] and figure.readings[0].value in _CONVERTED):
        return None
    if match["span"]:
        return Attached("span of time", match["span"])
    if match["energy"]:
        return Attached("energy", match["energy"])
    return Attached("goods", _SAME_GOODS.get(match["goods"], match["goods"]))


def _time(lower: str, figure: Figure, end: int) -> Attached | None:
    match = _OF.match(lower, figure.end, end)
    if match is None:
        return None
    return Attached("month", match["month"]) if match["month"] else Attached("quarter", match["quarter"])


def _base(lower: str, figure: Figure, end: int) -> Attached | None:
    if figure.readings[0].kind not in _CHANGES:
        return None
    comma = lower.find(",", figure.end, end)  # behind it growth is compared, or something else is told
    match = _COUNTED_FROM.search(lower, figure.end, end if comma < 0 else comma)
    if match is None or lower.endswith(_OF_GROWTH, figure.end, match.start()) or lower.startswith("'s", match.end()):
        return None
    if _OF_LAST_YEAR.match(lower, match.end()) is not None:
        return Attached("base", "year")
    kind = match.lastgroup or "on"
    return Attached("base", _TOLD_AS.get(kind) or _BY_LETTER[match[kind][0]])


def _end_behind(lower: str, figure: Figure, figures: Sequence[Figure]) -> int:
    """Where the words end that stand behind a figure: with the sentence, and before the next of `figures`."""
    at = bisect_right(figures, figure.end, key=_start)
    end = min(len(lower), figure.end + _REACH, *(following.start for following in figures[at : at + 1]))
    ends = _ENDS.search(lower, figure.end, end)
    return ends.start() if ends is not None else end


def _start(figure: Figure) -> int:
    return figure.start

"""Quarters, half-years, fiscal years and days: figures that tell when, not how much."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.numbers.figures import Figure, Reading
from agent.grounding.numbers.units import Kind

_ORDINALS = {"first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "1st": 1.0, "2nd": 2.0, "3rd": 3.0, "4th": 4.0}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?"
    r"|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
# The text is lower-case. Each pattern begins with a rare literal or a digit, which the engine finds quickly; what stands before it
# is looked at afterwards.
_PERIOD = re.compile(r"quarter\b|half\b|[qh][1-4](?!\d)|[1-4][qh](?=\d\d\b|\b)")
_ORDINAL_BEFORE = re.compile(r"\b(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)[- ](?:fiscal[- ])?$")
_YEAR = re.compile(r"'?(?P<year>(?:20)?\d\d)\b(?![.,]\d|%)(?!')")
_FISCAL_BEFORE = re.compile(r"(?:\b(?:fy|fiscal|fiscal year|[1-4]q|q[1-4]|[12]h|h[12])[ -]?|(?:^|[\s(])(?='))$")
_DAY = re.compile(rf"(?<![\d.,$])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,]\d|%)(?:(?: of)? {_MONTH}(?!\w))?")
_MONTH_BEFORE = re.compile(rf"\b{_MONTH} $")
_CENTURY = 2000
_LOOK_BACK = 16


def calendar_figures(text: str) -> list[Figure]:
    """The quarters, halves, fiscal years and days of `text`, in lower case."""
    return [*_periods(text), *_fiscal_years(text), *_days(text)]


def _periods(text: str) -> Iterator[Figure]:
    for match in _PERIOD.finditer(text):
        start, end = match.span()
        word = match.group()
        if word in {"quarter", "half"}:
            before = _ORDINAL_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
            if before is None:
                continue
            start, value = before.start(), _ORDINALS[before["ordinal"]]
        elif text[start - 1 : start].isalnum():
            continue
        else:
            value = float(word.strip("qh"))
        kind: Kind = "half" if "h" in word.removeprefix("quarter") else "quarter"
        yield Figure(start, end, (Reading(kind, value, 1.0),))


def _fiscal_years(text: str) -> Iterator[Figure]:
    for match in _YEAR.finditer(text):
        before = _FISCAL_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
        if before is not None:
            year = float(match["year"])
            yield Figure(before.start(), match.end(), (Reading("year", year if year >= _CENTURY else _CENTURY + year, 1.0),))


def _days(text: str) -> Iterator[Figure]:
    for match in _DAY.finditer(text):
        start, month = match.start(), match["month"]
        if text[start - 1 : start] == " " and (before := _MONTH_BEFORE.search(text, max(0, start - _LOOK_BACK), start)) is not None:
            yield Figure(before.start(), match.end("day"), (_date(before["month"], match["day"]),))
        elif month is not None:
            yield Figure(start, match.end(), (_date(month, match["day"]),))


def _date(month: str, day: str) -> Reading:
    return Reading("date", 100.0 * (_MONTHS.index(month[:3]) + 1) + int(day), 1.0)

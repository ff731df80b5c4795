"""Quarters, half-years, fiscal years and days: figures that tell when, not how much."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.numbers.figures import Figure, Reading
from agent.grounding.numbers.units import Kind

_ORDINALS = {"first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "1st": 1.0, "2nd": 2.0, "3rd": 3.0, "4th": 4.0}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?"
    r"|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
# The text is lower-case. Digits and the words "quarter" and "half" are found first, which is fast; what stands around them says
# whether they are a time.
_PERIOD = re.compile(r"\d(?:(?<=[qh].)|(?=[qh]))(?<!\d.)(?!\d)")
_MARKED = tuple(written for letter in "qh" for digit in "1234" for written in (letter + digit, digit + letter))
_YEAR = re.compile(r"\d(?:(?<=[ylrqh'].)|(?<=[ylrqh1234'][ -].))(?:\d{3}|\d)(?!\d)")
_DAY = re.compile(r"\d(?<![\d.,$].)\d?(?!\d)")
_ORDINAL_BEFORE = re.compile(r"\b(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)[- ](?:fiscal[- ])?$")
_FISCAL_BEFORE = re.compile(r"(?:\b(?:fy|fiscal|fiscal year|[1-4]q|q[1-4]|[12]h|h[12])[ -]?'?|(?:^|[\s(])')$")
_NO_YEAR_AFTER = re.compile(r"[.,]\d|%|'|\w")
_NO_DAY_AFTER = re.compile(r"[.,]\d|%|\w")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
_MONTH_AFTER = re.compile(rf"(?: of)? {MONTH}(?!\w)")
_MONTH_BEFORE = re.compile(rf"\b{MONTH} $")
# Each is asked before a pattern is tried, by the one character that the pattern needs there; most figures are no times.
_NO_DAY_NEXT = frozenset("%_abcdefghijklmnopqrstuvwxyz")
_SUFFIX_STARTS = frozenset("snrt")
_MONTH_ENDS = frozenset("nbrhlyegtpv.c")
_MONTH_STARTS = frozenset("jfmasondo")
_CENTURY = 2000
CALENDAR: tuple[Kind, ...] = ("quarter", "half", "year", "date")
"""The kinds that are read here."""
_LOOK_BACK = 16


def calendar_figures(text: str) -> list[Figure]:
    """The quarters, halves, fiscal years and days of `text`, in lower case."""
    return [*periods(text), *fiscal_years(text), *days(text)]


def periods(text: str) -> Iterator[Figure]:
    """The quarters and halves. Linear in the text's length, as the others are."""
    yield from _in_words(text, "quarter", "quarter")
    yield from _in_words(text, "half", "half")
    if any(map(text.__contains__, _MARKED)):
        for match in _PERIOD.finditer(text):
            yield from _period(text, *match.span())


def _in_words(text: str, word: str, kind: Kind) -> Iterator[Figure]:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        before = _ORDINAL_BEFORE.search(text, max(0, at - _LOOK_BACK), at)
        if before is not None and not text[end : end + 1].isalnum():
            yield Figure(before.start(), end, (Reading(kind, _ORDINALS[before["ordinal"]], 1.0),))
        at = text.find(word, end)


def _period(text: str, start: int, end: int) -> Iterator[Figure]:
    """Q3, 3Q, 3Q25, H1, 1H."""
    digit = text[start]
    before, after = text[start - 1 : start], text[end : end + 1]
    if end - start == 1 and before in {"q", "h"} and not text[start - 2 : start - 1].isalnum() and digit in "1234":
        yield Figure(start - 1, end, (Reading("quarter" if before == "q" else "half", float(digit), 1.0),))
    elif end - start == 1 and after in {"q", "h"} and not before.isalnum() and digit in "1234" and not text[end + 1 : end + 2].isalpha():
        yield Figure(start, end + 1, (Reading("quarter" if after == "q" else "half", float(digit), 1.0),))


def fiscal_years(text: str) -> Iterator[Figure]:
    """The years that are told as such: FY25, fiscal 2025, '25."""
    for match in _YEAR.finditer(text):
        yield from _fiscal_year(text, *match.span())


def _fiscal_year(text: str, start: int, end: int) -> Iterator[Figure]:
    before = _FISCAL_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    if before is not None and _NO_YEAR_AFTER.match(text, end) is None:
        year = float(text[start:end])
        year = year if end - start > 2 else _CENTURY + year  # noqa: PLR2004
        yield Figure(before.start() + before.group().startswith((" ", "(", "\n")), end, (Reading("year", year, 1.0),))


def days(text: str) -> Iterator[Figure]:
    """The days of a month."""
    if not any(map(text.__contains__, MONTHS)):
        return
    for match in _DAY.finditer(text):
        start, end = match.span()
        after = text[end : end + 1]
        if after not in _NO_DAY_NEXT or after in _SUFFIX_STARTS:
            yield from _day(text, start, end)


def _day(text: str, start: int, end: int) -> Iterator[Figure]:
    """14 August, August 14, the 14th of August."""
    suffix = _SUFFIX.match(text, end)
    if suffix is None and _NO_DAY_AFTER.match(text, end) is not None:
        return
    after = suffix.end() if suffix else end
    if text[start - 1 : start] == " " and text[start - 2 : start - 1] in _MONTH_ENDS:
        month = _MONTH_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
        if month is not None:
            yield Figure(month.start(), after, (_date(month["month"], text[start:end]),))
            return
    if text[after : after + 1] == " " and text[after + 1 : after + 2] in _MONTH_STARTS:
        month = _MONTH_AFTER.match(text, after)
        if month is not None:
            yield Figure(start, month.end(), (_date(month["month"], text[start:end]),))


def _date(month: str, day: str) -> Reading:
    return Reading("date", 100.0 * (MONTHS.index(month[:3]) + 1) + int(day), 1.0)

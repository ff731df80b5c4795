"""Months told by their name alone that the article doesn't have: "in March" where it says "in August"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.numbers.calendar import MONTH, MONTHS
from agent.grounding.numbers.source import Source

_NAMES = "January|February|March|April|May|June|July|August|September|October|November|December"
_TOLD = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Dd]uring|[Ll]ast|[Ee]arly|[Ll]ate|[Mm]id)[ -]"
    rf"(?P<name>{_NAMES})\b(?! \d{{1,2}}\b)(?!(?<=April|.June|..May) [A-Z])"
)
"""Not "before December", which an article may have as "by the end of November", nor "since June Chen took over"."""
_IN_DIGITS = re.compile(r"\b(?:\d{4}-(\d{2})-\d{2}|(\d{1,2})[/.](\d{1,2})[/.]\d{2,4})\b")
_ANY = re.compile(rf"\b{MONTH}(?!\w)")
_NEAR = re.compile(r"\b(?:months?|weeks?|today|yesterday|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b")
_MONTHS_NEAR = 2
"""So far from its publication an article's "last month" or "in six weeks" may be."""
_YEAR_ENDS = re.compile(r"\byear[- ]end\b|\bend of (?:the|this|last) year\b")
_A_YEAR, _A_QUARTER = 12, 3


def unsaid_months(text: str, source: Source) -> Iterator[tuple[int, int]]:
    """The places of the months in an English prose that its article neither names nor can mean."""
    told = list(_TOLD.finditer(text)) if any(map(text.__contains__, _NAMES.split("|"))) else []
    if not told:
        return
    there = {MONTHS.index(match["month"][:3]) for match in _ANY.finditer(source.lower)}
    there |= {int(day) // 100 - 1 for day in source.told("date")}
    there |= {int(quarter) * _A_QUARTER - back for quarter in source.told("quarter") for back in range(1, _A_QUARTER + 1)}
    there |= {int(number) - 1 for match in _IN_DIGITS.finditer(source.lower) for number in match.groups() if number}
    if _YEAR_ENDS.search(source.lower) is not None:
        there.add(_A_YEAR - 1)
    if source.published_at is not None:
        far = _MONTHS_NEAR if _NEAR.search(source.lower) is not None else 0
        there |= {(source.published_at.month - 1 + step) % _A_YEAR for step in range(-far, far + 1)}
    for match in told:
        if MONTHS.index(match["name"][:3].lower()) not in there:
            yield match.span("name")

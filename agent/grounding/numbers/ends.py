"""The last day of a month, a quarter or a year, which an article may tell as its end: "at the end of the quarter" for 30 June."""

from __future__ import annotations

import re
from collections.abc import Container

from agent.grounding.numbers.calendar import MONTH, MONTHS

_LAST_DAYS = frozenset({131, 228, 229, 331, 430, 531, 630, 731, 831, 930, 1031, 1130, 1231})
"""As dates are read: month * 100 + day."""
_MONTHS_A_QUARTER, _LAST_MONTH = 3, 12
_REACH = 24
_MONTH_ENDS = re.compile(rf"\b(?:end of|(?:ended|ending)(?: in)?) {MONTH}(?!\w)(?! \d{{1,2}}(?!\d))")
_QUARTER_ENDS = re.compile(
    r"\bquarter[- ]end\b|\bend of (?:the |this |last |our |its )?(?:[a-z0-9]{1,12}[- ]){0,2}?(?:quarter|q[1-4]|[1-4]q)\b"
)
_YEAR_ENDS = re.compile(r"\byear[- ]end\b|\bend of (?:the |this |last |our |its )?(?:calendar )?(?:year|20\d\d)\b")
_PERIOD_BEFORE = re.compile(r"\b(?:months|quarter|period) end(?:ed|ing)(?: on)? $")
_FISCAL = re.compile(r"\bfiscal\b|\bfinancial year\b")
"""Whose quarters and years end nobody knows when."""


def ends_period(lower: str, start: int) -> bool:
    """Whether the day that begins at `start` of a prose in lower case ends a period there: "the three months ended 30 June"."""
    return _PERIOD_BEFORE.search(lower, max(0, start - _REACH), start) is not None


def tells_end(lower: str, date: int, quarters: Container[float], *, of_period: bool) -> bool:
    """Whether an article in lower case, which speaks of `quarters` (1 to 4), tells `date` (month * 100 + day) as the end of something.

    What a card tells as the end of a period names the quarter by itself; else the article must say that something ended.
    """
    month = date // 100
    if date not in _LAST_DAYS:
        return False
    if any(match["month"].startswith(MONTHS[month - 1]) for match in _MONTH_ENDS.finditer(lower)):
        return True
    if month % _MONTHS_A_QUARTER or _FISCAL.search(lower) is not None:
        return False
    if month == _LAST_MONTH and _YEAR_ENDS.search(lower) is not None:
        return True
    return month // _MONTHS_A_QUARTER in quarters and (of_period or _QUARTER_ENDS.search(lower) is not None)

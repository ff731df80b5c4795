"""Of which kind a figure is by the words beside it: net, gross, operating, before or after tax."""

from __future__ import annotations

import re

from agent.grounding.numbers.figures import Figure

_REACH, _BEHIND = 70, 24
"""How many characters before a figure, or behind it, the word may stand."""
_KIND = r"(?P<net>net|after[- ]tax)|(?P<gross>gross)|(?P<operating>operating)|(?P<before>pre-?tax|before tax(?:es)?)"
_KINDS = ("net", "gross", "operating", "tax")
"""One is in all words for a kind."""
_NOUN = (
    r"income|profits?|loss(?:es)?|earnings|margins?|revenues?|sales|premiums?|proceeds|debt|assets|inflows?|outflows?|interest|result"
    r"|cash flow|orders?|bookings|costs?|expenses?|spending|shares?|dividends?|volumes?|output|production|deliveries|growth|rent|value"
    r"|capital|ebitda"
)
_BEFORE = re.compile(rf"\b(?:{_KIND}) (?:[a-z]+ ){{0,2}}?(?:{_NOUN})\b")
_NOUNS = re.compile(rf"\b(?:{_NOUN})\b")
_ENDS = re.compile(r"[.;!?:](?=\s)|\n|\b(?:and|but|while|whereas|as|after|although)\b")
_RIGHT_BEHIND = re.compile(rf" (?:(?:of|in) )?(?:{_KIND})\b(?! of\b)")


def kind_beside(lower: str, figure: Figure) -> str | None:
    """The kind that the words beside a figure say it is of; None where they say none, or say it of something else."""
    start = max(0, figure.start - _REACH)
    around = lower[start : figure.end + _BEHIND]
    if not any(map(around.__contains__, _KINDS)):
        return None
    behind = _RIGHT_BEHIND.match(lower, figure.end, figure.end + _BEHIND)
    if behind is not None:
        return behind.lastgroup
    start = max((match.end() for match in _ENDS.finditer(lower, start, figure.start)), default=start)
    found = None
    for match in _BEFORE.finditer(lower, start, figure.start):
        found = match
    if found is None or _NOUNS.search(lower, found.end(), figure.start) is not None:
        return None
    return found.lastgroup

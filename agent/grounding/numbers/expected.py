"""A result told as above or below what was expected: "$5.47 billion beat forecasts" beside "short of the $5.50 billion expected".

What the card weighs against a figure of its own, `arithmetic` sees. Told only where all that was expected of the figure, by analysts and
in the words around its places in the article, lies on the other side, and the article nowhere says there what the card says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.grounding.fold import starts_of
from agent.grounding.numbers.arithmetic import NO_SIGN, is_plain
from agent.grounding.numbers.figures import MEASURES, Figure, sort_of
from agent.grounding.numbers.source import Source

_UP = (
    r"(?:beat(?:s|ing)?|topp(?:ed|ing)|tops|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|outpac(?:es|ed|ing)|above|ahead of"
    r"|(?:more|higher|better|stronger|larger) than)"
)
_DOWN = r"(?:miss(?:es|ed|ing)?|below|short of|trail(?:s|ed|ing)?|(?:less|lower|worse|weaker|smaller|fewer) than)"
_OWN = r"(?!(?:its|their|his|her|our|own|company|and|but|while|as|after|on|with|despite|when|for|from|in)\b)"
_TOLD = re.compile(
    rf"\b(?:(?P<up>{_UP})|{_DOWN})(?: {_OWN}[a-z'&-]+){{0,5}}? "
    r"(?:estimates?|forecasts?|expectations|consensus|projections?|expected|predicted|estimated|projected)\b(?! (?:of|for|by)\b)"
)
"""Not what the company itself had forecast, and no figure behind it: that one isn't the analysts', or is weighed on the card."""
_NOUNS = ("estimate", "forecast", "expectation", "consensus", "projection", "expected", "predicted", "projected")
_WORDS = ("beat", "top", "exceed", "surpass", "outpac", "above", "ahead", "than", "miss", "below", "short", "trail")
"""One of each is in all that `_TOLD` finds, which is slow."""
_WINDOW, _NOUN_CHARS = 110, 16
_WEIGHS = re.compile(rf"\b(?:(?P<up>{_UP})|{_DOWN})\b")
_REACH = 120
"""How many characters may part the figure from what is said of it, and the figure in the article from what was expected."""
_ENDS = re.compile(r"[.!?](?=\s)|\n")
_CLAUSE_ENDS = re.compile(r"[.!?;](?=\s)|\n")
_BY_ANALYSTS = re.compile(
    r"\b(?:analysts|economists|forecasters|consensus|wall street|the street|lseg|refinitiv|factset|polled|a poll|estimates?"
    r"|expectations|the average forecast|had (?:been )?(?:expected|forecast|predicted|projected|estimated|looked for|pencilled in))\b"
)
_EXPECTED_BEHIND = re.compile(
    r"(?: (?:a|per) share)?(?: that)?(?: (?:was|were|had been|analysts|economists|wall street|the market|the street)){0,2}"
    r" (?:had )?(?:expected|forecast|estimated|predicted|projected|looked for|pencilled in|consensus)\b"
)
_LATER = re.compile(r"\b(?:next|coming|current|full[- ]year|this year|second[- ]half|guidance|outlook|now|guides?|guided|will)\b")
"""Words of what is expected of another time, or by the company."""
_BEHIND = 40
_MOST = 3
"""A figure that the article has more often is told there of more than one thing."""
_RATIO = 1.5
"""Results and what was expected of them are nearer to each other than most figures of two things."""
_BETTER_IF_LOW = re.compile(
    r"\b(?:ratio|unemployment|jobless|claims|inflation|prices|costs?|expenses?|provisions?|churn|defaults?|rate|tax)\b"
)
_SIGN_REACH, _RIGHT_BEHIND = 60, 20


def told_against_expected(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[tuple[int, int]]:
    """The slices of a prose in lower case that say of one of its figures `stated` what the article's figures don't bear out."""
    for told in _told(lower):
        figure = _figure_of(lower, stated, told.start())
        if figure is None or _may_be_turned(lower, figure):
            continue
        places = source.occurrences(figure)
        if not 0 < len(places) <= _MOST or any(_may_be_turned(source.lower, place) for place in places):
            continue
        way = 1 if told["up"] else -1
        steps = [step * way for place in places for step in _steps(place, source)]
        if steps and max(steps) < 0 and not any(_says(source.lower, place, way) for place in places):
            yield told.span()


def _told(lower: str) -> Iterator[re.Match[str]]:
    """What `_TOLD` finds, looked for only before its nouns and where one of its words is."""
    done = 0
    for at in sorted([place for noun in _NOUNS for place in starts_of(noun, lower)]):
        start = max(done, at - _WINDOW)
        before = lower[start:at]
        if any(map(before.__contains__, _WORDS)) and (match := _TOLD.search(lower, start, at + _NOUN_CHARS)) is not None:
            done = match.end()
            yield match


def _figure_of(lower: str, stated: Sequence[Figure], at: int) -> Figure | None:
    """The figure of which something is said at a place: the last before it, in the same sentence and clause."""
    before = [figure for figure in stated if figure.end <= at]
    if not before or before[-1].readings[0].kind not in MEASURES or at - before[-1].end > _REACH:
        return None
    between = lower[before[-1].end : at]
    return before[-1] if _CLAUSE_ENDS.search(between) is None and is_plain(between) else None


def _may_be_turned(lower: str, figure: Figure) -> bool:
    """Whether less of it is better, or may be: of a loss, of costs."""
    start = max(0, figure.start - _SIGN_REACH)
    start = max((match.end() for match in _CLAUSE_ENDS.finditer(lower, start, figure.start)), default=start)
    return (
        NO_SIGN.search(lower, start, figure.end + _RIGHT_BEHIND) is not None
        or _BETTER_IF_LOW.search(lower, start, figure.start) is not None
    )


def _steps(place: Figure, source: Source) -> Iterator[float]:
    """How far a figure of the article is above each that was expected, in its sentence and the next."""
    lower, value = source.lower, place.readings[0].value
    end = _end_of_sentence(lower, _end_of_sentence(lower, place.end))
    for other in source.figures:
        if other.start > end:
            return
        if other.start <= place.end or sort_of(other) != sort_of(place):
            continue
        low, high = sorted((value, other.readings[0].value))
        if high <= _RATIO * low and _is_expected(lower, place, other):
            yield value - other.readings[0].value


def _is_expected(lower: str, place: Figure, other: Figure) -> bool:
    """Whether the words before a figure, or right behind it, say that analysts expected it, and of the same time."""
    start = max((match.end() for match in _CLAUSE_ENDS.finditer(lower, place.end, other.start)), default=place.end)
    behind = _CLAUSE_ENDS.search(lower, other.end, other.end + _BEHIND)
    if _LATER.search(lower, start, behind.start() if behind else min(len(lower), other.end + _BEHIND)) is not None:
        return False
    return _BY_ANALYSTS.search(lower, start, other.start) is not None or _EXPECTED_BEHIND.match(lower, other.end) is not None


def _says(lower: str, place: Figure, way: int) -> bool:
    """Whether the article itself says in the figure's sentence that something is more, or less, than something."""
    start = max((match.end() for match in _ENDS.finditer(lower, max(0, place.start - _REACH), place.start)), default=0)
    end = min(_end_of_sentence(lower, place.end), place.end + _REACH)
    return any((1 if match["up"] else -1) == way for match in _WEIGHS.finditer(lower, max(start, place.start - _REACH), end))


def _end_of_sentence(lower: str, start: int) -> int:
    found = _ENDS.search(lower, start)
    return found.end() if found is not None else len(lower)

"""A forecast told as a result: "delivered 720 aircraft" where the article says "aims to deliver 720".

Told only where every place of the figure in the article is foreseen in its own clause, and the card's whole sentence foresees nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent.grounding.numbers.figures import MEASURES, Figure
from agent.grounding.numbers.source import Source

_SENTENCE_END = re.compile(r"[.;!?](?=\s)|\n")
_REACH, _CLAUSE, _SENTENCE = 60, 140, 400
_MOST = 3
"""A figure that the article has more often is told there in more ways than one."""
_COUNTED = 20.0
"""Plain counts below this stand everywhere."""
_FORESEEN = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecasts?|forecasting|predict(?:s|ed)?|project(?:s|ed)|foresees?|foresaw|aim(?:s|ed|ing)?|targets?|targeting"
    r"|outlook|guidance|hope[sd]?|hoping|anticipat(?:es|ed))\b"
)
_OF_ANOTHER = re.compile(
    r"\b(?:than|above|below|against|versus|from|after|beat|missed|exceed\w*|compared|analysts|economists|consensus|poll\w*|had)\b"
)
"""What was expected before, or by others, isn't the company's forecast."""
_LEAVES_OPEN = re.compile(
    _FORESEEN.pattern
    + r"|\b(?:will|would|could|should|may|might|can|if|plan\w*|likely|estimat\w*|consensus|analysts|economists|goals?|intend\w*|seek\w*"
    r"|want\w*|see[sn]?|seeing|look\w*|propos\w*|offer\w*|agree\w*|pledg\w*|promis\w*|prospect\w*|ambition\w*|assum\w*|implie[sd]|budget\w*|due"
    r"|next|coming|future|ahead|potential\w*|possib\w*|to be|set to|guide[sd]?|guiding|confirm\w*|unchanged|repeat\w*|reiterat\w*"
    r"|announc\w*)\b"
)
_DONE = re.compile(
    r"\b(?:rose|fell|grew|shrank|gained|lost|climbed|jumped|dropped|declined|increased|decreased|was|were|came to|reached|totall?ed|posted"
    r"|reported|booked|earned|made|took|delivered|produced|saved|generated|spent|sold|cut|added)"
    r"(?: (?:by|to|at|about|around|some|roughly|nearly|almost|more than|less than|below|above|over|under|just|only|a|an|the|its|their|net"
    r"|gross|operating|pre-tax|adjusted|annual|total|profit|loss|charge|revenue|sales|savings|income|earnings|of|between)){0,6} $"
)


def told_as_done(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[Figure]:
    """The figures of a prose in lower case that it tells as results and the article only as what is expected."""
    for figure in stated:
        reading = figure.readings[0]
        if reading.kind not in MEASURES or (reading.kind == "number" and reading.value < _COUNTED):
            continue
        places = source.occurrences(figure)
        if not 0 < len(places) <= _MOST or not all(_may_be_foreseen(source.lower, place) for place in places):
            continue
        if _DONE.search(lower, max(0, figure.start - _REACH), figure.start) is None or _leaves_open(lower, figure):
            continue
        if all(_is_foreseen(source.lower, place) for place in places):
            yield figure


def _may_be_foreseen(lower: str, place: Figure) -> bool:
    """Whether one of the words is near enough before; most figures have none, and this is soon known."""
    told = _told_of(lower)
    at = bisect_left(told, place.start)
    return at > 0 and told[at - 1] >= place.start - _CLAUSE


@lru_cache(maxsize=4)
def _told_of(lower: str) -> list[int]:
    """Where an article tells of what is expected."""
    return [match.start() for match in _FORESEEN.finditer(lower)]


def _leaves_open(lower: str, figure: Figure) -> bool:
    start = _sentence_start(lower, figure, _SENTENCE)
    after = _SENTENCE_END.search(lower, figure.end, figure.end + _SENTENCE)
    return _LEAVES_OPEN.search(lower, start, after.start() if after else min(len(lower), figure.end + _SENTENCE)) is not None


def _is_foreseen(lower: str, place: Figure) -> bool:
    """Whether the last word that tells of forecasts before a figure is about it and not what it is held against."""
    start = _sentence_start(lower, place, _CLAUSE)
    found = None
    for match in _FORESEEN.finditer(lower, start, place.start):
        found = match
    if found is None or _OF_ANOTHER.search(lower, start, place.start) is not None:
        return False
    return _DONE.search(lower, max(found.end(), place.start - _REACH), place.start) is None


def _sentence_start(lower: str, figure: Figure, reach: int) -> int:
    start = max(0, figure.start - reach)
    return max((match.end() for match in _SENTENCE_END.finditer(lower, start, figure.start)), default=start)

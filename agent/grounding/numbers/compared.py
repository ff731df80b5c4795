"""Directions and figures of a card's prose, each held against what the article says in the same words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.grounding.numbers.contexts import Context, Point
from agent.grounding.numbers.figures import Figure
from agent.grounding.numbers.source import Source
from agent.grounding.numbers.ways import CHANGE

_WAY_ALIKE, _WAY_MARGIN = 0.40, 1.3
"""A direction is the article's other way round when the words around it stand there around the opposite: at least so much of them,
and so many times more than around the direction itself."""
_FIGURE_ALIKE, _FIGURE_MARGIN = 0.50, 2.0
"""The same for a figure, and another of its kind."""
_TOGETHER_MARGIN = 2.2
"""The margin when the card states the other figure beside this one."""
_BESIDE = 120
"""How many characters that may be away."""
_FIGURE_WORDS = 4
"""Fewer words in common ("q3 sales") fit too many figures."""
_COUNTED = 20.0
"""Plain counts below this stand everywhere."""
_CLOSE, _CLOSE_THERE, _CLOSE_SHARE = 0.9, 0.5, 0.5
"""What an anchor right beside a point counts, what it must count in the article, and how many of those must be there."""
_LEAST_CLOSE = 2
_CLAUSE = re.compile(r"[.;:,](?=\s)|\n")
_CLAUSE_CHARS = 60
_PAIR_CHARS, _PAIR_REACH = 48, 100
"""How far apart the ends of a change "to" and "from" may be, and how far before them the word for it."""
_TO = re.compile(r"\bto (?:a |an |about |around |just )?$")
_FROM = re.compile(r"\bfrom (?:a |an |about |around |just )?$")
_RANGE_TO = re.compile(r"\bto [^ ]{1,12}(?: (?:million|billion|trillion|cents|a share)){0,2} (?:to|-) $")
_RANGE = re.compile(r" ?(?:-|to|and) ?")
_ENDS = re.compile(r"[.;!?](?=\s)|\n")
_SENTENCE_CHARS = 600
_LABELS = re.compile(r"\bsentiment\b|\b(?:positive|negative|neutral)\b")
_NO_SIGN = re.compile(r"\bloss|\bdeficit|\bshortfall|\bnegative|\bminus")
"""Words that turn the order of two figures round: a loss of less is a rise."""
_DOWN_TO = re.compile(r"down to (?![$€£]?\d)")


class Fault(NamedTuple):
    """A slice of the prose that says what the article doesn't: the other way round, or a figure of something else."""

    start: int
    end: int
    turned: bool


def compared(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[Fault]:
    """The faults of a prose in lower case with the figures `stated`."""
    card = Context(lower, stated)
    yield from _miscounted(lower, stated, card.points)
    there = source.context
    for point in card.points:
        found, most = there.likeness(point)
        if not found:
            continue
        if point.figure is None:
            if _DOWN_TO.match(lower, point.start) or _judges(lower, point):
                continue
            same, other = _ways(point, found, there.points)
            if other >= _WAY_ALIKE * most and other > _WAY_MARGIN * same:
                yield Fault(*_told(lower, point), turned=True)
        elif _is_anothers(point, (found, most), card.points, source):
            yield Fault(point.start, point.end, turned=False)


def _judges(lower: str, point: Point) -> bool:
    """Whether the sentence weighs the news instead of telling it: what it says of labels is coherence's to check."""
    start = max((match.end() for match in _ENDS.finditer(lower, max(0, point.start - _SENTENCE_CHARS), point.start)), default=0)
    after = _ENDS.search(lower, point.end)
    return _LABELS.search(lower, start, after.start() if after else len(lower)) is not None


def _ways(point: Point, found: dict[int, float], points: Sequence[Point]) -> tuple[float, float]:
    same = other = 0.0
    for index, score in found.items():
        here = points[index]
        if here.family == 0:
            continue
        if here.way == point.way:
            same = max(same, score)
        elif here.family == point.family:
            other = max(other, score if _is_close(point, here) else 0.0)
    return same, other


def _is_close(point: Point, there: Point) -> bool:
    """Whether the words right beside a point stand close to the article's too: what it is said of is most often one of them."""
    beside = [stem for stem, weight in point.anchors.items() if weight >= _CLOSE]
    shared = sum(there.anchors.get(stem, 0.0) >= _CLOSE_THERE for stem in beside)
    return shared >= _LEAST_CLOSE and shared >= _CLOSE_SHARE * len(beside)


def _is_anothers(point: Point, likeness: tuple[dict[int, float], float], stated: Sequence[Point], source: Source) -> bool:
    """Whether what stands around a figure on the card stands in the article around another figure of its kind, and not around it."""
    found, most = likeness
    if point.figure is None or (point.figure.readings[0].kind == "number" and point.figure.readings[0].value < _COUNTED):
        return False
    own = {place.start for place in source.occurrences(point.figure)}
    if not own:
        return False
    points = source.context.points
    places = [(score, there, points[index]) for index, score in found.items() if (there := points[index].figure) is not None]
    same = max((score for score, there, _ in places if there.start in own), default=0.0)
    if any(_same_pair(point, place) for _, there, place in places if there.start in own):
        return False
    least = max(_FIGURE_ALIKE * most, _FIGURE_MARGIN * same)
    return any(
        score > least
        and there.start not in own
        and _alike(there, point.figure)
        and _is_close(point, place)
        and len(point.anchors.keys() & place.anchors.keys()) >= _FIGURE_WORDS
        and (score > _TOGETHER_MARGIN * same or not _is_near(there, point.figure, stated))
        for score, there, place in places
    )


def _same_pair(point: Point, place: Point) -> bool:
    """Whether both are what something came "from" to one and the same figure."""
    shared = point.anchors.keys() & place.anchors.keys()
    return "from" in shared and any(stem[0].isdigit() for stem in shared)


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind, scale and currency: one could be taken for the other."""
    first, second = one.readings[0], other.readings[0]
    return first.kind == second.kind and one.factor == other.factor and first.currency == second.currency


def _is_near(there: Figure, figure: Figure, stated: Sequence[Point]) -> bool:
    """Whether the card states the article's figure `there` beside its own `figure`."""
    return any(
        point.figure is not None and abs(point.start - figure.start) < _BESIDE and point.figure.readings[0].value == there.readings[0].value
        for point in stated
    )


def _told(lower: str, point: Point) -> tuple[int, int]:
    """The clause around a direction."""
    start = max(
        (match.end() + 1 for match in _CLAUSE.finditer(lower, max(0, point.start - _CLAUSE_CHARS), point.start)),
        default=max(0, point.start - _CLAUSE_CHARS),
    )
    after = _CLAUSE.search(lower, point.end, point.end + _CLAUSE_CHARS)
    return start, after.start() if after else min(len(lower), point.end + _CLAUSE_CHARS)


def _miscounted(lower: str, stated: Sequence[Figure], points: Sequence[Point]) -> Iterator[Fault]:
    """Rises "to" less and falls "to" more than what they came "from": no article is needed to see these."""
    ways = [point for point in points if point.family == CHANGE]
    starts = [point.start for point in ways]
    for index, (last, first) in enumerate(pairwise(stated)):
        if not 0 < first.start - last.end <= _PAIR_CHARS or not _alike(last, first) or not _FROM.search(lower, last.end, first.start):
            continue
        at = bisect_left(starts, last.start) - 1
        if at < 0 or starts[at] < last.start - _PAIR_REACH or _ENDS.search(lower, starts[at], first.start):
            continue
        to = _TO.search(lower, ways[at].end, last.start) or _RANGE_TO.search(lower, ways[at].end, last.start)
        following = stated[index + 2] if index + 2 < len(stated) else first
        high = following if _RANGE.fullmatch(lower, first.end, following.start) else first
        if (
            to is not None
            and all((last.readings[0].value - base.readings[0].value) * ways[at].way < 0 for base in (first, high))
            and _NO_SIGN.search(lower, ways[at].start, first.end) is None
        ):
            yield Fault(ways[at].start, first.end, turned=True)

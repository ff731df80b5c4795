"""Directions and figures of a card's prose, each held against what the article says in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.grounding.numbers.contexts import Context, Point
from agent.grounding.numbers.figures import Figure
from agent.grounding.numbers.source import Source

WAY_ALIKE = 0.40
WAY_MARGIN = 1.3
FIGURE_ALIKE = 0.50
FIGURE_MARGIN = 1.6
TOGETHER_MARGIN = 2.2
BESIDE = 120
CLOSE = 0.9
CLOSE_THERE = 0.5
CLOSE_SHARE = 0.5


class Fault(NamedTuple):
    """A slice of the prose that says what the article doesn't: the other way round, or a figure of something else."""

    start: int
    end: int
    turned: bool


def compared(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[Fault]:
    """The faults of a prose in lower case with the figures `stated`."""
    card = Context(lower, stated)
    there = source.context
    for point in card.points:
        found, most = there.likeness(point)
        if not found:
            continue
        if point.figure is None:
            if lower.startswith("down to ", point.start) and not lower[point.start + 8 : point.start + 10].strip("$€£").isdecimal():
                continue
            same, other = _ways(point, found, there.points)
            if other >= WAY_ALIKE * most and other > WAY_MARGIN * same:
                yield Fault(*_told(lower, point), turned=True)
        elif _is_anothers(point, (found, most), card.points, source):
            yield Fault(point.start, point.end, turned=False)


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
    beside = [stem for stem, weight in point.anchors.items() if weight >= CLOSE]
    shared = sum(there.anchors.get(stem, 0.0) >= CLOSE_THERE for stem in beside)
    return shared > 0 and shared >= CLOSE_SHARE * len(beside)


def _is_anothers(point: Point, likeness: tuple[dict[int, float], float], stated: Sequence[Point], source: Source) -> bool:
    """Whether what stands around a figure on the card stands in the article around another figure of its kind, and not around it."""
    found, most = likeness
    if point.figure is None:
        return False
    own = {place.start for place in source.occurrences(point.figure)}
    points = source.context.points
    places = [(score, there, points[index]) for index, score in found.items() if (there := points[index].figure) is not None]
    same = max((score for score, there, _ in places if there.start in own), default=0.0)
    if not own:
        return False
    least = max(FIGURE_ALIKE * most, FIGURE_MARGIN * same)
    return any(
        score > least
        and there.start not in own
        and _alike(there, point.figure)
        and _is_close(point, place)
        and (score > TOGETHER_MARGIN * same or not _is_near(there, point.figure, stated))
        for score, there, place in places
    )


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind, scale and currency: one could be taken for the other."""
    first, second = one.readings[0], other.readings[0]
    return first.kind == second.kind and one.factor == other.factor and first.currency == second.currency


def _is_near(there: Figure, figure: Figure, stated: Sequence[Point]) -> bool:
    """Whether the card states the article's figure `there` beside its own `figure`."""
    return any(
        point.figure is not None
        and abs(point.start - figure.start) < BESIDE
        and point.figure.readings[0].value == there.readings[0].value
        for point in stated
    )


_CLAUSE = re.compile(r"[.;:,](?=\s)|\n")


def _told(lower: str, point: Point) -> tuple[int, int]:
    """The clause around a direction."""
    start = max((match.end() + 1 for match in _CLAUSE.finditer(lower, max(0, point.start - 60), point.start)), default=max(0, point.start - 60))
    after = _CLAUSE.search(lower, point.end, point.end + 60)
    return start, after.start() if after else min(len(lower), point.end + 60)

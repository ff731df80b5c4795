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
            same, other = _ways(point, found, there.points)
            if other >= WAY_ALIKE * most and other > WAY_MARGIN * same:
                yield Fault(*_told(lower, point), turned=True)
        elif _is_anothers(point.figure, (found, most), card.points, source):
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
            other = max(other, score)
    return same, other


def _is_anothers(figure: Figure, likeness: tuple[dict[int, float], float], stated: Sequence[Point], source: Source) -> bool:
    """Whether what stands around `figure` on the card stands in the article around another figure of its kind, and not around it."""
    found, most = likeness
    own = {place.start for place in source.occurrences(figure)}
    places = [(score, there) for index, score in found.items() if (there := source.context.points[index].figure) is not None]
    same = max((score for score, there in places if there.start in own), default=0.0)
    least = max(FIGURE_ALIKE * most, FIGURE_MARGIN * same)
    if not any(score > least and there.start not in own and _alike(there, figure) for score, there in places):
        return False
    if not any(point.figure is not None and point.figure.start in own for point in source.context.points):
        return False
    return any(
        score > least
        and there.start not in own
        and _alike(there, figure)
        and (score > TOGETHER_MARGIN * same or not _is_near(there, figure, stated))
        for score, there in places
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

"""Numbers: every figure in the prose stands in the article, in any of its spellings, or is listed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.fold import unify
from agent.grounding.numbers.attached import Sort, told_otherwise
from agent.grounding.numbers.binding import Setting, find_mentions
from agent.grounding.numbers.calendar import calendar_figures
from agent.grounding.numbers.compared import compared
from agent.grounding.numbers.ends import ends_period
from agent.grounding.numbers.exchanged import exchanged
from agent.grounding.numbers.expected import told_against_expected
from agent.grounding.numbers.figures import MEASURES, Figure, figures, is_range
from agent.grounding.numbers.foreseen import told_as_done
from agent.grounding.numbers.months import unsaid_months
from agent.grounding.numbers.named import Names, Whose, whose_is
from agent.grounding.numbers.ranks import at_the_other_end, of_another_rank
from agent.grounding.numbers.source import Source, same_length_lower
from agent.grounding.numbers.words import word_figures
from agent.grounding.numbers.worked import is_worked_out

__all__ = ["Source", "number_findings", "stated_figures"]

UNSUPPORTED = "no such figure in the article"
NO_RANGE = "the article has both figures, but not as a range"
NO_MONTH = "no such month in the article"
OTHER_WAY = "in the article it goes the other way"
OTHER_ENTITY = "in the article it is said of another entity"
OTHER_THING = "in the article it is said of something else, and another figure of this"
OTHER_TIME = "in the article it is of another time"
OTHER_BASIS = "in the article it is counted from another time"
OTHER_UNIT = "in the article it has another unit"
OTHER_KIND = "in the article it is of another kind (net, gross, operating, before tax)"
OTHERWISE: dict[Sort, str] = {"month": OTHER_TIME, "quarter": OTHER_TIME, "base": OTHER_BASIS, "kind": OTHER_KIND}
OTHER_RANK = "in the article it is of another rank"
FORESEEN = "in the article it is expected, not reported"
_LOOKED_AT = 200
"""Of more places of one figure in an article than these, the words around the others aren't looked at."""
_APART = 60
"""How many characters may part the ends of a range in the article."""
_COUNTED = 10.0
"""Whole numbers in words below this ("the two companies") are the writer's own counting and aren't held against the article."""


def stated_figures(prose: str) -> list[Figure]:
    """The figures of a card's prose that the article must carry, in order, without overlap."""
    text = unify(prose)
    lower = same_length_lower(text)
    taken = [*calendar_figures(lower), *(figure for figure in word_figures(lower) if _is_claim(figure))]
    spans = [(figure.start, figure.end) for figure in taken]
    taken += [figure for figure in figures(text) if not any(figure.start < end and start < figure.end for start, end in spans)]
    return sorted(taken)


def _is_claim(figure: Figure) -> bool:
    reading = figure.readings[0]
    return reading.kind != "number" or reading.value >= _COUNTED


class _Card(NamedTuple):
    """A prose and what is read from it once."""

    text: str
    stated: Sequence[Figure]
    setting: Setting
    names: Names


def number_findings(where: str, prose: str, source: Source) -> tuple[int, list[Finding]]:
    """How many figures `prose` states, and those that `source` doesn't carry, with their places in `prose`.

    A direction that is turned round counts as one more statement, and so does what is found where no figure stands.
    """
    text, stated = unify(prose), stated_figures(prose)
    card = _Card(text, stated, Setting(text, same_length_lower(text), find_mentions(text, source.names)), Names(text, stated))
    findings: list[Finding] = []
    listed: set[int] = set()
    before: list[Figure] = []
    for index, figure in enumerate(stated):
        places = source.occurrences(figure)
        if not places and not _is_carried(index, card, source):
            findings.append(_finding(where, prose, (figure.start, figure.end), UNSUPPORTED))
        elif places and figure.readings[0].kind in MEASURES:
            whose = whose_is(figure, places[:_LOOKED_AT], card.names, source)
            if whose == "listed":
                listed.add(figure.start)
            if (reason := _contradiction(figure, places[:_LOOKED_AT], card, source, whose)) is not None:
                findings.append(_finding(where, prose, (figure.start, figure.end), reason))
            elif before and is_range(text, stated[index - 1], figure) and not _stand_together(before, places):
                findings.append(_finding(where, prose, (stated[index - 1].start, figure.end), NO_RANGE))
        before = places
    more = 0
    for reason, spans in _by_words(card, source, listed):
        known = [(finding.start or 0, finding.end or 0) for finding in findings]
        fresh = [(start, end) for start, end in spans if not any(start < right and left < end for left, right in known)]
        findings += [_finding(where, prose, place, reason) for place in fresh]
        more += sum(reason == OTHER_WAY or not _meets(stated, *place) for place in fresh)
    return len(stated) + more, findings


def _meets(stated: Sequence[Figure], start: int, end: int) -> bool:
    """Whether a figure stands in a slice."""
    return any(figure.start < end and start < figure.end for figure in stated)


def _is_carried(index: int, card: _Card, source: Source) -> bool:
    """Whether the article has a figure that stands nowhere as such: in other words, or as what follows from two others."""
    figure = card.stated[index]
    if source.carries_otherwise(figure, card.text[figure.start : figure.end]):
        return True
    reading = figure.readings[0]
    if reading.kind == "date":
        return ends_period(card.setting.lower, figure.start) and source.has_end(int(reading.value), of_period=True)
    return is_worked_out(index, card.setting.lower, card.stated, card.setting.way(figure), source)


def _by_words(card: _Card, source: Source, listed: Container[int]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """What the words around directions and figures say against them, reason by reason, and where."""
    lower, stated = card.setting.lower, card.stated
    faults = list(compared(lower, stated, source, listed))
    yield OTHER_WAY, [(fault.start, fault.end) for fault in faults if fault.turned]
    yield OTHER_THING, [(fault.start, fault.end) for fault in faults if not fault.turned]
    if source.english:
        yield OTHER_WAY, list(told_against_expected(lower, stated, source))
        yield OTHER_WAY, list(at_the_other_end(lower, source.lower))
        yield OTHER_RANK, list(of_another_rank(lower, source.lower))
        yield NO_MONTH, list(unsaid_months(card.text, source))
        yield OTHER_THING, [(figure.start, figure.end) for pair in exchanged(lower, stated, source) for figure in pair]
        for sort, figure in told_otherwise(lower, stated, source):
            yield OTHERWISE.get(sort, OTHER_UNIT), [(figure.start, figure.end)]
        yield FORESEEN, [(figure.start, figure.end) for figure in told_as_done(lower, stated, source)]


def _contradiction(figure: Figure, places: Sequence[Figure], card: _Card, source: Source, whose: Whose | None) -> str | None:
    """Why the words around a figure can't be the article's, if at all its `places` there they say something else."""
    way = card.setting.way(figure)
    if way and all(source.setting.way(place) == -way for place in places):
        return OTHER_WAY
    if whose is not None:
        return OTHER_ENTITY if whose == "another" else None
    subjects = card.setting.subjects(figure, card.stated)
    if len(subjects) != 1:
        return None
    for place in places:
        told = source.setting.subjects(place, source.figures)
        if len(told) != 1 or told & subjects:
            return None
    return OTHER_ENTITY


def _stand_together(starts: Sequence[Figure], ends: Sequence[Figure]) -> bool:
    """Whether the article has both ends of a range in one place; `starts` and `ends` are where it has either."""
    places = sorted(start.start for start in starts)
    for end in ends:
        near = places[bisect_left(places, end.start - _APART) : bisect_right(places, end.start + _APART)]
        if any(place != end.start for place in near):
            return True
    return False


def _finding(where: str, prose: str, place: tuple[int, int], reason: str) -> Finding:
    start, end = place
    return Finding(where=where, claim=prose[start:end], reason=reason, start=start, end=end)

"""Numbers: every figure in the prose stands in the article, in any of its spellings, or is listed."""

from __future__ import annotations

from collections.abc import Sequence

from agent.card import Finding
from agent.grounding.fold import unify
from agent.grounding.numbers.binding import Form, Setting, find_mentions
from agent.grounding.numbers.calendar import calendar_figures
from agent.grounding.numbers.figures import MEASURES, Figure, figures, is_range
from agent.grounding.numbers.source import Source, same_length_lower
from agent.grounding.numbers.words import word_figures

__all__ = ["Source", "number_findings", "stated_figures"]

UNSUPPORTED = "no such figure in the article"
NO_RANGE = "the article has both figures, but not as a range"
OTHER_WAY = "in the article it goes the other way"
OTHER_ENTITY = "in the article it is said of another entity"
_APART = 60
"""How many characters may part the ends of a range in the article."""
_COUNTED = 4.0
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


def number_findings(where: str, prose: str, source: Source, names: Sequence[Form] = ()) -> tuple[int, list[Finding]]:
    """How many figures `prose` states, and those that `source` doesn't carry, with their places in `prose`.

    `names` are the entities that figures may be said of: forms of their names, each with its entity's number.
    """
    text = unify(prose)
    stated = stated_figures(prose)
    card = _setting(text, same_length_lower(text), names)
    article = _setting(source.text, source.lower, names)
    findings: list[Finding] = []
    for index, figure in enumerate(stated):
        reason = None
        if not source.carries(figure, text[figure.start : figure.end]):
            reason = UNSUPPORTED
        elif figure.readings[0].kind in MEASURES:
            reason = _contradiction(figure, stated, card, article, source)
        if reason is not None:
            findings.append(_finding(where, prose, (figure.start, figure.end), reason))
        elif index and is_range(text, stated[index - 1], figure) and not _stand_together(stated[index - 1], figure, source):
            findings.append(_finding(where, prose, (stated[index - 1].start, figure.end), NO_RANGE))
    return len(stated), findings


def _contradiction(figure: Figure, stated: Sequence[Figure], card: Setting, article: Setting, source: Source) -> str | None:
    """Why the words around a figure can't be the article's, if wherever the article has it they say something else."""
    places = source.occurrences(figure)
    if not places:
        return None
    way = card.way(figure)
    if way and all(article.way(place) == -way for place in places):
        return OTHER_WAY
    subjects = card.subjects(figure, stated)
    if not subjects:
        return None
    strict = way != 0 or figure.readings[0].kind in {"percent", "points"}
    for place in places:
        told = (article.subjects(place, source.figures) if strict else frozenset()) or article.around(place)
        if not told or told & subjects:
            return None
    return OTHER_ENTITY


def _setting(text: str, lower: str, names: Sequence[Form]) -> Setting:
    return Setting(text, lower, find_mentions(text, names))


def _stand_together(low: Figure, high: Figure, source: Source) -> bool:
    """Whether the article has both ends of a range in one place."""
    ends = source.occurrences(high)
    starts = source.occurrences(low)
    return not starts or not ends or any(0 < abs(end.start - start.start) <= _APART for start in starts for end in ends)


def _finding(where: str, prose: str, place: tuple[int, int], reason: str) -> Finding:
    start, end = place
    return Finding(where=where, claim=prose[start:end], reason=reason, start=start, end=end)

"""Numbers: every figure in the prose stands in the article, in any of its spellings, or is listed."""

from __future__ import annotations

from agent.card import Finding
from agent.grounding.fold import unify
from agent.grounding.numbers.calendar import calendar_figures
from agent.grounding.numbers.figures import Figure, figures, is_range
from agent.grounding.numbers.source import Source, same_length_lower
from agent.grounding.numbers.words import word_figures

__all__ = ["Source", "number_findings", "stated_figures"]

UNSUPPORTED = "no such figure in the article"
NO_RANGE = "the article has both figures, but not as a range"
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


def number_findings(where: str, prose: str, source: Source) -> tuple[int, list[Finding]]:
    """How many figures `prose` states, and those that `source` doesn't carry, with their places in `prose`."""
    text = unify(prose)
    stated = stated_figures(prose)
    carried = [source.carries(figure, text[figure.start : figure.end]) for figure in stated]
    findings = [
        _finding(where, prose, figure.start, figure.end, UNSUPPORTED) for figure, found in zip(stated, carried, strict=True) if not found
    ]
    for index in range(len(stated) - 1):
        low, high = stated[index : index + 2]
        if carried[index] and carried[index + 1] and is_range(text, low, high) and not _stand_together(low, high, source):
            findings.append(_finding(where, prose, low.start, high.end, NO_RANGE))
    return len(stated), findings


def _stand_together(low: Figure, high: Figure, source: Source) -> bool:
    """Whether the article has both ends of a range in one place."""
    ends = source.occurrences(high)
    starts = source.occurrences(low)
    return not starts or not ends or any(0 < abs(end.start - start.start) <= _APART for start in starts for end in ends)


def _finding(where: str, prose: str, start: int, end: int, reason: str) -> Finding:
    return Finding(where=where, claim=prose[start:end], reason=reason, start=start, end=end)

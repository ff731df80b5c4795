"""Two figures of one sentence in each other's place: "volumes fell 8% and prices 19%" told the other way round.

Neither has to be of a name, and the words may stand on either side: "31% from a year earlier and 12% from the quarter before".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from agent.grounding.numbers.figures import MEASURES, Figure, sort_of
from agent.grounding.numbers.source import Source
from agent.grounding.numbers.ways import WAYS, stem_of

_APART, _APART_THERE = 120, 300
"""How many characters may part the two on the card and in the article."""
_REACH = 100
"""How far the words of a figure may stand from it."""
_SENTENCE_END = re.compile(r"[.;!?](?=\s)|\n")
_BREAK = re.compile(r"[,:;()]|\b(?:and|but|while|whereas|although|though|as|because|when)\b")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TIMES = {form: time for time in ("day", "week", "month", "quarter", "year") for form in (time, f"{time}s", f"{time}'s")}
"""What a figure is compared with is one of these more often than not."""
_NEXT = 3
"""So many figures are looked at on each side."""
_Pair = tuple[frozenset[str], frozenset[str]]
"""The words of both."""
_MARGIN = 2
"""How many times as many words have to be exchanged as are where they should be."""


def exchanged(lower: str, stated: Sequence[Figure], source: Source) -> Iterator[tuple[Figure, Figure]]:
    """The pairs of figures in a prose in lower case of which each stands among the words that the article has around the other."""
    measures = [(figure, place) for figure in filter(_is_measure, stated) if (place := _place(figure, source)) is not None]
    card, article = _Around(lower, stated), _Around(source.lower, source.figures)
    for index, (one, here) in enumerate(measures):
        for other, there in measures[index + 1 : index + 1 + _NEXT]:
            if other.start - one.end > _APART or sort_of(one) != sort_of(other) or not 0 < abs(here.start - there.start) <= _APART_THERE:
                continue
            if _SENTENCE_END.search(lower, one.end, other.start):
                continue
            if _is_exchanged((card.words(one), card.words(other)), (article.words(here), article.words(there))):
                yield one, other


class _Around:
    """The words around the figures of a text in lower case, each looked for once."""

    def __init__(self, lower: str, figures: Sequence[Figure]) -> None:
        self._lower = lower
        self._figures = figures
        self._found: dict[int, frozenset[str]] = {}

    def words(self, figure: Figure) -> frozenset[str]:
        found = self._found.get(figure.start)
        if found is None:
            found = self._found[figure.start] = _words(self._lower, figure, self._figures)
        return found


def _is_exchanged(card: _Pair, article: _Pair) -> bool:
    crossed = len(card[0] & article[1]), len(card[1] & article[0])
    return all(crossed) and sum(crossed) >= _MARGIN * (len(card[0] & article[0]) + len(card[1] & article[1]))


def _place(figure: Figure, source: Source) -> Figure | None:
    """Where the article has a figure, if it has it once."""
    places = source.occurrences(figure)
    return places[0] if len(places) == 1 else None


def _words(lower: str, figure: Figure, figures: Sequence[Figure]) -> frozenset[str]:
    """The telling words that are a figure's own: of its sentence, and not beyond a break that parts it from another."""
    start, end = max(0, figure.start - _REACH), min(len(lower), figure.end + _REACH)
    start = max((match.end() for match in _SENTENCE_END.finditer(lower, start, figure.start)), default=start)
    if (after := _SENTENCE_END.search(lower, figure.end, end)) is not None:
        end = after.start()
    at = bisect_left(figures, figure.start, key=_start)
    before = max((other.end for other in figures[max(0, at - _NEXT) : at] if _is_measure(other) and other.end > start), default=start)
    if before > start:
        first = _BREAK.search(lower, before, figure.start)
        start = figure.start if first is None else first.end()
    behind = min((other.start for other in figures[at : at + 1 + _NEXT] if _is_measure(other) and other.start >= figure.end), default=end)
    stop = _BREAK.search(lower, figure.end, min(end, behind))
    if stop is not None:
        end = stop.start()
    elif behind < end:
        end = figure.end
    return frozenset(_telling(lower, start, figure.start)) | frozenset(_telling(lower, figure.end, end))


def _telling(lower: str, start: int, end: int) -> Iterator[str]:
    for word in _WORD.findall(lower, start, end):
        if word not in WAYS and (stem := _TIMES.get(word) or stem_of(word)):
            yield stem


def _is_measure(figure: Figure) -> bool:
    return figure.readings[0].kind in MEASURES


def _start(figure: Figure) -> int:
    return figure.start

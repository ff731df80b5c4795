"""Changes that an article leaves to be worked out: "rose 20% to $410 million" of "$410.4 million, compared to $342.8 million".

Only where the article itself holds the figure that the card has beside the change against another, and both are exact enough to say
how much it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from agent.grounding.numbers.figures import Figure, Reading, sort_of
from agent.grounding.numbers.source import Source

_TO = re.compile(r",?(?: [a-z][a-z-]{0,20},?){0,6}? to (?:(?:a|an|the|about|around|nearly|almost|just|over|some) ){0,2}")
_OF = re.compile(r",? [^.;:!?,\d\n]{0,25}")
_OTHER = re.compile(r"\b(?:and|but|while|whereas|as|after|with|because)\b")
"""What stands on its other side then is of something else."""
_AGAINST = re.compile(r"[^.;!?\n]{0,60}?\b(?:(?:compared (?:to|with)|versus|vs\.?|against) (?:[a-z]+ ){0,2}|from )")
"""What stands between a figure and the one that it is held against."""
_REACH = 120
_NEXT = 6
"""So many figures are looked at behind one."""
_MOST = 20
"""Of more places of a figure in an article than these the others aren't looked at."""


def is_worked_out(index: int, lower: str, stated: Sequence[Figure], way: int, source: Source) -> bool:
    """Whether a change, the `index`-th figure that a prose in lower case states, follows from two figures of the article.

    `way` is 1 if it is told as a rise, -1 as a fall; untold, it is none.
    """
    reading = stated[index].readings[0]
    if reading.kind != "percent" or not way:
        return False
    changes = (change for new in _beside(index, lower, stated) for change in _changes(new, source))
    return any(_is(reading, low * way, high * way) for low, high in changes)


def _beside(index: int, lower: str, stated: Sequence[Figure]) -> Iterator[Figure]:
    """The figure that the change led to: right behind it ("20% to $410 million"), or before it ("$410 million, up 20%")."""
    figure = stated[index]
    if index + 1 < len(stated) and _links(_TO, lower, figure.end, stated[index + 1].start):
        yield stated[index + 1]
    elif index and _links(_OF, lower, stated[index - 1].end, figure.start):
        yield stated[index - 1]


def _links(link: re.Pattern[str], lower: str, start: int, end: int) -> bool:
    """Whether what stands between two figures makes one the other's."""
    return link.fullmatch(lower, start, end) is not None and _OTHER.search(lower, start, end) is None


def _changes(new: Figure, source: Source) -> Iterator[tuple[float, float]]:
    """The least and the most, in percent, by which each place of a figure in the article is above what it is held against there."""
    if new.readings[0].kind not in {"amount", "number"}:
        return
    for place in source.occurrences(new)[:_MOST]:
        base = _base(place, source)
        if base is not None:
            (least, most), (lowest, highest) = _ends(place.readings[0]), _ends(base.readings[0])
            if lowest > 0:
                yield 100.0 * (least / highest - 1), 100.0 * (most / lowest - 1)


def _base(place: Figure, source: Source) -> Figure | None:
    """The figure of its sort that the article holds one against, behind it ("compared to") or before it ("from ... to")."""
    figures, lower = source.figures, source.lower
    at = bisect_right(figures, place.start, key=_start)
    behind = next((other for other in figures[at : at + _NEXT] if sort_of(other) == sort_of(place)), place)
    if place.end < behind.start < place.end + _REACH and _AGAINST.fullmatch(lower, place.end, behind.start) is not None:
        return behind
    before = figures[at - 2] if at > 1 else None
    if before is not None and sort_of(before) == sort_of(place) and lower[before.end : place.start] == " to ":
        return before if lower.endswith("from ", 0, before.start) else None
    return None


def _ends(reading: Reading) -> tuple[float, float]:
    """What a figure may be before it was rounded."""
    return reading.value - reading.grain / 2, reading.value + reading.grain / 2


def _is(reading: Reading, one: float, other: float) -> bool:
    """Whether all from one to the other rounds to what was read."""
    low, high = _ends(reading)
    return 0 < low <= min(one, other) and max(one, other) <= high


def _start(figure: Figure) -> int:
    return figure.start

"""The words around each direction and figure of a text, to be held against those around the article's.

A card says again what its article says: what stands around "fell 5%" on the card stands around it in the article too. Where the
words around it there belong to "rose", or to another figure, and nowhere to this one, the card has it wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from math import log
from typing import NamedTuple

from agent.grounding.numbers.figures import MEASURES, Figure
from agent.grounding.numbers.ways import REVISES, REVISION, WAYS, stem_of

# Without a bound "5.5.5" without end is one token with a figure at each digit, and each would copy it.
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d{1,30}(?:[.,]\d{1,30}){0,7}|[.;:!?,\n](?=\s)|\n")
_ASCII_TOKEN = re.compile(_TOKEN.pattern.replace(r"[^\W\d_]", "[a-z]").replace(r"\d", "[0-9]"))
"""The same in lower case and ASCII, which takes half the time."""
_ENDS = frozenset(".;!?\n")
_BREAKS = frozenset({",", ":", "but", "while", "and", "whereas", "although", "though", "as"})
_END, _BREAK = ".", ","
_DIRECTIONS = frozenset("+-")
_OTHER_DIRECTIONS = frozenset(f"{side}{way}" for side in ("", "<", ">") for way in _DIRECTIONS)
_FAR = 24
"""How many tokens off the words are that count."""
_BASES = frozenset({"from", "against", "versus"})
"""What stands before the figure that another is compared with."""
_WEIGHTS = (1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3)
"""What an anchor counts by how many telling words part it from its point."""
_BROKEN = 0.6
"""What is left of its weight behind a comma or an "and"."""
_LEAST = 0.3
"""Behind so many breaks that less than this is left, nothing counts."""
_COMMON = 64
"""A word that stands around more points than these says nothing."""
_TELLING = (0.0, *(1.0 + log(_COMMON / count) / 3 for count in range(1, _COMMON + 1)))
"""What a word counts that stands around so many points."""
_UNKNOWN = 0.35
"""What a word that the article doesn't have counts: the card's wording is its own."""


_NEXT = 1.0
"""What the nearest word counts once more, by its side: it tells "its shares fell 5% after it raised" from what it raised."""
_OBJECT = 5
"""Within so many words behind its verb a forecast is what is revised."""
_PARTICLES = frozenset({"up", "down"})
_GIVES = frozenset("gave give gives given giving".split())
_PHRASAL = frozenset(
    "hold holds held holding keep keeps kept keeping bring brings brought shut shuts wind made make makes making came come comes set sets "
    "setting took take takes taking put puts end ends ended turn turned broke break picked pick signed sign backed back stand stood opened "
    "open step stepped stepping".split()
)
"""Verbs with which "up" and "down" are no directions, unless a number follows."""
_RAISES = frozenset({"raise", "raises", "raised", "raising"})
"""Raising a sum is no rise."""
_COMPARATIVES = frozenset("smaller larger bigger greater lower higher".split())
_CHANGES = frozenset({"loss", "losses"})
_IDIOMS = frozenset("short ground behind sight touch".split())
_ROUGHLY = frozenset("about around almost nearly just below above over under more less between a an".split())


class Point(NamedTuple):
    """A direction word or a figure of a text, and the weight of each word around it. `family` is 0 for a figure.

    The nearest word before is an anchor as "<word" too, the nearest after as ">word".
    """

    start: int
    end: int
    sentence: int
    family: int
    way: int
    figure: Figure | None
    anchors: dict[str, float]


class Context:
    """The points of one text, and for each word the points around which it stands."""

    def __init__(self, lower: str, figures: Sequence[Figure]) -> None:
        """Read a text in lower case, of which `figures` are the figures in order. Linear in its length."""
        self.points = list(_points(lower, figures))

    @cached_property
    def _places(self) -> tuple[dict[str, list[tuple[int, float]]], dict[str, list[tuple[int, float]]]]:
        """For each word the points around which it stands, figures and then directions, each with what the word counts there."""
        places: tuple[dict[str, list[tuple[int, float]]], ...] = defaultdict(list), defaultdict(list)
        for index, point in enumerate(self.points):
            at = places[point.family > 0]
            for stem, weight in point.anchors.items():
                at[stem].append((index, weight))
        return dict(places[0]), dict(places[1])

    def likeness(self, point: Point) -> tuple[dict[int, float], float]:
        """How alike the words around each point here are to those around another text's `point` of its sort; and the most there is."""
        found: dict[int, float] = {}
        most = 0.0
        at = self._places[point.family > 0]
        for stem, weight in point.anchors.items():
            places = at.get(stem, ())
            if len(places) > _COMMON:
                continue
            if not places:
                most += _UNKNOWN * weight
                continue
            telling = weight * _TELLING[len(places)]
            most += telling
            for index, here in places:
                found[index] = found.get(index, 0.0) + telling * here
        return found, most


def _points(lower: str, figures: Sequence[Figure]) -> Iterator[Point]:
    starts, words = _tokens(lower)
    marks = [_mark(word) for word in words]
    ends: list[int] = []
    for at, mark in enumerate(marks):
        if mark == _END:
            ends.append(starts[at])
        elif mark in _DIRECTIONS and not _is_idiom(words, at):
            anchors = _anchors(marks, (at, at + 1))
            told = WAYS[words[at]]
            if words[at] in REVISES and "forecast" in marks[at + 1 : at + _OBJECT]:
                told = REVISION, told[1]
            told_of = {stem: weight for stem, weight in anchors.items() if stem not in _OTHER_DIRECTIONS}
            yield Point(starts[at], starts[at] + len(words[at]), len(ends), *told, None, told_of)
    for figure in figures:
        if figure.readings[0].kind in MEASURES:
            span = bisect_left(starts, figure.start), bisect_left(starts, figure.end)
            anchors = _anchors(marks, span)
            before = words[max(0, span[0] - 2) : span[0]]
            if "compared" in before or (before and before[-1] in _BASES):
                anchors["from"] = 1.0
            yield Point(figure.start, figure.end, bisect_left(ends, figure.start), 0, 0, figure, anchors)


def _tokens(lower: str) -> tuple[list[int], list[str]]:
    """Where the tokens of a text begin, and the tokens."""
    matches = list((_ASCII_TOKEN if lower.isascii() else _TOKEN).finditer(lower))
    return [match.start() for match in matches], [match.group() for match in matches]


def _is_idiom(words: Sequence[str], at: int) -> bool:
    """Whether the word at `at` says no direction here: gave up, put it down to, fell short, lost ground, smaller gains."""
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in _RAISES:
        return _is_number(words, at + 1)
    if word in _PARTICLES:
        before = words[at - 1] if at else ""
        if before in _GIVES or (before in _PHRASAL and not _is_number(words, at + 1)):
            return True
        return after == "to" and (word == "up" or not _is_number(words, at + 2))
    if word in _COMPARATIVES:
        return after in WAYS or after in _CHANGES
    return after in _IDIOMS


def _is_number(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at][0].isdigit() or words[at] in _ROUGHLY)


@lru_cache(maxsize=8192)
def _mark(word: str) -> str:
    """What a token is to its neighbours: a stem, a direction, the end of a sentence, a break in it, or nothing."""
    if word in WAYS:
        return "+" if WAYS[word][1] > 0 else "-"
    if word in _ENDS:
        return _END
    if word in _BREAKS:
        return _BREAK
    if word[0].isdigit():
        return word.replace(",", "")
    return stem_of(word) if word[0].isalpha() else ""


def _anchors(marks: Sequence[str], span: tuple[int, int]) -> dict[str, float]:
    """The telling words of the sentence around tokens `span`, each with what it counts; for a direction no other direction is one."""
    found: dict[str, float] = {}
    for side, near in (("<", marks[max(0, span[0] - _FAR) : span[0]][::-1]), (">", marks[span[1] : span[1] + _FAR + 1])):
        far, share = 0, 1.0
        for mark in near:
            if not mark:
                continue
            if mark == _END:
                break
            if mark == _BREAK:
                share *= _BROKEN
                if share < _LEAST:
                    break
                continue
            weight = _WEIGHTS[far] * share
            if far == 0:
                found[side + mark] = _NEXT * share
            if found.get(mark, 0.0) < weight:
                found[mark] = weight
            far += 1
            if far == len(_WEIGHTS):
                break
    return found

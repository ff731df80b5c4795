"""The words around each direction and figure of a text, to be held against those around the article's.

A card says again what its article says: what stands around "fell 5%" on the card stands around it in the article too. Where the
words around it there belong to "rose", or to another figure, and nowhere to this one, the card has it wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import log
from typing import NamedTuple

from agent.grounding.numbers.figures import MEASURES, Figure, Sort, by_sort
from agent.grounding.numbers.tokens import BREAK, END, Tokens, mark_of
from agent.grounding.numbers.ways import REVISES, REVISION, WAYS

_DIRECTIONS = frozenset("+-")
_OTHER_DIRECTIONS = frozenset(f"{side}{way}" for side in ("", "<", ">") for way in _DIRECTIONS)
_FAR = 24
"""How many tokens off the words are that count."""
_BASES = frozenset({"from", "against", "versus"})
_BASE_MARKS = frozenset(map(mark_of, (*_BASES, "compared")))
"""What stands before the figure that another is compared with."""
_WEIGHTS = (1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3)
"""What an anchor counts by how many telling words part it from its point."""
CLOSE = 0.9
"""What an anchor right beside a point counts,"""
_NEAREST = sum(weight >= CLOSE for weight in _WEIGHTS)
"""and how many telling words that is on each side."""
_BROKEN = 0.6
"""What is left of its weight behind a comma or an "and"."""
_LEAST = 0.3
"""Behind so many breaks that less than this is left, nothing counts."""
COMMON = 64
"""A word that stands around more points than these says nothing."""
_TELLING = (0.0, *(1.0 + log(COMMON / count) / 3 for count in range(1, COMMON + 1)))
"""What a word counts that stands around so many points."""
MOST_TELLING = _TELLING[1]
_UNKNOWN = 0.35
"""What a word that the article doesn't have counts: the card's wording is its own."""


_STOPS = frozenset({END, BREAK})
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


class Near(NamedTuple):
    """What stands around a point: the number of its sentence, and the marks before it and after it, the nearest first."""

    sentence: int
    before: list[str]
    after: list[str]
    is_base: bool = False
    """Whether a word before it says that another figure is compared with it."""


class Point:
    """A direction word or a figure of a text, and the weight of each word around it. `family` is 0 for a figure.

    The nearest word before is an anchor as "<word" too, the nearest after as ">word".
    """

    __slots__ = ("_anchors", "_beside", "_near", "end", "family", "figure", "sentence", "start", "way")

    def __init__(self, place: tuple[int, int], near: Near, told: tuple[int, int] = (0, 0), figure: Figure | None = None) -> None:
        """Make one from its place in the text and what stands near it there; `told` are its family and way."""
        self.start, self.end = place
        self._near, self.sentence, self.figure = near, near.sentence, figure
        self.family, self.way = told
        self._anchors: dict[str, float] | None = None
        self._beside: frozenset[str] | None = None

    @property
    def anchors(self) -> dict[str, float]:
        """The telling words around it, each with what it counts; found when they are asked for, as for most points they never are."""
        if self._anchors is None:
            self._anchors = _anchors(self._near)
            if self.figure is None:
                self._anchors = {stem: weight for stem, weight in self._anchors.items() if stem not in _OTHER_DIRECTIONS}
        return self._anchors

    def most(self, stems: frozenset[str]) -> int:
        """How many of some words may be among its anchors: quick, and no fewer than are."""
        return len(stems.intersection(self._near.before) | stems.intersection(self._near.after)) + self._near.is_base

    @property
    def beside(self) -> frozenset[str]:
        """The anchors right beside it, which are worth `CLOSE` or more."""
        if self._beside is None:
            stems = {*_first(self._near.before), *_first(self._near.after)}
            self._beside = frozenset(stems - _DIRECTIONS if self.figure is None else stems | {"from"} if self._near.is_base else stems)
        return self._beside


class Context:
    """The directions and figures of one text, and for each word those around which it stands.

    What is asked for by sentence is only read there: most sentences of an article have nothing to do with a card.
    """

    def __init__(self, lower: str, figures: Sequence[Figure]) -> None:
        """Make one of a text in lower case, of which `figures` are the figures in order. Linear in its length."""
        self._lower = lower
        self.measured = [figure for figure in figures if figure.readings[0].kind in MEASURES]
        """The figures that say how much."""
        self._directions: dict[int, list[Point]] = {}
        self._figures: dict[int, dict[Sort, list[Figure]]] = {}
        self._points: dict[int, Point] = {}

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._lower)

    @cached_property
    def _starts(self) -> list[int]:
        return [figure.start for figure in self.measured]

    @cached_property
    def reaching(self) -> dict[Sort, list[Figure]]:
        """The figures that may hold a full stop, as "Rs. 500" does, by sort: their neighbours are of two sentences, as tokens go."""
        written = ((figure, self._lower[figure.start : figure.end]) for figure in self.measured)
        return by_sort([figure for figure, text in written if ". " in text or text.endswith(".")])

    @cached_property
    def most_directions(self) -> int:
        """No fewer than there are directions."""
        return sum(map(_DIRECTIONS.__contains__, self._tokens.marks))

    @cached_property
    def directions(self) -> list[Point]:
        """The direction words, in order."""
        return [point for number in range(len(self._tokens.ends) + 1) for point in self.directions_in(number)]

    @cached_property
    def figures(self) -> dict[int, Point]:
        """The figures that say how much, in order, by where they begin."""
        return {figure.start: self.point(figure) for figure in self.measured}

    def sentences_of(self, stems: frozenset[str]) -> dict[str, list[int]]:
        """For each of some words the numbers of the sentences that have it."""
        found: dict[str, list[int]] = {}
        marks = self._tokens.marks
        for number, (start, end) in enumerate(self._tokens.sentences):
            if start < end:
                for stem in stems.intersection(marks[start:end]):
                    found.setdefault(stem, []).append(number)
        return found

    def directions_in(self, number: int) -> list[Point]:
        """The direction words of the sentence of that number."""
        if number not in self._directions:
            marks = self._tokens.marks
            here = [at for at in range(*self._tokens.bounds(number)) if marks[at] in _DIRECTIONS]
            self._directions[number] = [self._direction(at) for at in here if not _is_idiom(self._tokens, at)]
        return self._directions[number]

    def figures_in(self, number: int) -> dict[Sort, list[Figure]]:
        """The figures of the sentence of that number, by sort."""
        if number not in self._figures:
            start, end = self._tokens.bounds(number)
            # From the last full stop: a figure may begin with a sign, which is no token.
            first = bisect_left(self._starts, self._tokens.start(start - 1)) if start else 0
            self._figures[number] = by_sort(self.measured[first : bisect_left(self._starts, self._tokens.start(end), first)])
        return self._figures[number]

    def point(self, figure: Figure) -> Point:
        """One of the figures that say how much, with what stands around it."""
        if figure.start not in self._points:
            at, end = self._tokens.at(figure.start), self._tokens.at(figure.end)
            self._points[figure.start] = Point(figure[:2], self._near(at, end, is_base=self._is_base(at)), figure=figure)
        return self._points[figure.start]

    def _is_base(self, at: int) -> bool:
        """Whether the words before a token say that what it begins is compared with another figure: "from $4", "compared to $4"."""
        before = self._tokens.marks[max(0, at - 2) : at]
        if not before or _BASE_MARKS.isdisjoint(before):
            return False
        return self._tokens[at - 1] in _BASES or "compared" in map(self._tokens.__getitem__, range(max(0, at - 2), at))

    def _direction(self, at: int) -> Point:
        word = self._tokens[at]
        told = WAYS[word]
        if word in REVISES and "forecast" in self._tokens.marks[at + 1 : at + _OBJECT]:
            told = REVISION, told[1]
        start = self._tokens.start(at)
        return Point((start, start + len(word)), self._near(at, at + 1), told)

    def _near(self, at: int, end: int, *, is_base: bool = False) -> Near:
        marks = self._tokens.marks
        return Near(self._tokens.sentence(at), marks[max(0, at - _FAR) : at][::-1], marks[end : end + _FAR + 1], is_base)

    def likeness(self, point: Point) -> tuple[dict[int, float], float]:
        """How alike the words around each point here are to those around another text's `point` of its sort; and the most there is.

        The points are numbered in their order.
        """
        found: dict[int, float] = {}
        most = 0.0
        at = self._figures_by_word if point.figure is not None else self._directions_by_word
        for stem, weight in point.anchors.items():
            places = at.get(stem, ())
            if len(places) > COMMON:
                continue
            if not places:
                most += _UNKNOWN * weight
                continue
            telling = weight * _TELLING[len(places)]
            most += telling
            for index, here in places:
                found[index] = found.get(index, 0.0) + telling * here
        return found, most

    @cached_property
    def _figures_by_word(self) -> dict[str, list[tuple[int, float]]]:
        return _by_word(self.figures.values())

    @cached_property
    def _directions_by_word(self) -> dict[str, list[tuple[int, float]]]:
        return _by_word(self.directions)


def _by_word(points: Iterable[Point]) -> dict[str, list[tuple[int, float]]]:
    """For each word the points around which it stands, each with what the word counts there."""
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for index, point in enumerate(points):
        for stem, weight in point.anchors.items():
            found[stem].append((index, weight))
    return dict(found)


def _is_idiom(words: Tokens, at: int) -> bool:
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


def _is_number(words: Tokens, at: int) -> bool:
    return at < len(words) and (words[at][0].isdigit() or words[at] in _ROUGHLY)


def _first(near: Sequence[str]) -> Iterator[str]:
    """The telling words that are close to a point on one side, where no break is between."""
    left = _NEAREST
    for mark in near:
        if mark in _STOPS:
            return
        if mark:
            yield mark
            left -= 1
            if not left:
                return


def _anchors(near: Near) -> dict[str, float]:
    """The telling words of the sentence around a point, each with what it counts."""
    found: dict[str, float] = {}
    _weigh("<", near.before, found)
    _weigh(">", near.after, found)
    return found | {"from": 1.0} if near.is_base else found


def _weigh(side: str, marks: Sequence[str], found: dict[str, float]) -> None:
    """Add those on one side."""
    far, share = 0, 1.0
    for mark in filter(None, marks):
        if mark == END:
            return
        if mark == BREAK:
            share *= _BROKEN
            if share < _LEAST:
                return
            continue
        weight = _WEIGHTS[far] * share
        if far == 0:
            found[side + mark] = _NEXT * share
        if found.get(mark, 0.0) < weight:
            found[mark] = weight
        far += 1
        if far == len(_WEIGHTS):
            return

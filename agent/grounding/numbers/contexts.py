"""The words around each direction and figure of a text, to be held against those around the article's.

A card says again what its article says: what stands around "fell 5%" on the card stands around it in the article too. Where the
words around it there belong to "rose", or to another figure, and nowhere to this one, the card has it wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import log

from agent.grounding.numbers.figures import MEASURES, Figure, Sort, sort_of
from agent.grounding.numbers.tokens import BREAK, END, Tokens
from agent.grounding.numbers.ways import REVISES, REVISION, WAYS, stem_of

_DIRECTIONS = frozenset("+-")
_MARKS = _DIRECTIONS | {stem_of(word) for word, (family, _) in WAYS.items() if family > REVISION}
"""The marks of the words that `WAYS` may have; to their neighbours those that are no directions are words like others."""
_OTHER_DIRECTIONS = frozenset(f"{side}{way}" for side in ("", "<", ">") for way in _DIRECTIONS)
_FAR = 24
"""How many tokens off the words are that count."""
_BASES = frozenset({"from", "against", "versus"})
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
    "open step stepped stepping speed speeds sped speeding".split()
)
"""Verbs with which "up" and "down" are no directions, unless a number follows."""
_RAISES = frozenset({"raise", "raises", "raised", "raising"})
"""Raising a sum is no rise."""
_COMPARATIVES = frozenset("smaller larger bigger greater lower higher".split())
_CHANGES = frozenset({"loss", "losses"})
_IDIOMS = frozenset("short ground behind sight touch".split())
_ROUGHLY = frozenset("about around almost nearly just below above over under more less between a an".split())


class Point:
    """A direction word or a figure of a text, and the weight of each word around it. `family` is 0 for a figure.

    The nearest word before is an anchor as "<word" too, the nearest after as ">word".
    """

    __slots__ = ("_anchors", "_beside", "_span", "_tokens", "family", "figure", "last", "sentence", "way")

    def __init__(self, tokens: Tokens, span: tuple[int, int], told: tuple[int, int], figure: Figure | None = None) -> None:
        """Make one from the tokens of its text and its own among them; `told` are its family and way."""
        self._tokens, self._span, self.figure = tokens, span, figure
        self.family, self.way = told
        self.sentence = tokens.sentence(span[0])
        # The words after "Rs. 500" are of another sentence than those before it, as tokens go.
        self.last = self.sentence + tokens.marks[span[0] : span[1]].count(END)
        self._anchors: dict[str, float] | None = None
        self._beside: frozenset[str] | None = None

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self._tokens.starts[self._span[0]] if self.figure is None else self.figure.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self._tokens.words[self._span[0]]) if self.figure is None else self.figure.end

    @property
    def anchors(self) -> dict[str, float]:
        """The telling words around it, each with what it counts; found when they are asked for, as for most points they never are."""
        if self._anchors is None:
            self._anchors = self._find_anchors()
        return self._anchors

    @property
    def beside(self) -> frozenset[str]:
        """The anchors right beside it, worth `CLOSE` or more: found without the others."""
        if self._beside is None:
            marks, (first, end) = self._tokens.marks, self._span
            stems = {*_nearest(marks[max(0, first - _FAR) : first][::-1]), *_nearest(marks[end : end + _FAR + 1])}
            self._beside = frozenset(stems - _DIRECTIONS if self.figure is None else stems | {"from"} if self._is_base() else stems)
        return self._beside

    def may_have(self, stems: frozenset[str], least: float) -> bool:
        """Whether so many of some words may be among its anchors: quick, and never false where they are."""
        # "from" is an anchor of what it stands before, and no mark of its own.
        there = len(stems & self._tokens.marks_in(self.sentence)) + ("from" in stems)
        return self.last != self.sentence or there >= least

    def _find_anchors(self) -> dict[str, float]:
        anchors = _anchors(self._tokens.marks, self._span)
        if self.figure is None:
            return {stem: weight for stem, weight in anchors.items() if stem not in _OTHER_DIRECTIONS}
        if self._is_base():
            anchors["from"] = 1.0
        return anchors

    def _is_base(self) -> bool:
        """Whether the words before it say that another figure is compared with it."""
        before = self._tokens.words[max(0, self._span[0] - 2) : self._span[0]]
        return "compared" in before or (bool(before) and before[-1] in _BASES)


class Context:
    """The directions and figures of one text, and for each word those around which it stands."""

    def __init__(self, lower: str, figures: Sequence[Figure]) -> None:
        """Make one of a text in lower case, of which `figures` are the figures in order. Linear in its length."""
        self.lower, self.stated = lower, figures

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self.lower)

    @cached_property
    def directions(self) -> list[Point]:
        """The direction words, in order."""
        return list(_directions(self._tokens))

    @cached_property
    def figures(self) -> dict[int, Point]:
        """The figures that say how much, in order, by where they begin."""
        return {
            figure.start: Point(self._tokens, self._tokens.span(figure.start, figure.end), (0, 0), figure)
            for figure in self.stated
            if figure.readings[0].kind in MEASURES
        }

    @cached_property
    def told(self) -> dict[tuple[int, int], list[Point]]:
        """The directions by family and way."""
        found: dict[tuple[int, int], list[Point]] = {}
        for point in self.directions:
            found.setdefault((point.family, point.way), []).append(point)
        return found

    @cached_property
    def of_sort(self) -> dict[Sort, dict[int, Point]]:
        """The same by sort."""
        found: dict[Sort, dict[int, Point]] = {}
        for start, point in self.figures.items():
            if point.figure is not None:
                found.setdefault(sort_of(point.figure), {})[start] = point
        return found

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


def _directions(tokens: Tokens) -> Iterator[Point]:
    words, marks = tokens.words, tokens.marks
    for at, mark in enumerate(marks):
        if mark in _MARKS and words[at] in WAYS and not _is_idiom(words, at):
            told = WAYS[words[at]]
            if words[at] in REVISES and "forecast" in marks[at + 1 : at + _OBJECT]:
                told = REVISION, told[1]
            yield Point(tokens, (at, at + 1), told)


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


def _nearest(near: Sequence[str]) -> list[str]:
    """The telling words that are close to a point on one side, where no break is between."""
    found: list[str] = []
    for mark in filter(None, near):
        if mark in _STOPS or len(found) == _NEAREST:
            break
        found.append(mark)
    return found


def _anchors(marks: Sequence[str], span: tuple[int, int]) -> dict[str, float]:
    """The telling words of the sentence around tokens `span`, each with what it counts; for a direction no other direction is one."""
    found: dict[str, float] = {}
    for side, near in (("<", marks[max(0, span[0] - _FAR) : span[0]][::-1]), (">", marks[span[1] : span[1] + _FAR + 1])):
        far, share = 0, 1.0
        for mark in near:
            if not mark:
                continue
            if mark == END:
                break
            if mark == BREAK:
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

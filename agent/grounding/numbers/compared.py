"""Directions and figures of a card's prose, each held against what the article says in the same words."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from agent.grounding.numbers.arithmetic import weighed
from agent.grounding.numbers.contexts import COMMON, MOST_TELLING, Context, Point
from agent.grounding.numbers.figures import Figure, ends_range, sort_of
from agent.grounding.numbers.source import Source
from agent.grounding.numbers.ways import REVISION

_WAY_ALIKE, _WAY_MARGIN = 0.35, 2.0
"""A direction is the article's other way round when the words around it stand there around the opposite: at least so much of them,
and so many times more than around the direction itself."""
_FIGURE_ALIKE, _FIGURE_MARGIN = 0.50, 2.0
"""The same for a figure, and another of its kind."""
_ROOM = 1e-6
"""What sums may be off for the order in which they are added up, and more."""
_TOGETHER_MARGIN = 2.2
"""The margin when the card states the other figure beside this one."""
_BESIDE = 120
"""How many characters that may be away."""
_FIGURE_WORDS = 4
"""Fewer words in common ("q3 sales") fit too many figures."""
_COUNTED = 20.0
"""Plain counts below this stand everywhere."""
_CLOSE_THERE, _CLOSE_SHARE = 0.5, 0.5
"""What an anchor right beside a point must count in the article, and how many of those must be there."""
_LEAST_CLOSE = 2
_COMPANY = 0.5
"""What a figure beside another counts in both texts when the two belong together."""
_CLAUSE = re.compile(r"[.;:,](?=\s)|\n")
_CLAUSE_CHARS = 60
_ENDS = re.compile(r"[.;!?](?=\s)|\n")
_SENTENCE_CHARS = 600
_LABELS = re.compile(r"\bsentiment\b|\b(?:positive|negative|neutral)\b")


class Fault(NamedTuple):
    """A slice of the prose that says what the article doesn't: the other way round, or a figure of something else."""

    start: int
    end: int
    turned: bool


def compared(lower: str, stated: Sequence[Figure], source: Source, named: Container[int]) -> Iterator[Fault]:
    """The faults of a prose in lower case with the figures `stated`; those that begin at `named` are known to be of what they should be."""
    sums = list(weighed(lower, stated))
    yield from (Fault(found.start, found.end, turned=True) for found in sums if found.holds is False)
    if not source.english:
        return
    settled = [found for found in sums if found.holds is not None]
    card = Context(lower, stated)
    for point in card.directions:
        is_settled = any(told.start <= point.start < told.end for told in settled)
        if not is_settled and _is_turned(point, source.context) and not _judges(lower, point):
            yield Fault(*_told(lower, point), turned=True)
    for point in card.figures.values():
        if point.figure is not None and point.figure.start not in named and _is_anothers(point, card, source):
            yield Fault(point.start, point.end, turned=False)


def _judges(lower: str, point: Point) -> bool:
    """Whether the sentence weighs the news instead of telling it: what it says of labels is coherence's to check."""
    start = max((match.end() for match in _ENDS.finditer(lower, max(0, point.start - _SENTENCE_CHARS), point.start)), default=0)
    after = _ENDS.search(lower, point.end)
    return _LABELS.search(lower, start, after.start() if after else len(lower)) is not None


def _is_turned(point: Point, article: Context) -> bool:
    """Whether the words around a direction stand in the article around its opposite, and nowhere so much around itself.

    Of each sentence of the article only the direction counts that is most alike: the others there are of something else.
    """
    close = [here for here in _candidates(point, article.told.get((point.family, -point.way), ())) if _is_close(point, here)]
    if not close or _is_plainly_told(point, close, article) or _has_its_figure(point, article):
        return False
    found, most = article.likeness(point)
    scored = [(score, here) for index, score in found.items() if _is_like(here := article.directions[index], point)]
    least = _WAY_ALIKE * most
    if not any(score > least and _gainsays(here, point) for score, here in scored):
        return False
    tops: dict[int, tuple[bool, float, Point]] = {}
    for score, here in scored:
        rank = here.family == point.family and _shared(point, here) > 0, score, here
        if here.sentence not in tops or rank[:2] > tops[here.sentence][:2]:
            tops[here.sentence] = rank
    least = max(least, _WAY_MARGIN * max((score for _, score, here in tops.values() if here.way == point.way), default=0.0))
    return any(score > least and _gainsays(here, point) and _is_close(point, here) for _, score, here in tops.values())


def _candidates(point: Point, others: Sequence[Point]) -> list[Point]:
    """Those of `others` in the article that may be close to a point: quick, and none that is close is left out."""
    stems, least = point.beside, max(_LEAST_CLOSE, _CLOSE_SHARE * len(point.beside))
    return [here for here in others if here.may_have(stems, least)]


def _is_plainly_told(point: Point, close: Sequence[Point], article: Context) -> bool:
    """Whether a direction that the article has settles that its opposites `close` are of something else: quick, and never wrong."""
    if len(article.directions) > COMMON:
        return False  # a word that stands around so many counts nothing
    return any(
        _shared(point, own)
        and all(_is_less(point, here, own) for here in article.directions if here.sentence == own.sentence and here.way != point.way)
        and all(_is_less(point, here, own, _WAY_MARGIN) for here in close if here.sentence != own.sentence)
        for own in _candidates(point, article.told.get((point.family, point.way), ()))
    )


def _has_its_figure(point: Point, article: Context) -> bool:
    """Whether the article has such a direction right before the same figure, with a word in common: "B rose 1%" behind "A fell 2%"."""
    figures = {stem for stem in point.anchors if stem[0] == ">" and stem[1].isdigit()}
    return bool(figures) and any(
        not figures.isdisjoint(own.anchors) and len(point.beside & own.beside) >= _LEAST_CLOSE
        for own in article.told.get((point.family, point.way), ())
    )


def _is_less(point: Point, one: Point, other: Point, times: float = 1.0) -> bool:
    """Whether the words around `one` are less like those around `point` than so many times those around `other`, whatever each counts."""
    steps = [weight * (one.anchors.get(stem, 0.0) - times * other.anchors.get(stem, 0.0)) for stem, weight in point.anchors.items()]
    return sum(MOST_TELLING * step if step > 0 else step for step in steps) < -_ROOM


def _is_like(one: Point, other: Point) -> bool:
    """Whether one may tell what the other tells: directions may of each other, the highest is only like the highest and the lowest."""
    return one.family == other.family or max(one.family, other.family) <= REVISION


def _gainsays(one: Point, other: Point) -> bool:
    return one.way != other.way and one.family == other.family


def _shared(point: Point, there: Point) -> int:
    return sum(there.anchors.get(stem, 0.0) >= _CLOSE_THERE for stem in point.beside)


def _is_close(point: Point, there: Point) -> bool:
    """Whether the words right beside a point stand close to the article's too: what it is said of is most often one of them."""
    shared = _shared(point, there)
    return shared >= _LEAST_CLOSE and shared >= _CLOSE_SHARE * len(point.beside)


def _is_anothers(point: Point, card: Context, source: Source) -> bool:
    """Whether what stands around a figure on the card stands in the article around another figure of its kind, and not around it."""
    if point.figure is None or (point.figure.readings[0].kind == "number" and point.figure.readings[0].value < _COUNTED):
        return False
    own = {place.start for place in source.occurrences(point.figure)}
    others = [here for start, here in source.context.of_sort.get(sort_of(point.figure), {}).items() if start not in own]
    if not own or not others:
        return False
    close = [here for here in _candidates(point, others) if _is_close(point, here) and _have_words(point, here)]
    close = [*_like_in_form(point.figure, _with_its_words(point, close, own, source.context), card, source)] if close else []
    if not close or _is_plainly_own(point, close, own, source.context):
        return False
    found, most = source.context.likeness(point)
    figures = [*source.context.figures.values()]
    places = [(score, figures[index]) for index, score in found.items()]
    if any(_same_pair(point, place) or _in_company(point, place) for _, place in places if place.start in own):
        return False
    same = max((score for score, place in places if place.start in own), default=0.0)
    least = max(_FIGURE_ALIKE * most, _FIGURE_MARGIN * same)
    return any(
        score > least and place in close and (score > _TOGETHER_MARGIN * same or not _is_near(place, point.figure, card))
        for score, place in places
    )


def _with_its_words(point: Point, close: Sequence[Point], own: Iterable[int], article: Context) -> Sequence[Point]:
    """Those of `close` that may be meant: where the article has all words that stand beside a figure around itself, so must they."""
    words = len(point.beside)
    if any(_shared(point, article.figures[start]) == words for start in own if start in article.figures):
        return [here for here in close if _shared(point, here) == words]
    return close


def _like_in_form(figure: Figure, close: Sequence[Point], card: Context, source: Source) -> Iterator[Point]:
    """Those of `close` that are ends of a range if `figure` is one, and else are none: what will lie between two isn't what came out."""
    is_end = ends_range(card.lower, card.stated, figure)
    for here in close:
        if here.figure is not None and ends_range(source.text, source.figures, here.figure) == is_end:
            yield here


def _is_plainly_own(point: Point, close: Sequence[Point], own: Iterable[int], article: Context) -> bool:
    """Whether one of a figure's own places settles that it is no other's, without the weight of each word: quick, and never wrong."""
    if len(article.figures) > COMMON:
        return False  # a word that stands around so many counts nothing, not even in company
    return any(
        _same_pair(point, place) or _in_company(point, place) or all(_is_less(point, here, place, _FIGURE_MARGIN) for here in close)
        for place in (article.figures[start] for start in own if start in article.figures)
    )


def _have_words(point: Point, place: Point) -> bool:
    return len(point.anchors.keys() & place.anchors.keys()) >= _FIGURE_WORDS


def _same_pair(point: Point, place: Point) -> bool:
    """Whether both are what something came "from" to one and the same figure."""
    shared = point.anchors.keys() & place.anchors.keys()
    return "from" in shared and any(stem[0].isdigit() for stem in shared)


def _in_company(point: Point, place: Point) -> bool:
    """Whether another figure stands right beside both."""
    return any(
        stem[0].isdigit() and weight >= _COMPANY and place.anchors.get(stem, 0.0) >= _COMPANY for stem, weight in point.anchors.items()
    )


def _is_near(there: Point, figure: Figure, card: Context) -> bool:
    """Whether the card states the article's figure `there` beside its own `figure`."""
    stated_there = [point.figure for point in card.figures.values() if point.figure and abs(point.figure.start - figure.start) < _BESIDE]
    return there.figure is not None and any(other.readings[0].value == there.figure.readings[0].value for other in stated_there)


def _told(lower: str, point: Point) -> tuple[int, int]:
    """The clause around a direction."""
    start = max(
        (match.end() + 1 for match in _CLAUSE.finditer(lower, max(0, point.start - _CLAUSE_CHARS), point.start)),
        default=max(0, point.start - _CLAUSE_CHARS),
    )
    after = _CLAUSE.search(lower, point.end, point.end + _CLAUSE_CHARS)
    return start, after.start() if after else min(len(lower), point.end + _CLAUSE_CHARS)

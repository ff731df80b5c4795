"""Faults of two figures: each is the article's, but one entity has the other's."""

from __future__ import annotations

import random
from collections.abc import Iterator

from evals.planted.casting import owned_figures
from evals.planted.figures import Figure, still_covers
from evals.planted.pairs import Member, Pair
from evals.planted.plant import Edit, Plant, in_text, prose, shuffled

_KIND = "moved number"
_MOVABLE = frozenset({"percent", "amount", "count"})


def moved_numbers(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Two entities' figures of one kind exchanged in the prose; and one entity given the figure that the article has for another."""
    makers = [_exchanged(pair, rng), _borrowed(pair, rng)]
    rng.shuffle(makers)
    while makers:
        made = next(makers[0], None)
        if made is None:
            makers.pop(0)
            continue
        yield made
        makers.append(makers.pop(0))


def _exchanged(pair: Pair, rng: random.Random) -> Iterator[Plant]:
    theirs = _in_article(pair)
    for where, text in prose(pair):
        owned = [(figure, owner) for figure, owner in _owned(pair, text) if _written(figure) in theirs.get(owner, ())]
        pairs = [(one, other) for index, one in enumerate(owned) for other in owned[index + 1 :]]
        for (one, owner), (other, rival) in shuffled(pairs, rng):
            if _both_lie(pair, theirs, ((one, owner), (other, rival)), text):
                edits = (_edit(where, text, one, other), _edit(where, text, other, one))
                if plant := in_text(_KIND, "exchanged", pair, *edits):
                    yield plant


def _borrowed(pair: Pair, rng: random.Random) -> Iterator[Plant]:
    theirs = _in_article(pair)
    source = pair.article.text
    strange = _owned(pair, source)
    own = [(where, text, figure, owner) for where, text in prose(pair) for figure, owner in _owned(pair, text)]
    for where, text, figure, owner in shuffled(own, rng):
        if _written(figure) not in theirs.get(owner, ()):
            continue
        for other, rival in shuffled(strange, rng):
            if _is_lie(pair, theirs, (figure, owner), (other, rival)) and not _covers(text, figure, other):
                new = source[other.start : other.end]
                if plant := in_text(_KIND, "borrowed", pair, Edit(where, text[figure.start : figure.end], new, figure.start, figure.end)):
                    yield plant
                break


def _owned(pair: Pair, text: str) -> list[tuple[Figure, Member]]:
    entities = (*pair.cast.organisations, *pair.cast.markets)
    owned = owned_figures(text, (*entities, *pair.cast.persons))
    return [(figure, owner) for figure, owner in owned if figure.kind in _MOVABLE and owner in entities]


def _in_article(pair: Pair) -> dict[Member, set[str]]:
    """What the article states of each entity, as written."""
    found: dict[Member, set[str]] = {}
    for figure, owner in _owned(pair, pair.article.text):
        found.setdefault(owner, set()).add(_written(figure))
    return found


def _is_lie(pair: Pair, theirs: dict[Member, set[str]], mine: tuple[Figure, Member], other: tuple[Figure, Member]) -> bool:
    """Whether saying of `mine`'s owner what the article says of `other`'s is false, and reads like something that could be said."""
    (figure, owner), (strange, rival) = mine, other
    alike = (figure.kind, figure.currency, figure.unit.strip()) == (strange.kind, strange.currency, strange.unit.strip())
    return (
        alike
        and owner != rival
        and not pair.cast.are_related(owner, rival)
        and _written(strange) not in theirs.get(owner, ())
        and _written(strange) != _written(figure)
    )


def _both_lie(pair: Pair, theirs: dict[Member, set[str]], owned: tuple[tuple[Figure, Member], tuple[Figure, Member]], text: str) -> bool:
    mine, other = owned
    return (
        _is_lie(pair, theirs, mine, other)
        and _is_lie(pair, theirs, other, mine)
        and not _covers(text, mine[0], other[0])
        and not _covers(text, other[0], mine[0])
    )


def _covers(text: str, figure: Figure, other: Figure) -> bool:
    old, new = (float(found.digits.replace(",", "")) for found in (figure, other))
    return still_covers(text[: figure.start], old, new)


def _written(figure: Figure) -> str:
    return f"{figure.currency}{figure.digits}{figure.unit}"


def _edit(where: str, text: str, figure: Figure, other: Figure) -> Edit:
    return Edit(where, text[figure.start : figure.end], text[other.start : other.end], figure.start, figure.end)

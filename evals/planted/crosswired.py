"""Faults of a whole draft: it is another article's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

from evals.planted.pairs import Pair, load_pairs
from evals.planted.plant import PROSE, Edit, Place, Plant, replaced


def crosswired_cards(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Another article's draft under this article."""
    for other in _others(pair, rng):
        yield Plant("cross-wired card", "whole draft", pair, other.draft, (Edit("", pair.id, other.id),), (Place(""),))


def crosswired_prose(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """This article's entities under another article's summary and analysis."""
    for other in _others(pair, rng):
        draft = replaced(pair.draft, {where: getattr(other.draft, where) for where in PROSE})
        if draft is not None:
            edits = tuple(Edit(where, getattr(pair.draft, where), getattr(other.draft, where)) for where in PROSE)
            yield Plant("cross-wired prose", "summary and analysis", pair, draft, edits, tuple(Place(where) for where in PROSE))


def _others(pair: Pair, rng: random.Random) -> list[Pair]:
    """One pair of each other article, in random order."""
    by_article: dict[str, list[Pair]] = {}
    for other in _pairs():
        if other.article.id != pair.article.id:
            by_article.setdefault(other.article.id, []).append(other)
    chosen = [rng.choice(pairs) for pairs in by_article.values()]
    rng.shuffle(chosen)
    return chosen


@lru_cache(maxsize=1)
def _pairs() -> tuple[Pair, ...]:
    return load_pairs()

"""Which entity of a card is which entity of gold.

An entity on the card matches one of gold by the first of these that holds:
1. one of gold's names or aliases is its name, but for case, accents, punctuation and legal form ("Apple" and "Apple Inc.");
2. they share a symbol;
3. both names stand for the same listed issuer ("Google" and "Alphabet");
4. one name is part of the other, in whole words, and isn't one common word alone ("S&P 500" and "the S&P 500 index").
Each matches at most one. Better rules go first; within a rule, longer names, then the alphabet: order on the card or in gold is no matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from agent.card import Entity
from agent.symbols import load_symbols
from agent.symbols.names import LEGAL_FORMS, tokens
from evals.goldset import GoldEntity

_COMMON = frozenset(
    "the a an of and bank banks national international first new global general american united american north south east west "
    "capital energy financial systems technologies technology industries resources partners services trust fund funds index market "
    "markets stocks shares bonds oil gas china japan india europe us uk".split()
)
"""Words that many names have: one of them alone, inside a longer name, says nothing."""


def matched(said: Sequence[Entity], gold: Sequence[GoldEntity], on: date | None) -> list[tuple[Entity, GoldEntity]]:
    """The pairs, in gold's order; names stand for the issuers of day `on`."""
    edges = sorted(_edges(said, gold, on))
    taken_said: set[int] = set()
    taken_gold: dict[int, int] = {}
    for *_, one, other in edges:
        if one not in taken_said and other not in taken_gold:
            taken_said.add(one)
            taken_gold[other] = one
    return [(said[taken_gold[place]], entity) for place, entity in enumerate(gold) if place in taken_gold]


def _edges(said: Sequence[Entity], gold: Sequence[GoldEntity], on: date | None) -> Iterator[tuple[int, int, str, str, int, int]]:
    for one, entity in enumerate(said):
        for other, expected in enumerate(gold):
            rule = _rule(entity, expected, on)
            if rule is not None:
                yield (rule, -len(entity.name), entity.name, expected.name, one, other)


def _rule(entity: Entity, expected: GoldEntity, on: date | None) -> int | None:
    """The number of the first rule by which they match, None where none does."""
    own, names = _words(entity.name), [_words(name) for name in (expected.name, *expected.aliases)]
    if own and own in names:
        return 1
    if {*entity.tickers} & {*expected.tickers}:
        return 2
    issuers = {_issuer(name, on) for name in (expected.name, *expected.aliases)} - {None}
    if _issuer(entity.name, on) in issuers:
        return 3
    return 4 if any(_within(own, name) or _within(name, own) for name in names) else None


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether `part` stands in `whole` as it is; both have words."""
    if not part or {*part} <= _COMMON:
        return False
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


@lru_cache(maxsize=50_000)
def _words(name: str) -> tuple[str, ...]:
    """The words compared: folded, without "the" and legal forms, unless nothing else is there; other scripts as they are."""
    words = tokens(name) or tuple(name.casefold().split())
    kept = tuple(word for word in words if word not in LEGAL_FORMS and word != "the")
    return kept or words


@lru_cache(maxsize=50_000)
def _issuer(name: str, on: date | None) -> int | None:
    issuer = load_symbols().resolve(name, on)
    return issuer.cik if issuer else None

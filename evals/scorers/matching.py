"""Which entity of a card is which entity of gold.

An entity on the card matches one of gold by the first of these that holds:
1. one of gold's names or aliases is its name, but for case, accents, punctuation and legal form ("Apple" and "Apple Inc.");
2. they share a symbol;
3. both names stand for the same listed issuer ("Google" and "Alphabet");
4. one name is the other with more words that only say what it is or does ("S&P 500 index"), and no symbol speaks against it.
   "Uber China" isn't Uber, and "S&P Global Ratings" isn't S&P Global.
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

_LOOSE = frozenset(
    "u s us uk index indices average averages composite industrial futures future e mini minis stock stocks share shares bond bonds note "
    "notes crude oil spot price prices contract benchmark department ministry currency coin token platforms electronics electric motor "
    "motors automotive airlines airways air lines technologies technology systems software pharmaceuticals pharma pharmaceutical "
    "laboratories semiconductor semiconductors energy petroleum steel chemicals foods insurance bank banking financial global "
    "international industries enterprises entertainment communications telecom network networks".split()
)
"""Words that say what a thing is or does, and that people leave off its name."""


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
    apart = bool(entity.tickers and expected.tickers)
    return 4 if not apart and any(_within(own, name) or _within(name, own) for name in names) else None


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether `whole` is `part` with loose words before or after it, and `part` is more than loose words."""
    if {*part} <= _LOOSE:
        return False
    places = (place for place in range(len(whole) - len(part) + 1) if whole[place : place + len(part)] == part)
    return any({*whole[:place], *whole[place + len(part) :]} <= _LOOSE for place in places)


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

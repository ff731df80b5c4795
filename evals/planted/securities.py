"""Faults of a ticker: an entity that would bring the symbol of a company the article isn't about."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from agent.draft import MAX_ENTITIES, Draft
from agent.symbols import Issuer, load_symbols
from agent.symbols.names import tokens
from evals.planted.pairs import Pair
from evals.planted.plant import Edit, Place, Plant, shuffled

_LARGE = 1_500
"""Issuers from the top of the table: whom a model would think of."""
_WORD = re.compile(r"(?<![\w'’.-])[A-Za-z]{2,}(?![\w'’-])")
# Nobody's article is about these when it holds the word; the name is a listed company's, or the symbol is.
_DELISTED = (("Meta Materials", "meta"), ("Alphabet Holding Company", "alphabet"), ("Apple Rush Company", "apple"), ("Intelsat", "intel"))
_QUOTE_WORDS = (8, 24)
_DRAWN = 60


def invented_tickers(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A listed company that isn't in the article: as one more entity with another's quote, or in another's place."""
    for issuer in rng.sample(load_symbols().issuers()[:_LARGE], _DRAWN):
        if _speaks_of(pair, issuer) or load_symbols().resolve(issuer.name) != issuer:
            continue
        quotes = rng.choice(pair.draft.entities).quotes
        if rng.random() < 1 / 2:
            yield _added(pair, ("invented ticker", "added"), issuer.name, quotes, issuer.symbols)
        else:
            yield _renamed(pair, ("invented ticker", "renamed"), rng.randrange(len(pair.draft.entities)), issuer)


def namesake_tickers(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A listed company whose name or symbol is a word of the article, or that shares the first word of a company of the article."""
    by_variant: dict[str, list[_Namesake]] = {}
    for namesake in (*_common_words(pair), *_sharing(pair)):
        by_variant.setdefault(namesake.variant, []).append(namesake)
    queues = shuffled([shuffled(found, rng) for found in by_variant.values()], rng)
    for drawn in zip_longest(*queues):
        for namesake in filter(None, drawn):
            yield _added(pair, ("namesake ticker", namesake.variant), namesake.name, namesake.quotes, namesake.symbols)


class _Namesake(NamedTuple):
    variant: str
    name: str
    quotes: list[str]
    symbols: tuple[str, ...]


def _common_words(pair: Pair) -> Iterator[_Namesake]:
    symbols, text = load_symbols(), pair.article.text
    seen: set[str] = set()
    there = _issuers_of(pair)
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in seen or not match.group().islower():
            continue
        seen.add(word)
        named, listed = symbols.resolve(word.capitalize()), symbols.issuer_of(word.upper())
        quote = _around(text, match.start())
        if named and named.cik not in there:
            yield _Namesake("common word as a name", word.capitalize(), [quote], named.symbols)
        if listed and listed.cik not in there:
            yield _Namesake("common word as a symbol", word.upper(), [quote], listed.symbols)


def _sharing(pair: Pair) -> Iterator[_Namesake]:
    there = _issuers_of(pair)
    for entity in pair.draft.entities:
        first = (tokens(entity.name) or ("",))[0]
        if entity.kind != "public company" or len(first) < 4:  # noqa: PLR2004
            continue
        for issuer in _by_first_word().get(first, ()):
            if issuer.cik not in there and issuer.name.casefold() not in f"{pair.article.title}\n{pair.article.text}".casefold():
                yield _Namesake("shared word", issuer.name, entity.quotes, issuer.symbols)
        for name, word in _DELISTED:
            if word == first:
                yield _Namesake("shared word", name, entity.quotes, ())


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[Issuer]]:
    found: dict[str, list[Issuer]] = {}
    for issuer in load_symbols().issuers():
        found.setdefault((tokens(issuer.name) or ("",))[0], []).append(issuer)
    return found


def _issuers_of(pair: Pair) -> frozenset[int]:
    """The issuers (cik) that the article speaks of, as far as its cast knows."""
    resolved = (load_symbols().resolve(member[0]) for member in pair.cast.organisations)
    return frozenset(issuer.cik for issuer in resolved if issuer)


def _speaks_of(pair: Pair, issuer: Issuer) -> bool:
    """Whether any word of one of its names is in the article: generous, since there are enough others."""
    known = set(re.findall(r"[a-z0-9]+", f"{pair.article.title} {pair.article.text}".lower()))
    names = (issuer.name, *load_symbols().names_of(issuer))
    return any(word in known for name in names for word in tokens(name) if len(word) > 2)  # noqa: PLR2004


def _around(text: str, at: int) -> str:
    """A piece of the paragraph with the word at `at`, long enough for a quote."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    words = list(re.finditer(r"\S+", text[start : end if end > 0 else len(text)]))
    index = next(index for index, word in enumerate(words) if start + word.end() > at)
    first = max(0, index - _QUOTE_WORDS[0] // 2)
    last = min(len(words) - 1, first + _QUOTE_WORDS[1] // 2)
    return text[start + words[first].start() : start + words[last].end()]


def _added(pair: Pair, name: tuple[str, str], issuer: str, quotes: list[str], symbols: tuple[str, ...]) -> Plant | None:
    if len(pair.draft.entities) >= MAX_ENTITIES:
        return None
    dumped = pair.draft.model_dump()
    entity = dumped["entities"][0] | {"name": issuer, "kind": "public company", "quotes": quotes, "relevance": "involved"}
    index = len(dumped["entities"])
    dumped["entities"] = [*dumped["entities"], entity]
    edit = Edit(f"entities[{index}]", "", issuer)
    return Plant(*name, pair, Draft.model_validate(dumped), (edit,), _entity_places(index, quotes), symbols, index)


def _renamed(pair: Pair, name: tuple[str, str], index: int, issuer: Issuer) -> Plant | None:
    dumped = pair.draft.model_dump()
    old = dumped["entities"][index]
    dumped["entities"][index] = old | {"name": issuer.name, "kind": "public company", "relevance": "involved"}
    edit = Edit(f"entities[{index}]", old["name"], issuer.name)
    return Plant(*name, pair, Draft.model_validate(dumped), (edit,), _entity_places(index, old["quotes"]), issuer.symbols, index)


def _entity_places(index: int, quotes: list[str]) -> tuple[Place, ...]:
    return (Place(f"entities[{index}].name"), *(Place(f"entities[{index}].quotes[{number}]") for number in range(len(quotes))))

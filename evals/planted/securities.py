"""Faults of a ticker: an entity that would bring the symbol of a company the article isn't about."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache

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


def invented_tickers(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A listed company that isn't in the article: as one more entity with another's quote, or in another's place."""
    absent = [issuer for issuer in load_symbols().issuers()[:_LARGE] if not _speaks_of(pair, issuer)]
    for issuer in rng.sample(absent, 12):
        if load_symbols().resolve(issuer.name) != issuer:
            continue
        quotes = rng.choice(pair.draft.entities).quotes
        if rng.random() < 1 / 2:
            yield _added(pair, ("invented ticker", "added"), issuer.name, quotes, issuer.symbols)
        else:
            yield _renamed(pair, ("invented ticker", "renamed"), rng.randrange(len(pair.draft.entities)), issuer)


def namesake_tickers(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A listed company whose name or symbol is a word of the article, or that shares the first word of a company of the article."""
    made = [
        *(_added(pair, ("namesake ticker", variant), name, [quote], symbols) for variant, name, quote, symbols in _common_words(pair)),
        *(_added(pair, ("namesake ticker", "shared word"), name, quotes, symbols) for name, quotes, symbols in _sharing(pair)),
    ]
    kinds = sorted({plant.variant for plant in made if plant})
    rng.shuffle(kinds)
    by_kind = {kind: shuffled([plant for plant in made if plant and plant.variant == kind], rng) for kind in kinds}
    while any(by_kind.values()):
        for kind in kinds:
            if by_kind[kind]:
                yield by_kind[kind].pop()


def _common_words(pair: Pair) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    symbols, text = load_symbols(), pair.article.text
    seen: set[str] = set()
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in seen or not match.group().islower():
            continue
        seen.add(word)
        named, listed = symbols.resolve(word.capitalize()), symbols.issuer_of(word.upper())
        quote = _around(text, match.start())
        if named and not _is_there(pair, named):
            yield "common word as a name", word.capitalize(), quote, named.symbols
        if listed and not _is_there(pair, listed):
            yield "common word as a symbol", word.upper(), quote, listed.symbols


def _sharing(pair: Pair) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
    for entity in pair.draft.entities:
        first = (tokens(entity.name) or ("",))[0]
        if entity.kind != "public company" or len(first) < 4:  # noqa: PLR2004
            continue
        for issuer in _by_first_word().get(first, ()):
            if not _is_there(pair, issuer) and not _names(pair, issuer.name):
                yield issuer.name, entity.quotes, issuer.symbols
        for name, word in _DELISTED:
            if word == first:
                yield name, entity.quotes, ()


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[Issuer]]:
    found: dict[str, list[Issuer]] = {}
    for issuer in load_symbols().issuers():
        found.setdefault((tokens(issuer.name) or ("",))[0], []).append(issuer)
    return found


def _is_there(pair: Pair, issuer: Issuer) -> bool:
    """Whether the article speaks of `issuer` as far as its cast knows."""
    called = {form.casefold() for member in (*pair.cast.organisations, *pair.cast.places) for form in member}
    resolved = (load_symbols().resolve(member[0]) for member in pair.cast.organisations)
    return any(found is not None and found.cik == issuer.cik for found in resolved) or issuer.name.casefold() in called


def _speaks_of(pair: Pair, issuer: Issuer) -> bool:
    """Whether any word of one of its names is in the article: generous, since there are enough others."""
    known = set(re.findall(r"[a-z0-9]+", f"{pair.article.title} {pair.article.text}".lower()))
    names = (issuer.name, *load_symbols().names_of(issuer))
    return any(word in known for name in names for word in tokens(name) if len(word) > 2)  # noqa: PLR2004


def _names(pair: Pair, name: str) -> bool:
    return name.casefold() in f"{pair.article.title}\n{pair.article.text}".casefold()


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

"""Names in an article: those known beforehand, and rows of capitalised words with what their neighbours say of their kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from agent.draft import EntityKind
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit, Terms, split

MAX_NAME_TOKENS = 6

_KINDS: tuple[EntityKind, ...] = ("country", "government body", "other", "index", "crypto", "commodity", "currency")
_OPENING = frozenset(':"“‘•\n')
_PARTICLES = frozenset({"de", "la", "van", "von", "der", "den", "del", "di", "da", "bin", "al"})
_LISTED = frozenset({"listed", "traded"})
_INDICES = frozenset({"index", "indices", "exchange"})
_AMOUNTS = frozenset({"million", "billion", "trillion", "thousand", "hundred", "of"})


class Known(NamedTuple):
    """A known thing. `kind` None: a place, which is no entity but mustn't be taken for a name either."""

    key: str
    kind: EntityKind | None
    form: str


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens `first` to `last` (exclusive), capitalised, that may be a name."""

    first: int
    last: int
    sentence: Sentence


def known_names(reading: Reading) -> Iterator[Hit[Known]]:
    """Known names, in order; only those whose capitals and neighbours fit."""
    hits = _known().find_each(reading.words, reading.tokens_of(_known().firsts), [(0, len(reading.words))])
    for hit in hits.get(0, ()):
        match = next((known for known in hit.value if _fits(reading, hit, known)), None)
        if match:
            yield Hit(hit.first, hit.last, match)


def runs(reading: Reading, taken: Collection[int]) -> Iterator[Run]:
    """Rows of capitalised words in the body's prose. `taken`: tokens that may begin a name whatever words they are."""
    words, capitals = reading.words, reading.capitals
    ordinary, never = _ordinary(reading), not_names()
    for sentence in reading.prose:
        free = sentence.first
        # Most words have no capital, and need no more than this.
        for at in [at for at in range(sentence.first, sentence.last) if capitals[at]]:
            if at < free or (at not in taken and _begins_no_name(words[at], never)):
                continue
            if at not in taken and words[at] in ordinary and (at == sentence.first or _opens(reading, at)):
                continue
            free = _end_of_run(reading, at, sentence.last)
            yield Run(at, free, sentence)


@lru_cache(maxsize=1)
def company_suffixes() -> frozenset[str]:
    """Last words of companies' names."""
    return frozenset(read_lexicon("words")["organisations"]["company"])


@lru_cache(maxsize=1)
def _bodies() -> frozenset[str]:
    """Words that `of` may follow within a name."""
    organisations = read_lexicon("words")["organisations"]
    return frozenset(word for key in ("company", "fund", "government", "other") for word in organisations[key])


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Capitalised words that are no names by themselves."""
    words = read_lexicon("words")
    return frozenset(words["not_names"].split()) | frozenset(words["function_words"].split()) | frozenset(words["dangling"])


def _end_of_run(reading: Reading, first: int, stop: int) -> int:
    last = first + 1
    while last < stop and last - first < MAX_NAME_TOKENS and not reading.possessive(last - 1):
        if _continues(reading, last):
            last += 1
        elif last + 1 < stop and _connects(reading, last) and _continues(reading, last + 1):
            last += 2
        else:
            break
    return last


def _connects(reading: Reading, token: int) -> bool:
    """Whether a small word is part of a name: always in Ursula von der Leyen, with `of` only in Bank of X, not in Jo Bloggs of Y."""
    if reading.gaps[token] != " " or reading.gaps[token - 1] != " ":
        return False
    word = reading.words[token]
    return word in _PARTICLES or (word == "of" and reading.words[token - 1] in _bodies())


def _continues(reading: Reading, token: int) -> bool:
    word = reading.words[token]
    if not reading.capitals[token] or (word in not_names() and word not in company_suffixes()):
        return False
    before = reading.gaps[token - 1]
    initial = reading.ends[token - 1] - reading.starts[token - 1] == 1
    return before in {" ", "-", " & "} or (initial and before == ". ")


def _begins_no_name(word: str, never: frozenset[str]) -> bool:
    # An apostrophe left in a word is a contraction's (I'm) or a name's (O'Neill); the former begin with common words.
    return word in never or ("'" in word and word.partition("'")[0] in never)


def _opens(reading: Reading, token: int) -> bool:
    """Whether what stands before a token asks for a capital: a colon, an opening quotation mark, a new line."""
    return not _OPENING.isdisjoint(reading.gaps[token - 1])


def _ordinary(reading: Reading) -> frozenset[str]:
    """Words that a capital at the beginning of a sentence says nothing of.

    They stand in lower case elsewhere, or nowhere else with a capital and with no other capitalised word after them.
    """
    words, capitals = reading.words, reading.capitals
    body = range(reading.token_at(reading.shift), len(words))
    opening = {sentence.first for sentence in reading.sentences}
    lower = {words[token] for token in body if not capitals[token]}
    proper, starts = set(), set()
    for token in [token for token in body if capitals[token]]:
        word = words[token]
        if not (token in opening or _opens(reading, token)) or _unusual(reading.surface(token, token + 1)):
            proper.add(word)
        else:
            starts.add(word)
            if token + 1 < len(words) and reading.gaps[token] == " " and capitals[token + 1] and word not in _openers():
                proper.add(word)
    return frozenset(word for word in starts if word in lower or word not in proper)


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    return frozenset(read_lexicon("words")["openers"].split())


def _unusual(surface: str) -> bool:
    """Capitals inside or throughout (OpenAI, IBM)."""
    return any(char.isupper() for char in surface[1:])


def _fits(reading: Reading, hit: Hit[tuple[Known, ...]], known: Known) -> bool:
    surface = reading.surface(hit.first, hit.last)
    if not (surface.isupper() if known.form.isupper() else surface[0].isupper() or not known.form[0].isupper()):
        return False
    before = reading.words[hit.first - 1] if hit.first else ""
    if known.kind == "country" and known.form.isupper():
        # `U.S. stocks` speaks of stocks; `the U.S.` of the country.
        return bool(hit.first) and reading.words[hit.first - 1] == "the"
    if known.kind == "index":
        return _is_index(reading, hit.last)
    if known.kind == "currency":
        return before not in _AMOUNTS and not before[:1].isdigit() and not _amount(reading, hit.first)
    if known.kind == "commodity":
        near = reading.words[max(0, hit.first - 12) : hit.last + 12]
        return not _trade_words().isdisjoint(near) and not (surface[0].isupper() and hit.first and reading.capitals[hit.first - 1])
    return True


def _is_index(reading: Reading, last: int) -> bool:
    """Whether an index's name that ends at `last` is just that: no place of listing (`Nasdaq: X`), nor part of KBW Nasdaq Bank Index."""
    if last == len(reading.words):
        return True
    gap, word = reading.gaps[last - 1], reading.words[last]
    if (gap.startswith(":") and reading.surface(last, last + 1).isupper()) or word in _LISTED:
        return False
    stop = last
    while stop < min(len(reading.words), last + MAX_NAME_TOKENS) and reading.capitals[stop] and reading.gaps[stop - 1] == " ":
        stop += 1
    longer = stop > last and reading.words[stop - 1] in _INDICES
    return not longer or (stop == last + 1 and word == "index")


def _amount(reading: Reading, token: int) -> bool:
    return reading.text[reading.starts[token] - 1 : reading.starts[token]] in {"-", "$"}


@lru_cache(maxsize=1)
def _trade_words() -> frozenset[str]:
    return frozenset(read_lexicon("known")["trade_words"])


@lru_cache(maxsize=1)
def _known() -> Terms[tuple[Known, ...]]:
    lexicon = read_lexicon("known")
    forms: dict[tuple[str, ...], list[Known]] = {}
    for kind in _KINDS:
        for row in lexicon[kind]:
            key = row.split("|")[0]
            for form in row.split("|"):
                words = tuple(word.rstrip(".").removesuffix("'s") if word != "u.s." else "u.s" for word in split(form.rstrip("+")))
                forms.setdefault(words, []).append(Known(key, kind, form))
    for place in lexicon["place"]:
        forms.setdefault(split(place), []).append(Known(place, None, place))
    return Terms((words, tuple(known)) for words, known in forms.items())

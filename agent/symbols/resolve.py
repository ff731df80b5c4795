"""From a name to the rows of the table it may stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.symbols.forms import NOBODY, Named, proves_something
from agent.symbols.lexicon import Lexicon, alias_key
from agent.symbols.names import name_key, short_key, symbol_key, tokens

MUCH_LARGER = 5
"""A row this many times nearer to the top of the list is the one that people mean by a name that two share."""
COMMON_WORD = 30
"""Issuers. A word in more names than this one doesn't bring them near each other."""
LONGEST = 200
"""Characters. What is longer isn't a name."""

_SYMBOL_FORM = re.compile(r"\$[A-Za-z]{1,5}(?:[./-][A-Za-z]{1,2})?|(?:NYSE|NASDAQ|CBOE|OTC)[A-Za-z ]*:\s?\S{1,8}", re.IGNORECASE)
_PARENTHESIS = re.compile(r"(.+?)\s*[(\[]([^()\[\]]*)[)\]]\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """Rows a name may stand for: one when it resolves, none or several when it doesn't. `why` in words for the user."""

    rows: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class Keys:
    """Rows by what their names are compared by."""

    named: Sequence[Named]

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        """Name without legal form -> rows."""
        found: dict[str, list[int]] = {}
        for issuer in self.named:
            found.setdefault(issuer.key, []).append(issuer.row)
        return found

    @cached_property
    def by_short_key(self) -> dict[str, list[int]]:
        """Name without legal form, "Group" and "Holdings" -> rows, where that is a shorter name."""
        found: dict[str, list[int]] = {}
        for issuer in self.named:
            short = short_key(issuer.key)
            if short != issuer.key:
                found.setdefault(short, []).append(issuer.row)
        return found


@dataclass(frozen=True)
class Names:
    """Everything that a name is looked up in."""

    keys: Keys
    aliases: Mapping[str, int]
    beginnings: Mapping[str, int]
    by_symbol: Mapping[str, int | None]
    lexicon: Lexicon


def rows_of(name: str, names: Names) -> Found:
    """The rows for `name`: exactly one when it resolves."""
    if len(name) > LONGEST or not tokens(name):
        return Found((), "not a name in plain Latin script")
    if _SYMBOL_FORM.fullmatch(name.strip()):
        row = names.by_symbol.get(symbol_key(name) or "")
        return Found(() if row is None else (row,), "a symbol")
    whole = _rows_of_plain(name, names)
    aside = _PARENTHESIS.fullmatch(name)
    if whole.rows or not aside:
        return whole
    return _agreeing(_rows_of_plain(aside.group(1), names), aside.group(2), names)


def _agreeing(found: Found, aside: str, names: Names) -> Found:
    """`found`, unless what stands in the parenthesis after the name is a symbol of somebody else."""
    symbol = symbol_key(aside)
    row = names.by_symbol.get(symbol) if symbol and aside.isupper() else None
    return found if row is None or row in found.rows else Found((), "the name and the symbol beside it belong to two issuers")


def _rows_of_plain(name: str, names: Names) -> Found:
    key = name_key(name)
    for alias in (alias_key(name), key):
        row = names.aliases.get(alias)
        if row == NOBODY and alias == alias_key(name):
            return Found((), "a name of several companies, or of one that isn't listed")
        if row is not None and row != NOBODY:
            filed = _filed_just_so(name, key, names)
            return Found((row,), "an alias") if filed is None or alias == alias_key(name) else Found((filed,), "its name")
    for rows, why in (
        (names.keys.by_key.get(key), "its name"),
        (names.keys.by_short_key.get(short_key(key)), "its name without Group or Holdings"),
        (names.keys.by_key.get(short_key(key)), "its name without Group or Holdings"),
    ):
        if rows:
            return _the_one(rows, name, names, why)
    beginning = names.beginnings.get(key)
    if beginning is None:
        return Found((), "no listed issuer of that name")
    if not proves_something(key, names.lexicon):
        return Found((), "the beginning of a name, but of ordinary words")
    return Found((beginning,), "the beginning of its name, and of no other")


def _filed_just_so(name: str, key: str, names: Names) -> int | None:
    """The listed row whose filed name is `name` with its legal form: "Vertex, Inc." isn't the "Vertex" that people mean."""
    rows = [
        row
        for row in names.keys.by_key.get(key, ())
        if names.keys.named[row].listed and tokens(names.keys.named[row].display) == tokens(name)
    ]
    return rows[0] if len(rows) == 1 else None


def _the_one(rows: list[int], name: str, names: Names, why: str) -> Found:
    """One row of several with the same key: the listed one, the one that is written just so, or the much larger one."""
    candidates = [row for row in rows if names.keys.named[row].listed] or rows
    if len(candidates) > 1:
        written = tokens(name)
        candidates = [row for row in candidates if tokens(names.keys.named[row].display) == written] or candidates
    if len(candidates) > 1 and (candidates[0] + 1) * MUCH_LARGER <= candidates[1]:
        candidates = candidates[:1]
    return Found(tuple(candidates), why if len(candidates) == 1 else "several issuers have that name")


def nearest(name: str, names: Names, limit: int = 8) -> list[int]:
    """Rows whose names share words with `name` or are spelt like it, best first."""
    from difflib import get_close_matches

    key = name_key(name)
    if not key:
        return []
    counts = Counter(word for issuer in names.keys.named for word in frozenset(issuer.key.split()))
    # A word of many names (bancorp, ai) says nothing about nearness.
    worth = {word: 1 / counts[word] for word in key.split() if 0 < counts[word] <= COMMON_WORD}
    scores = ((sum(worth.get(word, 0.0) for word in frozenset(issuer.key.split())), -issuer.row) for issuer in names.keys.named)
    rows = [-row for score, row in sorted(scores, reverse=True)[:limit] if score > 0]
    called = names.keys.by_key | {
        name: [row] for name, row in (dict(names.beginnings) | dict(names.aliases)).items() if row != NOBODY and row < len(names.keys.named)
    }
    spelt = get_close_matches(key, called, n=limit, cutoff=0.8)
    return list(dict.fromkeys([*(row for match in spelt for row in called[match]), *rows]))[:limit]

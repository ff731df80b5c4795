"""What names and symbols stand for in one stretch of time: the table of today, or the table with the changes of the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agent.symbols.forms import FormIndex
from agent.symbols.history import Changes, Period
from agent.symbols.lexicon import Lexicon, alias_key
from agent.symbols.listing import Issuer, Listing
from agent.symbols.resolve import Names

T = TypeVar("T")

LETTERS: dict[str, str | None] = {"Q": "NASDAQ", "N": "NYSE", "C": "CBOE", "O": "OTC", "-": None}
"""Exchanges as the tables have them."""


class Layers(Mapping[str, T]):
    """Two mappings as one, the upper first: `ChainMap` for reading alone."""

    def __init__(self, upper: Mapping[str, T], lower: Mapping[str, T]) -> None:
        self._upper, self._lower = upper, lower

    def __getitem__(self, key: str) -> T:
        return self._upper[key] if key in self._upper else self._lower[key]

    def get(self, key: str, default: Any = None) -> Any:
        """As of any mapping, but without an exception for each word that isn't there."""
        return self._upper[key] if key in self._upper else self._lower.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._lower, **self._upper})

    def __len__(self) -> int:
        return len({**self._lower, **self._upper})


@dataclass(frozen=True, slots=True)
class View:
    """`forms`, `issuers` and `newer` as in `Changes`: what isn't in them is as in the table of today."""

    names: Names
    forms: FormIndex = field(default_factory=dict)
    issuers: Mapping[int, Issuer | None] = field(default_factory=dict)
    newer: Mapping[int, str] = field(default_factory=dict)

    @property
    def by_symbol(self) -> Mapping[str, int | None]:
        """Symbol -> row."""
        return self.names.by_symbol

    @property
    def lexicon(self) -> Lexicon:
        """The same at all times."""
        return self.names.lexicon

    def too_new(self, row: int, name: str) -> bool:
        """Whether the company took `name` only later."""
        return row in self.newer and alias_key(name).split(" ")[0] == self.newer[row]


def past_view(today: View, changes: Changes) -> View:
    """`today` with `changes`, which come first."""
    if not changes.issuers:
        return today
    names = Names(
        today.names.keys,
        Layers(changes.aliases, today.names.aliases),
        today.names.beginnings,
        Layers(changes.symbols, today.names.by_symbol),
        today.lexicon,
    )
    return View(names, changes.forms, changes.issuers, changes.newer)


def past_issuers(periods: Sequence[Period], today: Callable[[str], Issuer | None]) -> dict[int, Issuer]:
    """Index of a line of the history -> who it was.

    `today` finds an issuer of today by symbol. A line of a company that should be among these and isn't is left out.
    """
    found: dict[int, Issuer] = {}
    for index, period in enumerate(periods):
        heir = today(period.issuer) if period.renamed else None
        if not period.past or (period.renamed and heir is None):
            continue
        # Whose CIK isn't known has a number of its own, which is no CIK.
        cik = heir.cik if heir else int(period.issuer) if period.issuer.isdigit() else -1 - index
        classes = [listing.share_class for listing in heir.listings] if heir else []
        labels = classes if len(classes) == len(period.symbols) else [None] * len(period.symbols)
        exchange = LETTERS[period.exchange]
        listings = (Listing(symbol, exchange, period.name, cik, label) for symbol, label in zip(period.symbols, labels, strict=True))
        found[index] = Issuer(cik, period.name, tuple(listings))
    return found

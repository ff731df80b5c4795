"""Symbols that were: which lines of renames.tsv hold on a day, and what they change in the table of today.

A company still listed under another symbol keeps its row and shows its old symbol and name; one that is gone has a row of its own,
after the last of the table; one not yet listed shows nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from agent.symbols.forms import Form, FormIndex, form_of
from agent.symbols.lexicon import Lexicon, alias_key
from agent.symbols.listing import Issuer
from agent.symbols.names import name_key, short_key

_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Period:
    """One line: `symbols` were those of `name` from `start` on, and no longer on `end`.

    `issuer` is the same company's symbol today, or its CIK, or "-". A line without an end says when a symbol of today was first listed.
    """

    symbols: tuple[str, ...]
    exchange: str
    name: str
    also: tuple[str, ...]
    start: date
    end: date
    issuer: str
    why: str

    @property
    def past(self) -> bool:
        """Whether it is over."""
        return self.end < date.max

    @property
    def renamed(self) -> bool:
        """Whether the company is still listed, under the symbol `issuer`."""
        return self.past and not self.issuer.isdigit() and self.issuer != "-"

    def holds(self, on: date) -> bool:
        """Whether `on` lies in it."""
        return self.start <= on < self.end

    @property
    def keys(self) -> dict[str, str]:
        """What its names are compared by -> the name as written."""
        filed = name_key(self.name)
        return {filed: self.name, short_key(filed): self.name} | {alias_key(name): name for name in (self.name, *self.also)}


@lru_cache(maxsize=1)
def load_history() -> tuple[Period, ...]:
    """The packaged lines, read once a process."""
    lines = files("agent.symbols").joinpath("renames.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(read_period(line) for line in lines if line and not line.startswith("#"))


def read_period(line: str) -> Period:
    """One line of renames.tsv. Raises ValueError when it hasn't eight columns or a date isn't one."""
    columns = line.split("\t")
    if len(columns) != _COLUMNS:
        raise ValueError(f"a line of renames.tsv has {len(columns)} columns instead of {_COLUMNS}: {columns[0]}")
    symbols, exchange, name, also, start, end, issuer, why = columns
    others = () if also == "-" else tuple(also.split(";"))
    first = date.min if start == "-" else _days(start)[0]
    last = date.max if end == "-" else _days(end)[1]
    return Period(tuple(symbols.split(" ")), exchange, name, others, first, last, issuer, why)


def _days(written: str) -> tuple[date, date]:
    """First day and the day after the last of "2023" or "2023-10"; of a day, itself twice: there the line ends in the morning."""
    year, month, day = (int(part) for part in (f"{written}-0-0").split("-")[:3])
    if day:
        return (exact := date(year, month, day)), exact
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    return date(year, month or 1, 1), last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the table of today in one stretch of time.

    `issuers`: row -> who it was then, None where nothing was listed yet. `symbols`: symbol -> row, None where it was nobody's.
    `aliases`: key -> row. `newer`: row -> first word of a name that the company didn't have yet. `forms`: first word -> the forms of then.
    """

    issuers: dict[int, Issuer | None]
    symbols: dict[str, int | None]
    aliases: dict[str, int]
    newer: dict[int, str]
    forms: FormIndex


@dataclass(frozen=True, slots=True)
class Today:
    """What of today's table the changes are made from. `rows`: cik, name, key ... of each issuer."""

    rows: Sequence[Sequence[str]]
    by_symbol: Mapping[str, int]
    lexicon: Lexicon


class History:
    """The lines that concern one table, and the stretches of time that they cut it into."""

    def __init__(self, periods: Iterable[Period], today: Today, past_issuer: Mapping[int, Issuer]) -> None:
        """`past_issuer`: index of a line -> the issuer it stands for."""
        self._lines = [(index, period) for index, period in enumerate(periods) if not period.past or index in past_issuer]
        self._today = today
        self._past_issuer = past_issuer
        self._forms: dict[int, dict[str, Form]] = {}
        """Index of a line -> its forms by key. Lines hold in many stretches, and forms take long to make."""
        self._edges = sorted({day for _, period in self._lines for day in (period.start, period.end)})

    def stretch(self, on: date) -> int:
        """A number that is the same for days on which the same lines hold."""
        return bisect_right(self._edges, on)

    def changes(self, on: date) -> Changes:
        """What was different on that day; days of one `stretch` have the same."""
        found = Changes({}, {}, {}, {}, {})
        for index, period in self._lines:
            if not period.past:
                if on < period.start:
                    self._hide(found, period)
            elif period.holds(on):
                self._apply(found, index, period)
        return found

    def _hide(self, found: Changes, period: Period) -> None:
        row = self._today.by_symbol.get(period.issuer)
        if row is not None:
            found.issuers.setdefault(row, None)

    def _apply(self, found: Changes, index: int, period: Period) -> None:
        row = self._today.by_symbol.get(period.issuer)
        if index not in self._forms:
            where = len(self._today.rows) + index if row is None else row
            self._forms[index] = {key: form_of(key, written, where, self._today.lexicon) for key, written in period.keys.items()}
        forms = self._forms[index]
        if row is None:
            row = len(self._today.rows) + index
        else:
            self._move(found, row, forms.values())
        found.issuers[row] = self._past_issuer[index]
        found.symbols.update(dict.fromkeys(period.symbols, row))
        found.aliases.update(dict.fromkeys(forms, row))
        for form in forms.values():
            found.forms.setdefault(form.words[0], []).append(form)

    def _move(self, found: Changes, row: int, forms: Iterable[Form]) -> None:
        """The symbols and the name of today weren't the company's yet."""
        for written in self._today.rows[row][3].split(" "):
            found.symbols.setdefault(written[:-2], None)
        first = self._today.rows[row][2].partition(" ")[0]
        if all(form.words[0] != first for form in forms):
            found.newer[row] = first

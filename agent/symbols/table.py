"""The table of listed securities: who is listed, under which symbols, and by which names people call them."""

from __future__ import annotations

from functools import cached_property

from agent.symbols.classes import EXCHANGES, load_classes
from agent.symbols.forms import NOBODY, FormIndex, Named, build_forms, proves_something, unique_beginnings
from agent.symbols.lexicon import alias_key, load_lexicon
from agent.symbols.listing import Candidate, Issuer, Listing, Mention
from agent.symbols.names import symbol_key
from agent.symbols.resolve import Names, nearest, rows_of
from agent.symbols.scan import find_mentions, mentions_any

_MAGIC = "# newscard symbols"
_EXCHANGES = {"Q": "NASDAQ", "N": "NYSE", "C": "CBOE", "O": "OTC", "-": None}
_COLUMNS = 5


class SymbolTable:
    """Read-only. `version` is the date of the SEC's list, YYYY-MM-DD."""

    def __init__(self, text: str) -> None:
        """Read a table as `agent.symbols.build` writes it. Raises ValueError when `text` isn't one."""
        head, _, body = text.partition("\n")
        magic, *rest = head.split("\t")
        if magic != _MAGIC or not rest:
            raise ValueError("not a newscard symbol table")
        self.version = rest[0]
        rows = [line.split("\t") for line in body.split("\n") if line]
        if any(len(row) != _COLUMNS for row in rows):
            raise ValueError("a line of the symbol table hasn't five columns")
        self._rows = [row for row in rows if row[3]]
        self._issuers: dict[int, Issuer] = {}
        self._lexicon = load_lexicon()

    def __len__(self) -> int:
        return len(self._rows)

    def resolve(self, name: str) -> Issuer | None:
        """The issuer that `name` stands for, or None when it stands for none or for several.

        An alias first, then the name without its legal form, then without "Group" and "Holdings", then the beginning of one listed
        company's name ("Palantir") that is no ordinary word. "$TSLA" and "NASDAQ: GOOGL" are names too; a bare symbol isn't.
        """
        found = rows_of(name, self._names)
        return self._issuer(found.rows[0]) if len(found.rows) == 1 else None

    def issuer_of(self, symbol: str) -> Issuer | None:
        """The issuer of a symbol in any written form ("BRK-B", "$brk.b", "NYSE: BRK.B"), preferreds and the like included."""
        key = symbol_key(symbol)
        row = self._by_symbol.get(key) if key else None
        return None if row is None else self._issuer(row)

    def issuers(self) -> list[Issuer]:
        """All issuers with common shares, the large ones first."""
        return [self._issuer(row) for row in range(len(self._rows))]

    def names_of(self, issuer: Issuer) -> tuple[str, ...]:
        """Names by which a text may mention `issuer`: as filed, without legal form, its aliases, and first words that are its own."""
        row = self._row_of_cik.get(issuer.cik)
        if row is None:
            return (issuer.name,)
        return tuple(dict.fromkeys((issuer.name, self._rows[row][2], *self._called.get(row, ()))))

    def mentions(self, text: str) -> list[Mention]:
        """Where `text` names issuers, in order, without overlap; time grows with the length of the text.

        By name: the longest that fits, on word boundaries, written large. By symbol: "(NASDAQ: GOOGL)", "$TSLA", "(TSLA.O)".
        A name that is an ordinary word as well counts only with support: a legal form or symbol beside it, "shares of", an
        unmistakable mention elsewhere, or its capital in the middle of a sentence.
        """
        found = find_mentions(text, self._forms, self._by_symbol, self._lexicon)
        return [Mention(start, end, text[start:end], self._issuer(row)) for start, end, row in found]

    def is_named(self, issuer: Issuer, text: str, *also: str) -> bool:
        """Whether `text` has a name of `issuer` or one of `also`, written large; no further support is asked for."""
        return mentions_any(text, (*self.names_of(issuer), *also))

    def lookup(self, name: str) -> list[Candidate]:
        """What `name` resolves to, and why; else up to eight issuers that come near, best first; else nothing."""
        found = rows_of(name, self._names)
        if len(found.rows) == 1:
            return [Candidate(self._issuer(found.rows[0]), resolves=True, why=found.why)]
        by_symbol = self.issuer_of(name)
        near = [Candidate(by_symbol, resolves=False, why="its symbol")] if by_symbol else []
        near += [Candidate(self._issuer(row), resolves=False, why=found.why) for row in found.rows]
        near += [Candidate(self._issuer(row), resolves=False, why="a similar name") for row in nearest(name, self._names)]
        first_of_each: dict[int, Candidate] = {}
        for candidate in near:
            first_of_each.setdefault(candidate.issuer.cik, candidate)
        return list(first_of_each.values())[:8]

    def _issuer(self, row: int) -> Issuer:
        if row not in self._issuers:
            cik, name, _, common, _ = self._rows[row]
            labels = load_classes().labels
            pairs = [written.rpartition(":") for written in common.split(" ")]
            listings = (Listing(symbol, _EXCHANGES[letter], name, int(cik), labels.get(symbol)) for symbol, _, letter in pairs)
            self._issuers[row] = Issuer(int(cik), name, tuple(listings))
        return self._issuers[row]

    @cached_property
    def _by_symbol(self) -> dict[str, int]:
        return {written[:-2]: row for row, fields in enumerate(self._rows) for part in fields[3:5] if part for written in part.split(" ")}

    @cached_property
    def _row_of_cik(self) -> dict[int, int]:
        return {int(fields[0]): row for row, fields in enumerate(self._rows)}

    @cached_property
    def _named(self) -> list[Named]:
        listed = {letter for letter, exchange in _EXCHANGES.items() if exchange in EXCHANGES}
        return [Named(row, fields[2], fields[1], fields[3][-1] in listed) for row, fields in enumerate(self._rows)]

    @cached_property
    def _aliases(self) -> list[tuple[str, str, int]]:
        """(key, as written, row). An alias whose issuer isn't in this table is left out; the row of a name that is nobody's is NOBODY."""
        rows = ((alias, NOBODY if symbol == "-" else self._by_symbol.get(symbol)) for alias, symbol in self._lexicon.aliases)
        return [(alias_key(alias), alias, row) for alias, row in rows if row is not None]

    @cached_property
    def _names(self) -> Names:
        return Names(self._named, {key: row for key, _, row in self._aliases}, self._beginnings, self._by_symbol, self._lexicon)

    @cached_property
    def _beginnings(self) -> dict[str, int]:
        return unique_beginnings(self._named)

    @cached_property
    def _forms(self) -> FormIndex:
        return build_forms(self._named, self._aliases, self._beginnings, self._lexicon)

    @cached_property
    def _called(self) -> dict[int, list[str]]:
        called: dict[int, list[str]] = {}
        for _, alias, row in self._aliases:
            called.setdefault(row, []).append(alias)
        for beginning, row in self._beginnings.items():
            if proves_something(beginning, self._lexicon):
                called.setdefault(row, []).append(beginning)
        return called

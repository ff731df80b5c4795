"""The table of listed securities: who is listed, under which symbols, and by which names people call them."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from agent.symbols.classes import EXCHANGES, load_classes
from agent.symbols.forms import NOBODY, FormIndex, Named, build_forms, proves_something, unique_beginnings
from agent.symbols.history import History, Today, load_history
from agent.symbols.lexicon import alias_key, load_lexicon
from agent.symbols.listing import Candidate, Issuer, Listing, Mention
from agent.symbols.names import symbol_key
from agent.symbols.resolve import Keys, Names, nearest, rows_of
from agent.symbols.scan import Forms, find_mentions, mentions_any
from agent.symbols.views import LETTERS, Layers, View, past_issuers, past_view
from agent.symbols.words import Wording

_MAGIC = "# newscard symbols"
_COLUMNS = 5


class SymbolTable:
    """Read-only. `version` is the date of the SEC's list, YYYY-MM-DD.

    Where a method takes a day `on`, it answers as of that day: Facebook is FB in 2019, Twitter nobody since it left the exchange
    (renames.tsv). Without a day it answers as of the list.
    """

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
        self._views: dict[int, View] = {}
        self._past_forms: dict[int, Forms] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def resolve(self, name: str, on: date | None = None) -> Issuer | None:
        """The issuer that `name` stands for, or None when it stands for none or for several.

        An alias first, then the name without its legal form, then without "Group" and "Holdings", then the beginning of one listed
        company's name ("Palantir") that is no ordinary word. "$TSLA" and "NASDAQ: GOOGL" are names too; a bare symbol isn't.
        """
        view = self._view(on)
        found = rows_of(name, view.names)
        return self._issuer_in(view, found.rows[0], name) if len(found.rows) == 1 else None

    def issuer_of(self, symbol: str, on: date | None = None) -> Issuer | None:
        """The issuer of a symbol in any written form ("BRK-B", "$brk.b", "NYSE: BRK.B"), preferreds and the like included."""
        key, view = symbol_key(symbol), self._view(on)
        row = view.by_symbol.get(key) if key else None
        return None if row is None else self._issuer_in(view, row)

    def issuers(self) -> list[Issuer]:
        """All issuers with common shares, the large ones first."""
        return [self._issuer(row) for row in range(len(self._rows))]

    def names_of(self, issuer: Issuer) -> tuple[str, ...]:
        """Names by which a text may mention `issuer`: as filed, without legal form, its aliases, and first words that are its own."""
        row = self._row_of_cik.get(issuer.cik)
        today = () if row is None else (self._rows[row][2], *self._called.get(row, ()))
        if row is not None and issuer.name == self._rows[row][1]:
            return tuple(dict.fromkeys((issuer.name, *today)))
        lines = (load_history()[index] for index, then in self._past_issuers.items() if then == issuer)
        past = (name for line in lines for name in (*line.keys, *line.also))
        return tuple(dict.fromkeys((issuer.name, *past, *today)))

    def mentions(self, text: str, on: date | None = None) -> list[Mention]:
        """Where `text` names issuers, in order, without overlap; time grows with the length of the text.

        By name: the longest that fits, on word boundaries, written large. By symbol: "(NASDAQ: GOOGL)", "$TSLA", "(TSLA.O)".
        A name that is an ordinary word as well counts only with support: a legal form or symbol beside it, "shares of", an
        unmistakable mention elsewhere, or its capital in the middle of a sentence.
        """
        view = self._view(on)
        found = find_mentions(text, self._forms_in(view), view.by_symbol, self._lexicon)
        named = ((start, end, self._issuer_in(view, row, text[start:end])) for start, end, row in found)
        return [Mention(start, end, text[start:end], issuer) for start, end, issuer in named if issuer]

    def is_named(self, issuer: Issuer, text: str | Wording, *also: str) -> bool:
        """Whether `text` has a name of `issuer` or one of `also`, written large; no further support is asked for."""
        return mentions_any(Wording(text) if isinstance(text, str) else text, (*self.names_of(issuer), *also))

    def lookup(self, name: str, on: date | None = None) -> list[Candidate]:
        """What `name` resolves to, and why; else up to eight issuers that come near, best first; else nothing."""
        view = self._view(on)
        found = rows_of(name, view.names)
        resolved = self._issuer_in(view, found.rows[0], name) if len(found.rows) == 1 else None
        if resolved:
            return [Candidate(resolved, resolves=True, why=found.why)]
        by_symbol = self.issuer_of(name, on)
        near = [Candidate(by_symbol, resolves=False, why="its symbol")] if by_symbol else []
        near += [Candidate(issuer, resolves=False, why=why) for issuer, why in self._once(name)]
        rows = [(row, found.why) for row in found.rows] + [(row, "a similar name") for row in nearest(name, view.names)]
        issuers = ((self._issuer_in(view, row), why) for row, why in rows)
        near += [Candidate(issuer, resolves=False, why=why) for issuer, why in issuers if issuer]
        first_of_each: dict[int, Candidate] = {}
        for candidate in near:
            first_of_each.setdefault(candidate.issuer.cik, candidate)
        return list(first_of_each.values())[:8]

    def _once(self, name: str) -> list[tuple[Issuer, str]]:
        """Companies listed today that had the symbol `name` once."""
        symbol = symbol_key(name)
        periods = sorted((period for period in load_history() if symbol in period.symbols and period.renamed), key=lambda p: p.end)
        issuers = ((self.issuer_of(period.issuer), period.end) for period in reversed(periods))
        return [(issuer, f"its symbol until {end}") for issuer, end in issuers if issuer]

    def _view(self, on: date | None) -> View:
        """What holds on a day. Views are kept: they are small, and a batch has articles of many days."""
        if on is None:
            return self._today
        stretch = self._history.stretch(on)
        if stretch not in self._views:
            self._views[stretch] = past_view(self._today, self._history.changes(on))
        return self._views[stretch]

    def _forms_in(self, view: View) -> Forms:
        """The forms of then before those of today, longest first; made when a text is first searched, which a cached card never is."""
        if not view.forms:
            return self._forms
        key = id(view)  # views are kept, so it stays theirs
        if key not in self._past_forms:
            both = {first: [*forms, *self._forms.get(first, ())] for first, forms in view.forms.items()}
            ranked = {first: sorted(forms, key=lambda form: -len(form.words)) for first, forms in both.items()}
            self._past_forms[key] = Layers(ranked, self._forms)
        return self._past_forms[key]

    def _issuer_in(self, view: View, row: int, name: str = "") -> Issuer | None:
        """Who row `row` was then, unless the company wasn't called `name` yet."""
        if row not in view.issuers:
            return self._issuer(row)
        return None if view.too_new(row, name) else view.issuers[row]

    def _issuer(self, row: int) -> Issuer:
        if row not in self._issuers:
            cik, name, _, common, _ = self._rows[row]
            labels = load_classes().labels
            pairs = [written.rpartition(":") for written in common.split(" ")]
            listings = (Listing(symbol, LETTERS[letter], name, int(cik), labels.get(symbol)) for symbol, _, letter in pairs)
            self._issuers[row] = Issuer(int(cik), name, tuple(listings))
        return self._issuers[row]

    @cached_property
    def _today(self) -> View:
        names = Names(Keys(self._named), self._alias_rows, self._beginnings, self._by_symbol, self._lexicon)
        return View(names)

    @cached_property
    def _history(self) -> History:
        return History(load_history(), Today(self._rows, self._by_symbol, self._lexicon), self._past_issuers)

    @cached_property
    def _past_issuers(self) -> dict[int, Issuer]:
        return past_issuers(load_history(), self.issuer_of)

    @cached_property
    def _by_symbol(self) -> dict[str, int]:
        return {written[:-2]: row for row, fields in enumerate(self._rows) for part in fields[3:5] if part for written in part.split(" ")}

    @cached_property
    def _row_of_cik(self) -> dict[int, int]:
        return {int(fields[0]): row for row, fields in enumerate(self._rows)}

    @cached_property
    def _named(self) -> list[Named]:
        listed = {letter for letter, exchange in LETTERS.items() if exchange in EXCHANGES}
        return [Named(row, fields[2], fields[1], fields[3][-1] in listed) for row, fields in enumerate(self._rows)]

    @cached_property
    def _aliases(self) -> list[tuple[str, str, int]]:
        """(key, as written, row). An alias whose issuer isn't in this table is left out; the row of a name that is nobody's is NOBODY."""
        rows = ((alias, NOBODY if symbol == "-" else self._by_symbol.get(symbol)) for alias, symbol in self._lexicon.aliases)
        return [(alias_key(alias), alias, row) for alias, row in rows if row is not None]

    @cached_property
    def _alias_rows(self) -> dict[str, int]:
        return {key: row for key, _, row in self._aliases}

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

"""Every mention of anything in an article: listed issuers, known names, capitalised words; none of them overlapping."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from agent.draft import EntityKind
from agent.engines.extractive.kinds import Evidence, ends_like_organisation, evidence, looks_like_person
from agent.engines.extractive.names import Run, known_names, not_names, runs
from agent.engines.extractive.reading import Reading

if TYPE_CHECKING:
    from agent.symbols import SymbolTable


class Place(NamedTuple):
    """Tokens `first` to `last` (exclusive) of a reading, where something is named."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many tokens."""
        return self.last - self.first


class Named(NamedTuple):
    """One mention. `key` is the same for all mentions known to be of one thing; for capitalised words it is the words themselves.

    `full` is the name that the list has. `kind` None: a place, which is no entity, or capitalised words, whose kind `evidence` tells.
    """

    place: Place
    key: str
    kind: EntityKind | None
    full: str = ""
    issuer: bool = False
    written: str = ""
    """An issuer's name as the text has it, with the 's of Lowe's and without that of Apple's; empty for others."""
    evidence: Evidence = Counter()  # noqa: RUF012  never written to


def gather(reading: Reading, symbols: SymbolTable) -> tuple[list[Named], list[Named]]:
    """Mentions of what is known (issuers, hand-listed names), and of capitalised names in the body, each in order."""
    issuers = _issuers(reading, symbols)
    listed = _longest([*issuers, *_known(reading, issuers)])
    owner = {token: name for name in listed for token in range(*name.place)}
    taken = {token for token, name in owner.items() if name.place.first == token}
    found: list[Named] = []
    swallowed: set[Place] = set()
    for run in runs(reading, taken):
        inside = {owner[token].place: owner[token] for token in range(run.first, run.last) if token in owner}
        if inside and not _swallows(reading, run, inside):
            continue
        swallowed |= inside.keys()
        found.append(Named(Place(run.first, run.last), reading.surface(run.first, run.last), None, evidence=evidence(reading, run)))
    return [name for name in listed if name.kind and name.place not in swallowed], found


def _issuers(reading: Reading, symbols: SymbolTable) -> list[Named]:
    named = []
    for mention in symbols.mentions(reading.text, reading.day):
        first, last = reading.token_at(mention.start), reading.token_at(mention.end)
        if first < last and not _chance(reading, first, last):
            key, full = f"issuer {mention.issuer.cik}", mention.issuer.name
            named.append(Named(Place(first, last), key, "public company", full, issuer=True, written=mention.surface))
    return named


def _chance(reading: Reading, first: int, last: int) -> bool:
    """Whether an issuer's name is more likely an ordinary word (All, On) or a title (Prime Minister) here."""
    word = reading.words[first]
    if last - first > 1 or reading.surface(first, last).isupper():
        return False
    return word in not_names()


def _known(reading: Reading, issuers: list[Named]) -> list[Named]:
    """The hand-listed names. Where Dow Inc is named, `Dow` is that company, and `the Dow` is the index."""
    by_first = {name.written.split()[0]: name for name in issuers if " " in name.written}
    found = []
    for hit in known_names(reading):
        place, surface = Place(hit.first, hit.last), reading.surface(hit.first, hit.last)
        issuer = by_first.get(surface) if hit.value.kind == "index" and reading.words[hit.first - 1 : hit.first] != ["the"] else None
        known = Named(place, f"known {hit.value.key}", hit.value.kind, hit.value.key)
        found.append(issuer._replace(place=place, written=surface) if issuer else known)
    return found


def _longest(named: list[Named]) -> list[Named]:
    """Where mentions overlap the longest stays; of equal ones the known name (the Nasdaq is an index more often than an issuer)."""
    kept: list[Named] = []
    for name in sorted(named, key=lambda name: (name.place.first, -name.place.length, name.issuer)):
        if not kept or name.place.first >= kept[-1].place.last:
            kept.append(name)
        elif name.place.length > kept[-1].place.length:
            kept[-1] = name
    return kept


def _swallows(reading: Reading, run: Run, inside: dict[Place, Named]) -> bool:
    """Whether the whole run is one name of its own: a person called Ford, the Washington Post, Air Canada; but not Google Cloud."""
    first = min(inside)
    if looks_like_person(reading, run) and first.first > run.first:
        return True
    if any(name.issuer for name in inside.values()):
        return False
    if first.last < run.last and ends_like_organisation(reading, run):
        return True
    return run.first < first.first and first.last == run.last and all(reading.capitals[token] for token in range(run.first, run.last))

"""Who and what an article is about: listed issuers, known names and capitalised ones, each with all its mentions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from agent.draft import EntityKind, Relevance
from agent.engines.extractive.kinds import Evidence, ends_like_organisation, evidence, kind_of, looks_like_person
from agent.engines.extractive.names import known_names, runs
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms

if TYPE_CHECKING:
    from agent.symbols import SymbolTable

MAX_DRAFTED = 8
LEAD_SENTENCES = 3

_KIND_WEIGHT: dict[EntityKind, float] = {"public company": 1.5, "private company": 1.0, "person": -0.5, "country": -1.0, "other": -0.5}


class Place(NamedTuple):
    """Tokens `first` to `last` (exclusive) of a reading, where something is named."""

    first: int
    last: int


class _Named(NamedTuple):
    """One mention, before mentions are put together. `kind` None: capitalised words, whose kind is still to be found, or a place."""

    place: Place
    key: str
    kind: EntityKind | None
    issuer: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An entity: the name as the body has it, and its places in order, those of the title included."""

    name: str
    kind: EntityKind
    issuer: bool
    places: tuple[Place, ...]
    score: float
    relevance: Relevance


def find_entities(reading: Reading, symbols: SymbolTable) -> list[Found]:
    """All entities worth a thought, the most relevant first. Every name is a slice of the body."""
    listed = _longest([*_issuers(reading, symbols), *_known(reading)])
    named, capitalised = _capitalised(reading, listed)
    groups: dict[str, list[_Named]] = {}
    for name in named:
        groups.setdefault(name.key, []).append(name)
    found = [_found(reading, _name_of(reading, group), group[0].kind or "other", group) for group in groups.values()]
    found += _fold(reading, capitalised)
    kept = [entity for entity in found if entity.name and _worth(reading, entity)]
    return sorted(kept, key=lambda entity: (-entity.score, entity.places[0].first))


def _issuers(reading: Reading, symbols: SymbolTable) -> list[_Named]:
    named = []
    for mention in symbols.mentions(reading.text):
        first, last = reading.token_at(mention.start), reading.token_at(mention.end)
        if first < last:
            named.append(_Named(Place(first, last), f"issuer {mention.issuer.cik} {mention.issuer.name}", "public company", issuer=True))
    return named


def _known(reading: Reading) -> list[_Named]:
    return [_Named(Place(hit.first, hit.last), f"known {hit.value.key}", hit.value.kind) for hit in known_names(reading)]


def _longest(named: list[_Named]) -> list[_Named]:
    """Where mentions overlap the longest stays; of equal ones the known name (the Nasdaq is an index more often than an issuer)."""
    kept: list[_Named] = []
    for name in sorted(named, key=lambda name: (name.place.first, -(name.place.last - name.place.first), name.issuer)):
        if not kept or name.place.first >= kept[-1].place.last:
            kept.append(name)
        elif name.place.last - name.place.first > kept[-1].place.last - kept[-1].place.first:
            kept[-1] = name
    return kept


def _capitalised(reading: Reading, listed: list[_Named]) -> tuple[list[_Named], list[tuple[_Named, Evidence]]]:
    """`listed` without what turned out to be part of a longer name, and the other capitalised names with their evidence."""
    owner: dict[int, _Named] = {token: name for name in listed for token in range(*name.place)}
    taken = [False] * len(reading.words)
    for name in listed:
        taken[name.place.first] = True
    found: list[tuple[_Named, Evidence]] = []
    swallowed: set[Place] = set()
    for run in runs(reading, taken):
        inside = {owner[token].place: owner[token] for token in range(run.first, run.last) if token in owner}
        if inside and not _swallows(
            inside, looks_like_person(reading, run), Place(run.first, run.last), organisation=ends_like_organisation(reading, run)
        ):
            continue
        swallowed |= inside.keys()
        named = _Named(Place(run.first, run.last), reading.surface(run.first, run.last), None)
        found.append((named, evidence(reading, run)))
    return [name for name in listed if name.kind and name.place not in swallowed], found


def _swallows(inside: dict[Place, _Named], person: bool, run: Place, *, organisation: bool) -> bool:  # noqa: FBT001  a private helper
    """Whether the whole run is one name of its own: a person called Ford, the Washington Post; but not Google Cloud."""
    first = min(inside)
    if person and first.first > run.first:
        return True
    return organisation and first.last < run.last and not any(name.issuer for name in inside.values())


def _fold(reading: Reading, capitalised: list[tuple[_Named, Evidence]]) -> list[Found]:
    """Put short forms with the long ones: surnames with persons, first words and bracketed acronyms with organisations."""
    kinds: dict[str, Evidence] = {}
    for name, found in capitalised:
        kinds.setdefault(name.key, Counter()).update(found)
    home = _homes(reading, capitalised, kinds)
    groups: dict[str, list[_Named]] = {}
    merged: dict[str, Evidence] = {}
    for name, _ in capitalised:
        groups.setdefault(home.get(name.key, name.key), []).append(name)
    for key, found in kinds.items():
        merged.setdefault(home.get(key, key), Counter()).update(found)
    titles = _in_title(reading, [(name.place, home.get(name.key, name.key)) for name, _ in capitalised])
    return [_found(reading, key, kind_of(merged[key]), [*titles.get(key, []), *group]) for key, group in groups.items()]


def _homes(reading: Reading, capitalised: list[tuple[_Named, Evidence]], kinds: dict[str, Evidence]) -> dict[str, str]:
    """Short form -> long form, where exactly one long form fits."""
    by_word: dict[str, set[str]] = {}
    homes: dict[str, str] = {}
    for name, _ in capitalised:
        words = name.key.split()
        if len(words) > 1:
            by_word.setdefault(words[-1] if kind_of(kinds[name.key]) == "person" else words[0], set()).add(name.key)
    for (name, _), (after, _) in zip(capitalised, capitalised[1:], strict=False):
        bracketed = reading.gap(name.place.last - 1) == " (" and after.place.first == name.place.last
        if bracketed and after.key.isupper() and " " in name.key:
            homes[after.key] = name.key
    for key in kinds:
        longer = by_word.get(key, set())
        if len(longer) == 1:
            homes.setdefault(key, next(iter(longer)))
    return homes


def _in_title(reading: Reading, named: list[tuple[Place, str]]) -> dict[str, list[_Named]]:
    """The places of capitalised names in the title, where capitals alone tell nothing. `named`: places in the body, with the name."""
    title = reading.sentences[0] if reading.sentences and reading.sentences[0].role == "title" else None
    if title is None:
        return {}
    forms = Terms({tuple(reading.words[first:last]): key for (first, last), key in named}.items())
    found: dict[str, list[_Named]] = {}
    for hit in forms.find(reading.words, title.first, title.last):
        if reading.capital(hit.first):
            found.setdefault(hit.value, []).append(_Named(Place(hit.first, hit.last), hit.value, None))
    return found


def _name_of(reading: Reading, group: Sequence[_Named]) -> str:
    """The longest form of the commonest family of forms in the body (Meta and Meta Platforms are one family, Google another)."""
    families: dict[str, list[str]] = {}
    for name in group:
        if reading.starts[name.place.first] >= reading.shift:
            families.setdefault(reading.words[name.place.first], []).append(reading.surface(*name.place))
    if not families:
        return ""
    commonest = max(families.values(), key=lambda forms: len(forms))
    return max(commonest, key=len)


def _found(reading: Reading, name: str, kind: EntityKind, group: Sequence[_Named]) -> Found:
    places = tuple(sorted(named.place for named in group))
    opening = reading.prose[LEAD_SENTENCES - 1].last if len(reading.prose) >= LEAD_SENTENCES else len(reading.words)
    titled = reading.starts[places[0].first] < reading.shift
    led = any(reading.prose and reading.prose[0].first <= place.first < reading.prose[0].last for place in places)
    early = any(place.first < opening for place in places)
    score = 4.0 * titled + 2.0 * led + early + 1.5 * math.log2(1 + len(places)) + _KIND_WEIGHT.get(kind, 0.0)
    count = len(places)
    central = titled or (led and count >= 3) or count >= 6  # noqa: PLR2004  in the lead and twice again; or all over the text
    relevance: Relevance = "central" if central else "involved" if led or count > 1 else "background"
    issuer = any(named.issuer for named in group)
    return Found(name, kind, issuer, places, score, relevance)


def _worth(reading: Reading, entity: Found) -> bool:
    """Whether an entity may stand on a card: anything of a known sort, and the rest only when it comes up more than in passing."""
    if entity.kind == "country":
        return entity.relevance == "central" or len(entity.places) > 1
    if entity.kind == "other":
        return entity.relevance == "central" or len(entity.places) > 1 or entity.name.isupper()
    return bool(reading.prose)

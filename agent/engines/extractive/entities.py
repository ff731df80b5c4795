"""Who and what an article is about, in order of relevance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.draft import EntityKind, Relevance
from agent.engines.extractive.folding import evidence_of, fold
from agent.engines.extractive.gathering import Named, Place, gather
from agent.engines.extractive.kinds import kind_of
from agent.engines.extractive.reading import Reading

if TYPE_CHECKING:
    from agent.symbols import SymbolTable

MAX_DRAFTED = 8
OPENING = 3
"""Sentences of the body that count as its beginning."""
OFTEN_FROM_LEAD, OFTEN = 3, 6
"""Mentions that make an entity central: from the lead on, or wherever it comes up."""

_KIND_WEIGHT: dict[EntityKind, float] = {"public company": 1.5, "private company": 1.0, "person": -0.5, "country": -1.0, "other": -0.5}


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
    groups = fold(reading, *gather(reading, symbols))
    found = [_found(reading, group) for group in groups]
    kept = [entity for entity in found if entity.name and _worth(reading, entity)]
    return sorted(kept, key=lambda entity: (-entity.score, entity.places[0]))


def _found(reading: Reading, group: Sequence[Named]) -> Found:
    kind = next((name.kind for name in group if name.kind), None) or kind_of(evidence_of(group))
    places = tuple(dict.fromkeys(name.place for name in group))
    score, relevance = _relevance(reading, places, kind)
    return Found(_name_of(reading, group), kind, any(name.issuer for name in group), places, score, relevance)


def _relevance(reading: Reading, places: Sequence[Place], kind: EntityKind) -> tuple[float, Relevance]:
    opening = reading.prose[:OPENING]
    titled = reading.starts[places[0].first] < reading.shift
    led = any(opening[0].first <= place.first < opening[0].last for place in places) if opening else False
    early = bool(opening) and any(place.first < opening[-1].last for place in places)
    count = len(places)
    score = 4.0 * titled + 2.0 * led + early + 1.5 * math.log2(1 + count) + _KIND_WEIGHT.get(kind, 0.0)
    central = titled or (led and count >= OFTEN_FROM_LEAD) or count >= OFTEN
    return score, "central" if central else "involved" if led or count > 1 else "background"


def _name_of(reading: Reading, group: Sequence[Named]) -> str:
    """How the body calls it.

    A listed thing goes by its full name where the body has that, else by the commonest form. An issuer first by its commonest family of
    forms: Meta and Meta Platforms are one family, Google and Alphabet two. Other capitalised names go by their longest form.
    """
    found = [name.written or reading.surface(*name.place) for name in group if reading.starts[name.place.first] >= reading.shift]
    if not found:
        return ""
    named = next((name for name in group if name.full), None)
    if named is None:
        return max(found, key=len)
    if named.issuer:
        families: dict[str, list[str]] = {}
        for form in found:
            families.setdefault(form.split()[0].lower(), []).append(form)
        found = max(families.values(), key=len)
    full = f"{named.full.lower().replace(',', '').rstrip('.')} "
    counts = Counter(found)
    whole = [form for form in counts if full == f"{form.lower()} " or (named.issuer and full.startswith(f"{form.lower()} "))]
    return max(whole or counts, key=lambda form: (len(form) if whole else 0, counts[form], form.islower()))


def _worth(reading: Reading, entity: Found) -> bool:
    """Whether an entity may stand on a card: anything of a known sort, and the rest only when it comes up more than in passing."""
    if len(entity.name) == 1:
        return False  # C$60, point A
    if entity.kind == "country":
        return entity.relevance == "central" or len(entity.places) > 1
    if entity.kind == "other":
        return len(entity.places) > (1 if " " in entity.name or entity.name.isupper() else 2)
    return bool(reading.prose)

"""Short forms go with the long ones: surnames with persons, first words and bracketed acronyms with organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from agent.engines.extractive.gathering import Named, Place
from agent.engines.extractive.kinds import Evidence, evidence, kind_of
from agent.engines.extractive.names import Run
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms


def fold(reading: Reading, listed: Sequence[Named], capitalised: Sequence[Named]) -> list[list[Named]]:
    """All mentions, put together by what they name. `listed` as they are known, `capitalised` by their words."""
    homes = _homes(reading, listed, capitalised)
    everything = [*listed, *capitalised, *_in_title(reading, capitalised)]
    groups: dict[str, list[Named]] = {}
    for name in everything:
        groups.setdefault(homes.get(name.key, name.key), []).append(name)
    return [sorted(group, key=lambda name: name.place) for group in groups.values()]


def evidence_of(group: Iterable[Named]) -> Evidence:
    """All that the mentions of one thing tell of its kind."""
    found: Evidence = Counter()
    for name in group:
        for kind, strength in name.evidence.items():
            found[kind] += strength
    return found


def _homes(reading: Reading, listed: Sequence[Named], capitalised: Sequence[Named]) -> dict[str, str]:
    """Key of a short form -> key of the long one, where exactly one fits."""
    by_key: dict[str, list[Named]] = {}
    for name in capitalised:
        by_key.setdefault(name.key, []).append(name)
    by_word: dict[str, set[str]] = {}
    for name in listed:
        if name.issuer and name.place.length > 1:
            by_word.setdefault(reading.surface(name.place.first, name.place.first + 1), set()).add(name.key)
    for key, group in by_key.items():
        words = key.split()
        kind = kind_of(evidence_of(group)) if len(words) > 1 else None
        # Of what it isn't known whether it is a person both ends may stand for the whole.
        ends = {"person": words[-1:], "other": [words[0], words[-1]], None: []}.get(kind, words[:1])
        for word in ends:
            by_word.setdefault(word, set()).add(key)
    homes = {key: next(iter(by_word[key])) for key in by_key if len(by_word.get(key, ())) == 1}
    return homes | _acronyms(reading, capitalised)


def _acronyms(reading: Reading, capitalised: Sequence[Named]) -> dict[str, str]:
    """`Harbor Valley Group (HVG)`."""
    return {
        after.key: name.key
        for name, after in pairwise(capitalised)
        if after.place.first == name.place.last and reading.gaps[name.place.last - 1] == " (" and after.key.isupper() and " " in name.key
    }


def _in_title(reading: Reading, capitalised: Sequence[Named]) -> list[Named]:
    """The places in the title of names that the body has; in a title capitals alone tell nothing."""
    title = reading.sentences[0] if reading.sentences and reading.sentences[0].role == "title" else None
    if title is None:
        return []
    forms = Terms({tuple(reading.words[slice(*name.place)]): name.key for name in capitalised}.items())
    hits = [hit for hit in forms.find(reading.words, title.first, title.last) if reading.capitals[hit.first]]
    return [Named(Place(hit.first, hit.last), hit.value, None, evidence=evidence(reading, Run(hit.first, hit.last, title))) for hit in hits]

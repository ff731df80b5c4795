"""Faults of a name: somebody of the article in somebody else's place, or somebody whom the article doesn't know."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.planted.casting import Naming, namings
from evals.planted.pairs import Pair
from evals.planted.plant import Edit, Plant, in_text, prose, shuffled, told_sentences

# Made up, and no namesakes of anybody in the articles; whoever is planted is checked against the article all the same.
_PERSONS = (
    "Petra Holmgaard|Desmond Akinwale|Yusuf Karadeniz|Beatrix Lovelock|Tobias Ferncastle|Ines Quintarelli|Oswin Bradlaugh|Noriko Hatanaka|"
    "Callum Strathearn|Zuzana Havelkova|Everett Pomeroy|Leocadia Brandao"
).split("|")
_ORGANISATIONS = (
    "Brackwater Capital|Tessaline Partners|Northolt Analytics|Verdane Holdings|Quillmark Industries|Ostrava Freight|Halcyon Ridge Advisors|"
    "Pemberlane Group|Skarholm Bank|Corvessa Systems|Ludgate Meridian|Ashgrove Tactical"
).split("|")
_PLACES = "Tulsa|Leipzig|Osaka|Rotterdam|Calgary|Porto|Nairobi|Adelaide|Gdansk|Bogota|Tampere|Busan".split("|")
# What may stand between two names that only stand in one list: exchanging those says nothing new.
_IN_A_LIST = re.compile(r"(?:\W|'s|\b(?:and|or|for|the|of|as|well|both|with|in|by|to|from|a|an)\b)*")


def name_swaps(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Two persons or two organisations exchanged in the prose, or one of them put where the other was."""
    makers = [_exchanged(pair, rng), _put_for_another(pair, rng)]
    while makers:
        maker = makers.pop(0)
        for plant in maker:
            yield plant
            makers.append(maker)
            break


def invented_names(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A name of the prose replaced by one that isn't in the article; and a statement laid to such a one."""
    made = [_invented(pair, rng, where, naming, invented) for where, naming, invented in _replaceable(pair)]
    made += [
        _laid_to_somebody(pair, rng, where, end) for where, text in prose(pair) for _, end in told_sentences(text) if text[end - 1] == "."
    ]
    yield from shuffled(made, rng)


def _exchanged(pair: Pair, rng: random.Random) -> Iterator[Plant]:
    for where, text in shuffled(list(prose(pair)), rng):
        for members in (pair.cast.persons, pair.cast.organisations):
            told = _told(text, namings(text, members))
            couples = [(one, other) for index, one in enumerate(told) for other in told[index + 1 :] if _distinct(pair, text, one, other)]
            for one, other in shuffled(couples, rng):
                new = (_form(other.member, one.form), _form(one.member, other.form))
                edits = [
                    Edit(where, text[named.start : named.end], name, named.start, named.end)
                    for named, name in zip((one, other), new, strict=True)
                ]
                if plant := in_text("name swap", "exchanged", pair, *edits):
                    yield plant


def _put_for_another(pair: Pair, rng: random.Random) -> Iterator[Plant]:
    """Persons only: what one company did another may have done too, but who said it is one person."""
    found = [(where, text, naming) for where, text in prose(pair) for naming in _told(text, namings(text, pair.cast.persons))]
    for where, text, naming in shuffled(found, rng):
        others = [member for member in pair.cast.persons if member != naming.member]
        if not others:
            continue
        old, new = text[naming.start : naming.end], _form(rng.choice(others), naming.form)
        if plant := in_text("name swap", "put for another", pair, Edit(where, old, new, naming.start, naming.end)):
            yield plant


def _replaceable(pair: Pair) -> Iterator[tuple[str, Naming, list[str]]]:
    cast = pair.cast
    for where, text in prose(pair):
        for members, invented in ((cast.persons, _PERSONS), (cast.organisations, _ORGANISATIONS), (cast.places, _PLACES)):
            for naming in namings(text, members):
                yield where, naming, invented


def _invented(pair: Pair, rng: random.Random, where: str, naming: Naming, invented: list[str]) -> Plant | None:
    text = getattr(pair.draft, where)
    name = _unheard_of(pair, rng, invented)
    if invented is _PERSONS and naming.form:
        name = name.split()[-1]
    variant = {id(_PERSONS): "person", id(_ORGANISATIONS): "organisation", id(_PLACES): "place"}[id(invented)]
    return in_text("invented name", variant, pair, Edit(where, text[naming.start : naming.end], name, naming.start, naming.end))


def _laid_to_somebody(pair: Pair, rng: random.Random, where: str, end: int) -> Plant | None:
    source = rng.choice(["{house}", "{person}, an analyst at {house}", "{person}"])
    said = source.format(house=_unheard_of(pair, rng, _ORGANISATIONS), person=_unheard_of(pair, rng, _PERSONS))
    return in_text("invented name", "source", pair, Edit(where, ".", f", according to {said}.", end - 1, end))


def _unheard_of(pair: Pair, rng: random.Random, names: list[str]) -> str:
    known = f"{pair.article.title} {pair.article.text}".lower()
    return str(rng.choice([name for name in names if not any(word.lower() in known for word in name.split())]))


def _told(text: str, found: list[Naming]) -> list[Naming]:
    spans = told_sentences(text)
    return [naming for naming in found if any(start <= naming.start < end for start, end in spans)]


def _distinct(pair: Pair, text: str, one: Naming, other: Naming) -> bool:
    return (
        one.member != other.member
        and not pair.cast.are_related(one.member, other.member)
        and _IN_A_LIST.fullmatch(re.sub("|".join(map(re.escape, _all_forms(pair))), "", text[one.end : other.start])) is None
    )


def _all_forms(pair: Pair) -> list[str]:
    members = (*pair.cast.organisations, *pair.cast.persons)
    return sorted({form for member in members for form in member}, key=len, reverse=True)


def _form(member: tuple[str, ...], index: int) -> str:
    return member[min(index, len(member) - 1)]

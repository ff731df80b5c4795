"""Which issuers that are named once are more than named in passing: those of whom something is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agent.engines.extractive.entities import Found
from agent.engines.extractive.gathering import Place
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.tones import Tone
from agent.engines.extractive.voices import voiced


def with_told(reading: Reading, entities: Sequence[Found], heard: Sequence[Tone]) -> list[Found]:
    """`entities`, in their order; an issuer in the background is involved when a tone concerns it or a sentence begins with it.

    Rating agencies, analysts' houses and advisers stay where they are: what they say is about others.
    """
    told = {tone.entity for tone in heard}
    opening = _opening(reading, entities)
    return [
        replace(entity, relevance="involved")
        if _raisable(entity) and (number in told or any(place in opening for place in entity.places))
        else entity
        for number, entity in enumerate(entities)
    ]


def _raisable(entity: Found) -> bool:
    return entity.issuer and entity.relevance == "background" and not entity.name.lower().startswith(_agencies())


def _opening(reading: Reading, entities: Sequence[Found]) -> set[Place]:
    """The issuers' places at which a sentence begins that is about them, or behind one such and `and`."""
    places = [place for entity in entities if entity.issuer for place in entity.places]
    first = {place for place in places if place.first == reading.sentence_of(place.first).first and not voiced(reading, place)}
    ends = {place.last + 1 for place in first if reading.words[place.last : place.last + 1] == ["and"]}
    return first | {place for place in places if place.first in ends and not voiced(reading, place)}


@lru_cache(maxsize=1)
def _agencies() -> tuple[str, ...]:
    return tuple(read_lexicon("words")["organisations"]["agencies"])

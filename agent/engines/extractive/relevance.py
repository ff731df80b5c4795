"""Which issuers that are named once are more than named in passing: those of whom something is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.tones import Tone


def with_told(reading: Reading, entities: Sequence[Found], heard: Sequence[Tone]) -> list[Found]:
    """`entities`, in their order; an issuer in the background is involved when a tone concerns it or a sentence begins with it.

    Rating agencies stay where they are: what they say is about others.
    """
    told = {tone.entity for tone in heard}
    return [
        replace(entity, relevance="involved") if _raised(reading, entity, told=number in told) else entity
        for number, entity in enumerate(entities)
    ]


def _raised(reading: Reading, entity: Found, *, told: bool) -> bool:
    if not entity.issuer or entity.relevance != "background" or entity.name.lower().startswith(_agencies()):
        return False
    return told or any(place.first == reading.sentence_of(place.first).first for place in entity.places)


@lru_cache(maxsize=1)
def _agencies() -> tuple[str, ...]:
    return tuple(read_lexicon("words")["organisations"]["agencies"])

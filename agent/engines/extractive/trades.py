"""Insiders' trades: a person who buys or sells shares, told in title or lead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, phrases

REACH = 24
"""Tokens from the person to the verb: between them stands who the person is."""
OBJECT = 12
"""Tokens from the verb to the shares."""
HEADS = 2


def insider_trade(reading: Reading, entities: Sequence[Found]) -> str | None:
    """The words that tell of it, such as `sold about 12 million of the company's shares`; None where there is none."""
    places = (place for entity in entities if entity.kind == "person" for place in entity.places)
    persons = {place.last for place in places if not reading.possessive(place.last - 1)}
    heads: list[Sentence] = [sentence for sentence in reading.sentences if sentence.role in {"title", "prose"}][:HEADS]
    for sentence in heads:
        for hit in _verbs().find(reading.words, sentence.first, sentence.last):
            by = any(hit.first - REACH <= last <= hit.first for last in persons if last > sentence.first)
            words = reading.words[hit.last : min(sentence.last, hit.last + OBJECT)]
            things = [at for at, word in enumerate(words) if word in {"shares", "stock"}]
            if by and things:
                return reading.surface(hit.first, hit.last + things[0] + 1)
    return None


@lru_cache(maxsize=1)
def _verbs() -> Terms[bool]:
    return Terms((phrase, True) for phrase in phrases({"verbs": read_lexicon("impact")["trades"]}))

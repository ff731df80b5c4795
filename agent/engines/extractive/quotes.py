"""The words of the article that carry an entity: whole sentences, or clauses of long ones, exactly as they stand there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from agent.engines.extractive.entities import Found
from agent.engines.extractive.gathering import Place
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.tones import Tone

MAX_QUOTES = 3
QUOTE_CHARS = 300

_BREAK = re.compile(r"[,;:—–]\s+")


def quotes_of(reading: Reading, entity: Found, tones: Sequence[Tone]) -> list[str]:
    """Up to three slices of the body that name the entity, in order; the ones with the weightiest tones, and else the first."""
    weight: Counter[int] = Counter()
    for tone in tones:
        weight[tone.sentence] += abs(tone.value)  # type: ignore[assignment]  # a Counter of floats
    places: dict[int, Place] = {}
    for place in entity.places:
        sentence = reading.sentence_of(place.first)
        if sentence.role == "prose":
            places.setdefault(sentence.index, place)
    best = sorted(places, key=lambda index: (-weight[index], index))[:MAX_QUOTES]
    return [_slice(reading, reading.sentences[index], places[index]) for index in sorted(best)]


def _slice(reading: Reading, sentence: Sentence, place: Place) -> str:
    """The sentence, or the clauses around `place` that fit into QUOTE_CHARS."""
    start, end = sentence.start, sentence.end
    if end - start > QUOTE_CHARS:
        begin, finish = reading.starts[place.first], reading.ends[place.last - 1]
        start = max(start, finish - QUOTE_CHARS)
        breaks = [found.end() for found in _BREAK.finditer(reading.text, start, begin)]
        start = sentence.start if start == sentence.start else next((found for found in breaks), begin)
        limit = min(end, start + QUOTE_CHARS)
        stops = [found.start() for found in _BREAK.finditer(reading.text, finish, limit)]
        words = [reading.ends[token] for token in range(place.last - 1, reading.token_at(limit)) if reading.ends[token] <= limit]
        end = limit if limit == end else (stops or words or [limit])[-1]
    return reading.text[start:end].strip()[:QUOTE_CHARS]

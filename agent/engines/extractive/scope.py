"""Whether an article is one on a market or an economy, or on companies: what title and opening name, and what moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.moves import Move
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, phrases

OPENING = 3
"""Sentences, after the title, that tell what the news is; the rest is background."""
TITLE, LEAD, NEXT = 3.0, 2.0, 1.0
"""Weight of the places; a second name in one place counts half as much as the first."""
FIRST = 2.0
"""More for the side that the title names first: it is what the article is about."""

SECTOR, MARKET = 3, 4
"""Levels of breadth."""

_MARKET_KINDS = {"index", "currency", "commodity", "crypto"}
_COMPANY_KINDS = {"public company", "private company"}


@dataclass(frozen=True, slots=True)
class Scope:
    """`market`: the article is about a market or an economy. `words` are those that say so, `rank` their widest level of breadth."""

    market: bool
    words: tuple[str, ...]
    rank: int


def scope_of(reading: Reading, entities: Sequence[Found], moves: Sequence[Move]) -> Scope:
    """By weight of what stands in title, lead and the next two sentences, and by the indices, currencies and commodities that moved."""
    named = _names(entities)
    market = company = 0.0
    heard: dict[str, int] = {}
    begun = False
    for sentence, weight in _places(reading):
        cues = list(_cues(reading, sentence, named))
        if sentence.role == "title" and cues:
            begun = True
            market, company = (FIRST, 0.0) if cues[0][0] else (0.0, FIRST)
        wide = {words for rank, words in cues if rank}
        heard.update({words: rank for rank, words in cues if rank})
        market += _weighed(weight, len(wide))
        company += _weighed(weight, len({words for rank, words in cues if not rank}))
    moved = {move.name.lower() for move in moves if move.subject != "shares"}
    market += NEXT * len(moved) * (begun or bool(heard))
    rank = max(heard.values(), default=0)
    return Scope(market > company, tuple(words for words in heard if heard[words] == rank), rank)


def _weighed(weight: float, count: int) -> float:
    return weight * (1 + 0.5 * (count - 1)) if count else 0.0


def _places(reading: Reading) -> Iterator[tuple[Sentence, float]]:
    yield from ((sentence, TITLE) for sentence in reading.sentences[:1] if sentence.role == "title")
    yield from ((sentence, NEXT if number else LEAD) for number, sentence in enumerate(reading.prose[:OPENING]))


def _names(entities: Sequence[Found]) -> dict[int, tuple[int, str]]:
    """Token -> (level of breadth, name); level 0 for a company. Those who speak of others (brokers, rating firms) are left out."""
    voices = frozenset(read_lexicon("impact")["breadth"]["voices"])
    named = {}
    for entity in entities:
        if entity.kind in _COMPANY_KINDS and entity.name.lower() not in voices:
            named.update({place.first: (0, entity.name) for place in entity.places})
        elif entity.kind in _MARKET_KINDS:
            named.update(
                {place.first: (SECTOR if entity.kind in {"commodity", "crypto"} else MARKET, entity.name) for place in entity.places}
            )
    return named


def _cues(reading: Reading, sentence: Sentence, named: dict[int, tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Companies (0) and wide words (3 or 4) of a sentence, in order."""
    found = {token: named[token] for token in range(sentence.first, sentence.last) if token in named}
    for hit in wide_words().find(reading.words, sentence.first, sentence.last):
        if hit.value >= SECTOR:
            found.setdefault(hit.first, (hit.value, " ".join(reading.words[hit.first : hit.last])))
    yield from (found[token] for token in sorted(found))


@lru_cache(maxsize=1)
def wide_words() -> Terms[int]:
    """Phrases of the lexicon's breadth -> their level."""
    groups = read_lexicon("impact")["breadth"]
    levels: dict[tuple[str, ...], int] = {}
    for level, group in groups.items():
        if level != "voices":
            for phrase in phrases(group):
                levels.setdefault(phrase, int(level))
    return Terms(levels.items())

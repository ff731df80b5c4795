"""What each sentence of an article is worth in a summary or an analysis, and what it adds to others."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.engines.extractive.entities import Found
from agent.engines.extractive.language import function_words
from agent.engines.extractive.leaning import leaning
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.moves import Move
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, split
from agent.engines.extractive.textrank import textrank

TOP = 48
"""Sentences whose ties are weighed: the first half of them by place, the others by figures; keeps long articles linear."""
SPOKEN = 0.02
"""Least share of `we`, `our` and `I` in the words of a record of talk."""
CENTRAL, TITLED, NAMED, FIGURED, MOVED, EARLY = 0.2, 0.6, 0.05, 0.3, 0.5, 2.0
"""Weights of centrality, of words shared with the title, of entities, figures and moves of prices, and of standing near the beginning."""
MOST_NAMED = MOST_FIGURED = 3
NEAR = 10
"""Tokens between a figure and the measure it is of, in records of talk."""

_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """A sentence that may be chosen; equal to itself alone.

    `content` are its words but the commonest, `named` numbers of entities, `figures` as written.
    """

    sentence: Sentence
    content: frozenset[str]
    named: frozenset[int]
    figures: frozenset[str]
    aspects: frozenset[str]
    leaning: float
    worth: float
    words: int
    """As a reader counts them: a compound with hyphens is one."""


def weigh(reading: Reading, entities: Sequence[Found], moves: Sequence[Move]) -> list[Weighed]:
    """The candidates of an article, in order, each with its worth."""
    spoken = is_spoken(reading)
    candidates = _no_preamble(reading) if spoken else reading.candidates
    named, moved = _named(reading, entities), {move.sentence for move in moves}
    titles = [sentence for sentence in reading.sentences[:1] if sentence.role == "title"]
    title = frozenset().union(*(_content(reading, sentence) for sentence in titles))
    contents = [_content(reading, sentence) for sentence in candidates]
    figured = frozenset(word for word in reading.places if word[0].isdecimal() and not _YEAR.match(word))
    figures = [figured.intersection(reading.words[sentence.first : sentence.last]) for sentence in candidates]
    ranks = _ranks(contents, figures)
    found = []
    for place, sentence in enumerate(candidates):
        mine = named.get(sentence.index, frozenset())
        worth = CENTRAL * ranks.get(place, 0.0) + NAMED * min(MOST_NAMED, len(mine)) + FIGURED * min(MOST_FIGURED, len(figures[place]))
        worth += TITLED * len(title & contents[place]) / (3 + len(title)) + MOVED * (sentence.index in moved)
        worth += _headline(reading, sentence) if spoken else EARLY / (1 + place) ** 0.5
        aspects = frozenset(hit.value for hit in reading.hits(_aspects(), sentence))
        found.append(
            Weighed(
                sentence, contents[place], mine, figures[place], aspects, leaning(reading, sentence), worth, _counted(reading, sentence)
            )
        )
    return found


def is_spoken(reading: Reading) -> bool:
    """Whether the article is a record of talk, such as an earnings call: it has no lead, and begins with formalities."""
    speakers = frozenset(read_lexicon("prose")["speakers"])
    return len(reading.tokens_of(speakers)) > SPOKEN * len(reading.words)


def _no_preamble(reading: Reading) -> Sequence[Sentence]:
    """Without the formalities of a call; all of them when there is nothing else."""
    return [sentence for sentence in reading.candidates if not reading.hits(_preamble(), sentence)] or reading.candidates


def _ranks(contents: Sequence[Collection[str]], figures: Sequence[Collection[str]]) -> Mapping[int, float]:
    """TextRank of the sentences that are weighed against each other."""
    by_figures = sorted(range(len(contents)), key=lambda place: (-len(figures[place]), place))
    places = sorted({*range(min(TOP // 2, len(contents))), *by_figures[: TOP // 2]})
    return dict(zip(places, textrank([contents[place] for place in places]), strict=True))


def _headline(reading: Reading, sentence: Sentence) -> float:
    """How much a sentence of a talk says of headline measures with their figures, for its length."""
    words = reading.words
    told = [token for token in range(sentence.first, sentence.last) if words[token][0].isdigit() and not _YEAR.match(words[token])]
    total = 0.0
    for hit in reading.hits(_measures(), sentence):
        if any(-NEAR <= token - hit.last <= NEAR for token in told):
            total += hit.value
    return total / math.sqrt(12 + sentence.words)


def _counted(reading: Reading, sentence: Sentence) -> int:
    return len(reading.quote(sentence).split())


def _content(reading: Reading, sentence: Sentence) -> frozenset[str]:
    return frozenset(reading.words[sentence.first : sentence.last]) - function_words()


def _named(reading: Reading, entities: Sequence[Found]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for number, entity in enumerate(entities):
        for place in entity.places:
            found.setdefault(reading.sentence_of(place.first).index, set()).add(number)
    return {index: frozenset(numbers) for index, numbers in found.items()}


@lru_cache(maxsize=1)
def _aspects() -> Terms[str]:
    groups = read_lexicon("prose")["aspects"]
    return Terms((split(phrase), aspect) for aspect, phrases in groups.items() for phrase in phrases)


@lru_cache(maxsize=1)
def _measures() -> Terms[int]:
    groups = read_lexicon("prose")["headline"]
    return Terms((split(phrase), weight) for weight, phrases in groups.items() for phrase in phrases)


@lru_cache(maxsize=1)
def _preamble() -> Terms[bool]:
    return Terms((split(phrase), True) for phrase in read_lexicon("prose")["preamble"])

"""What impact is rated from: the cues of the lexicon with their places, the moves of prices, and the article's scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.draft import DraftRating
from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.moves import Move
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.scope import OPENING, Scope, scope_of
from agent.engines.extractive.terms import Terms, phrases
from agent.taxonomy import Component, Level

CUED: tuple[Component, ...] = ("materiality", "surprise", "immediacy", "certainty")
SHOWN = 4
MARKET_EVENT = 5
"""Stands for the lexicon's level `market`: an event that shakes markets, which counts in articles about them."""
NOTABLE, LARGE, HUGE = 3.0, 6.0, 12.0
"""Per cent a share moves in a day when something happened, when its case changed, and when nobody had it in prices."""
MARKET_NOTABLE = {"index": 1.0, "currency": 0.8, "commodity": 3.0, "crypto": 6.0}
MARKET_LARGE = {"index": 2.0, "currency": 2.0, "commodity": 5.0, "crypto": 15.0}
"""The same for markets, which move less."""

_NUMBERS = {"conditions": 3, "market": MARKET_EVENT}
_BILLIONS = re.compile(r"\d(?:bn|billion|tn|trillion)$")
_COUNTED = re.compile(r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|a|several|many)$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of the lexicon in the article. `head`: in title or lead; `opening`: there or in the two sentences behind it."""

    component: Component
    level: int
    words: str
    head: bool
    opening: bool


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its impact is rated."""

    reading: Reading
    entities: Sequence[Found]
    moves: Sequence[Move]
    scope: Scope
    cues: Sequence[Cue]

    def of(self, component: Component) -> list[Cue]:
        """The cues of one component, in order."""
        return [cue for cue in self.cues if cue.component == component]

    def largest(self, scale: Mapping[str, float]) -> Move | None:
        """The largest move of the subjects in `scale`, each measured against its own; those that title and opening tell go first."""
        prose = self.reading.prose
        opening = prose[min(OPENING, len(prose)) - 1].index if prose else 0
        mine = [move for move in self.moves if move.subject in scale]
        early = [move for move in mine if move.sentence <= opening]
        return max(early or mine, key=lambda move: move.percent / scale[move.subject], default=None)

    def billions(self) -> str | None:
        """The first amount of billions in title and opening, as the article has it."""
        reading = self.reading
        stop = reading.prose[min(OPENING, len(reading.prose)) - 1].last if reading.prose else 0
        for token in range(stop):
            word = reading.words[token]
            if _BILLIONS.search(word):
                return reading.surface(token, token + 1)
            if word in {"billion", "trillion"} and token and _COUNTED.search(reading.words[token - 1]):
                return reading.surface(token - 1, token + 1)
        return None


def story_of(reading: Reading, entities: Sequence[Found], moves: Sequence[Move]) -> Story:
    """The story of one article."""
    return Story(reading, entities, moves, scope_of(reading, entities, moves), list(_cues(reading)))


def naming(what: str, cues: Sequence[Cue], level: int) -> str:
    """The words of the cues, those of `level` first, each once."""
    ordered = sorted(cues, key=lambda cue: (cue.level != level, not cue.opening))
    words = list(dict.fromkeys(cue.words for cue in ordered))[:SHOWN]
    return f"{what}: {', '.join(words)}" if words else f"no {what} found"


def moved(move: Move) -> str:
    """A move in the article's words."""
    return f"a move of {move.percent:g}%: {move.words}"


def rating(level: int, reason: str) -> DraftRating:
    """A rating; levels beyond the scale become its ends."""
    levels: dict[int, Level] = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}
    return DraftRating(level=levels[max(0, min(4, level))], reason=reason)


def _cues(reading: Reading) -> Iterator[Cue]:
    lead = reading.prose[0].index if reading.prose else -1
    opening = {sentence.index for sentence in reading.prose[:OPENING]}
    for sentence in reading.sentences:
        if sentence.role not in {"title", "prose"}:
            continue
        titled = sentence.role == "title"
        for component, terms in _terms().items():
            for hit in reading.hits(terms, sentence):
                words = " ".join(reading.words[hit.first : hit.last])
                yield Cue(component, hit.value, words, titled or sentence.index == lead, titled or sentence.index in opening)


@lru_cache(maxsize=1)
def _terms() -> dict[Component, Terms[int]]:
    """Component -> its phrases with their levels. Apart from each other: `filed for bankruptcy` speaks of two components."""
    lexicon = read_lexicon("impact")
    found: dict[Component, Terms[int]] = {}
    for component in CUED:
        levels: dict[tuple[str, ...], int] = {}
        for level, group in lexicon[component].items():
            for phrase in phrases(group):
                levels.setdefault(phrase, _NUMBERS[level] if level in _NUMBERS else int(level))
        found[component] = Terms(levels.items())
    return found

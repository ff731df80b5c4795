"""The five impact components, by event words, the breadth of what is named, hedging and time words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.draft import DraftImpact, DraftRating
from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms, phrases
from agent.taxonomy import COMPONENTS, Component, Level

OPENING = 3
"""Sentences, after the title, that tell what the news is; the rest is background and counts one level less."""
MANY = 3
SHOWN = 4

_BILLIONS = re.compile(r"\d(?:bn|billion|tn|trillion)$")


class _Cue(NamedTuple):
    component: Component
    level: int
    words: str
    opening: bool


def rate_impact(reading: Reading, entities: Sequence[Found]) -> DraftImpact:
    """All five ratings; each reason names the words behind it, or says that there were none."""
    cues = list(_cues(reading))
    return DraftImpact(
        materiality=_materiality(reading, cues),
        breadth=_breadth(entities, cues),
        surprise=_strongest_or(cues, "surprise", 2, "no word of surprise or expectation"),
        immediacy=_immediacy(cues),
        certainty=_certainty(cues),
    )


def _materiality(reading: Reading, cues: list[_Cue]) -> DraftRating:
    mine = [cue for cue in cues if cue.component == "materiality"]
    level = max((cue.level if cue.opening else min(cue.level, 3) - 1 for cue in mine), default=1)
    reason = _naming("event words", mine, level)
    amount = _billions(reading)
    if amount and level == 2:  # noqa: PLR2004  a visible line becomes the case of an issuer where billions are at stake
        level, reason = 3, f"{reason}; an amount of {amount} in the opening"
    return _rating(level, reason)


def _breadth(entities: Sequence[Found], cues: list[_Cue]) -> DraftRating:
    issuers = [entity for entity in entities if entity.issuer or entity.kind == "public company"]
    names = ", ".join(entity.name for entity in issuers[:SHOWN])
    wide = [cue for cue in cues if cue.component == "breadth"]
    if len({cue.words.rstrip("s") for cue in wide}) == 1:
        wide = [cue for cue in wide if cue.opening]  # one wide word in the background is colour, two are a theme
    involved = sum(entity.relevance != "background" for entity in issuers)
    level = 3 if involved >= MANY else 2 if involved or len(issuers) >= MANY else 1 if issuers else 0
    reason = f"listed issuers named: {names}" if issuers else "no listed issuer named"
    if wide:
        top = max(cue.level for cue in wide)
        # One word of a whole market (the stock market fell on the day) isn't yet news about it.
        heard = {cue.words.rstrip("s") for cue in wide if cue.level == top}
        top = top if len(heard) > 1 or not issuers else min(top, 3)
        level, reason = max(level, top), f"{reason}; {_naming('wide words', wide, max(cue.level for cue in wide))}"
    return _rating(level, reason)


def _immediacy(cues: list[_Cue]) -> DraftRating:
    mine = [cue for cue in cues if cue.component == "immediacy"]
    opening = [cue for cue in mine if cue.opening] or mine
    if not opening:
        return _rating(2, "no time words")
    level = max(cue.level for cue in opening)
    return _rating(level, _naming("time words", opening, level))


def _certainty(cues: list[_Cue]) -> DraftRating:
    mine = [cue for cue in cues if cue.component == "certainty"]
    opening = [cue for cue in mine if cue.opening] or mine
    if not opening:
        return _rating(3, "neither hedging nor official words: told as a fact")
    firm = max(cue.level for cue in opening)
    conditions = [cue.words for cue in mine if cue.words in _conditions()]
    if firm > 3 and conditions:  # noqa: PLR2004  the anchor for what is announced while conditions remain
        return _rating(3, f"conditions remain: {', '.join(list(dict.fromkeys(conditions))[:SHOWN])}")
    hedges = {cue.words for cue in opening if cue.level <= 2}  # noqa: PLR2004  the anchors from several sources downwards
    doubted = firm - 1 if firm > 2 and len(hedges) > 1 else firm  # noqa: PLR2004  two hedges take one level
    reason = _naming("words of certainty", opening, firm)
    return _rating(doubted, f"{reason}; hedged by: {', '.join(sorted(hedges)[:SHOWN])}" if hedges and firm > 2 else reason)  # noqa: PLR2004


def _strongest_or(cues: list[_Cue], component: Component, default: Level, otherwise: str) -> DraftRating:
    mine = [cue for cue in cues if cue.component == component]
    if not mine:
        return _rating(default, otherwise)
    level = max(mine, key=lambda cue: (cue.opening, abs(cue.level - default), cue.level)).level
    return _rating(level, _naming(f"words of {component}", mine, level))


def _naming(what: str, cues: Sequence[_Cue], level: int) -> str:
    behind = [cue.words for cue in cues if cue.level == level] or [cue.words for cue in cues]
    words = list(dict.fromkeys(behind))[:SHOWN]
    return f"{what}: {', '.join(words)}" if words else f"no {what} found"


def _rating(level: int, reason: str) -> DraftRating:
    levels: dict[int, Level] = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}
    return DraftRating(level=levels[max(0, min(4, level))], reason=reason)


def _cues(reading: Reading) -> Iterator[_Cue]:
    opening = {sentence.index for sentence in reading.prose[:OPENING]}
    for sentence in reading.sentences:
        if sentence.role not in {"title", "prose"}:
            continue
        early = sentence.role == "title" or sentence.index in opening
        for component, terms in _terms().items():
            for hit in terms.find(reading.words, sentence.first, sentence.last):
                yield _Cue(component, hit.value, " ".join(reading.words[hit.first : hit.last]), early)


def _billions(reading: Reading) -> str | None:
    """The first amount of billions in title and opening, as the article has it."""
    stop = reading.prose[min(OPENING, len(reading.prose)) - 1].last if reading.prose else 0
    for token in range(stop):
        word = reading.words[token]
        if _BILLIONS.search(word):
            return reading.surface(token, token + 1)
        if word in {"billion", "billions", "trillion", "trillions"}:
            return reading.surface(max(0, token - 1), token + 1)
    return None


@lru_cache(maxsize=1)
def _terms() -> dict[Component, Terms[int]]:
    """Component -> its phrases with their levels. Apart from each other: `filed for bankruptcy` speaks of two components."""
    lexicon = read_lexicon("impact")
    found: dict[Component, Terms[int]] = {}
    for component in COMPONENTS:
        levels: dict[tuple[str, ...], int] = {}
        for level, group in lexicon[component].items():
            for phrase in phrases(group):
                levels.setdefault(phrase, 3 if level == "conditions" else int(level))
        found[component] = Terms(levels.items())
    return found


@lru_cache(maxsize=1)
def _conditions() -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase in phrases(read_lexicon("impact")["certainty"]["conditions"]))

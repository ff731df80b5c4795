"""The sentiment lexicon as the code sees it: what each word can be, and the clauses it stands in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit, Terms, phrases

CLAUSE_TOKENS = 60
"""Longer clauses are cut; text without any punctuation must not cost more than other text."""
_MARKS = frozenset(";:()—–")
BE = frozenset("is are was were be been being got gets get".split())


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What a lexicon entry can be; 0 or False where it isn't. An entry is equal to itself alone.

    `mover`: something that moves; +1 when its rise is good news, -1 when bad. `transparent`: one that is as good or bad as what
    it is of (a forecast of costs). `particle`: up and down. `done_to`: what happens to the one it is done to.
    """

    mover: float = 0.0
    direction: float = 0.0
    transitive: bool = False
    adjective: bool = False
    particle: bool = False
    polar: float = 0.0
    done_to: float = 0.0
    intransitive: bool = False
    transparent: bool = False
    negator: bool = False
    hedge: bool = False


class Clause(NamedTuple):
    """Tokens `first` to `last` (exclusive), and the lexicon's words in them. `conceded`: it begins with `despite` or the like."""

    first: int
    last: int
    conceded: bool
    hits: Sequence[Hit[Word]]


def clauses(reading: Reading, sentence: Sentence, hits: Sequence[Hit[Word]], breaks: Sequence[int]) -> Iterator[Clause]:
    """The clauses of a sentence that hold lexicon words, in order; `breaks` are those of the article."""
    concessions = _clause_words()[1]
    inside = {token for hit in hits for token in range(hit.first + 1, hit.last)}
    cuts = [sentence.first]
    for token in [*breaks[bisect_right(breaks, sentence.first) : bisect_left(breaks, sentence.last)], sentence.last]:
        while token - cuts[-1] > CLAUSE_TOKENS:
            cuts.append(cuts[-1] + CLAUSE_TOKENS)
        if token not in inside or token - cuts[-1] == CLAUSE_TOKENS:
            cuts.append(token)
    at = 0
    for first, last in pairwise(cuts):
        begin = at
        while at < len(hits) and hits[at].first < last:
            at += 1
        if begin < at:
            yield Clause(first, last, reading.words[first] in concessions, hits[begin:at])


def breaks_in(reading: Reading) -> list[int]:
    """The tokens of an article at which a clause may begin, in order: words that begin one, and those after a mark."""
    marked = {token for token, gap in enumerate(reading.gaps, 1) if gap != " " and not _MARKS.isdisjoint(gap)}
    return sorted(marked.union(reading.tokens_of(_clause_words()[0])))


@lru_cache(maxsize=1)
def _clause_words() -> tuple[frozenset[str], frozenset[str]]:
    data = read_lexicon("sentiment")
    return frozenset(data["clause_words"]), frozenset(data["concessions"])


@lru_cache(maxsize=1)
def vocabulary() -> Terms[Word]:
    """All entries of the lexicon, inflected; an entry listed under several heads has all their roles."""
    data = read_lexicon("sentiment")
    entries: dict[tuple[str, ...], Word] = {}

    def enter(group: Any, **roles: Any) -> None:
        for phrase in phrases(group):
            entries[phrase] = replace(entries.get(phrase, Word()), **roles)

    enter(data["movers_good"], mover=1.0)
    enter(data["movers_shares"], mover=1.5)
    enter(data["movers_bad"], mover=-1.0)
    for name, group in data["directions"].items():
        sign = 1 if name.startswith("up") else -1
        listed = {key: group[key] for key in ("verbs", "nouns") if key in group}
        way = {"transitive": True} if name.endswith("transitive") else {"intransitive": True}
        enter(listed, direction=sign * group["weight"], **way)
        enter({"words": group.get("words", ())}, direction=sign * group["weight"], adjective=True)
        enter(group.get("particles", ()), direction=sign * group["weight"], particle=True)
    for name, sign in (("positive", 1), ("strongly_positive", 1), ("negative", -1), ("strongly_negative", -1)):
        enter(data[name], polar=sign * data[name]["weight"])
    for name, sign in (("against", -1), ("helps", 1)):
        enter(data[name], done_to=sign * data[name]["weight"])
    enter(data["transparent"], transparent=True)
    enter(data["negators"], negator=True)
    enter(data["idle"])
    enter(data["hedges"], hedge=True)
    return Terms(entries.items())

"""A text's clauses around a word: how far each goes, which words stand near, and whether anything there may turn round what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from agent.grounding.cues import Cue, cues
from agent.grounding.denials import Denial, is_plain, read_denial
from agent.grounding.fold import unify
from agent.grounding.inflection import places, root
from agent.grounding.inflection import written as words_in
from agent.grounding.negation_words import CLAUSE_END, GOVERNING, GOVERNING_SIGNS, MAY_TURN, NEXT_PART, NEXT_STATEMENT, PERHAPS
from agent.grounding.numbers.source import same_length_lower

_RUN = re.compile(r"\w+")
_REACH = 90
_WORDS = 12
_GOVERNED = 250
_GAP_WORDS = 5
_MOST_PLACES = 8


class Clause(NamedTuple):
    """A clause around a word of some root: its slice, the word's, and the roots of its words, each with how many words lie between."""

    start: int
    end: int
    word_start: int
    word_end: int
    near: dict[str, int]


class Text:
    """A text whose clauses are looked up by the words in them; each root is looked for once."""

    def __init__(self, text: str) -> None:
        self.original = text
        # Paragraphs stay apart, as a title without a full stop does from what follows; a line end within one is a space.
        self.written = text if text.isascii() else "\n\n".join(map(unify, text.split("\n\n")))
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._clauses: dict[int, Clause] = {}
        self._bounds: dict[tuple[int, int], tuple[int, int]] = {}
        self._turning: dict[int, tuple[str, ...]] = {}
        self._denials: dict[Cue, Denial | None] = {}

    @cached_property
    def lower(self) -> str:
        """The text in small letters; every character keeps its place."""
        return same_length_lower(self.written)

    @cached_property
    def _cues(self) -> list[Cue]:
        return list(cues(self.lower))

    def denials(self, other: Text) -> Iterator[Denial]:
        """Its denials that turn on a word which may stand in the other text; the rest aren't read, as nothing there can tell of them."""
        lower = other.lower
        for cue in self._cues:
            for form in cue.forms:
                if form in lower:
                    break
            else:
                continue
            if cue not in self._denials:
                self._denials[cue] = read_denial(self.lower, cue)
            if (denial := self._denials[cue]) is not None:
                yield denial

    def places(self, root: str) -> list[tuple[int, int]]:
        """The first places of a root."""
        if root not in self._places:
            self._places[root] = list(islice(places(root, self.lower), _MOST_PLACES))
        return self._places[root]

    def near(self, place: tuple[int, int]) -> str:
        """What may belong to the clause around a place, in small letters: no less than that."""
        return self.lower[max(0, place[0] - _REACH) : place[1] + _REACH]

    def clause(self, place: tuple[int, int]) -> Clause:
        """The clause around a place."""
        if place[0] not in self._clauses:
            self._clauses[place[0]] = self._clause(place)
        return self._clauses[place[0]]

    def everywhere(self, root: str) -> Iterator[Clause]:
        """The clauses around all its places."""
        return (self.clause(place) for place in places(root, self.lower))

    def is_turned(self, clause: Clause, written: frozenset[str] = frozenset()) -> bool:
        """Whether anything may turn round what the clause says by its word, but for soft words among those in `written`."""
        if clause.word_start not in self._turning:
            self._turning[clause.word_start] = tuple(self._turns(clause))
        return any(is_plain(word) or word not in written for word in self._turning[clause.word_start])

    def _turns(self, clause: Clause) -> Iterator[str]:
        """The words that may turn it round."""
        lower, start, end = self.lower, clause.word_start, clause.word_end
        back = max(0, start - _GOVERNED, lower.rfind(". ", max(0, start - _GOVERNED), start))
        if any(lower.find(sign, back, start) >= 0 for sign in GOVERNING_SIGNS) and GOVERNING.search(lower, back, start):
            yield "not"
        # Most clauses have no such word, which is seen sooner word by word: each is looked at once.
        said = _RUN.findall(lower, clause.start, clause.end)
        if not any(map(_may_turn, said)) and "n't" not in lower[clause.start : clause.end]:
            return
        for match in PERHAPS.finditer(lower, clause.start, clause.end):
            if match.start() < end and start < match.end():
                continue
            if match.end() <= start:
                covers = NEXT_STATEMENT.search(lower, match.end(), start) is None
            else:
                covers = NEXT_PART.search(lower, end, match.start()) is None and lower.count(" ", end, match.start()) <= _GAP_WORDS
            if covers:
                yield match.group()

    def bounds(self, place: tuple[int, int]) -> tuple[int, int]:
        """Where the clause around a place begins and ends."""
        if place not in self._bounds:
            self._bounds[place] = self._bounded(place)
        return self._bounds[place]

    def _bounded(self, place: tuple[int, int]) -> tuple[int, int]:
        lower, start, end = self.lower, max(0, place[0] - _REACH), min(len(self.lower), place[1] + _REACH)
        start = max((match.end() for match in CLAUSE_END.finditer(lower, start, place[0])), default=_word_start(lower, start))
        stop = CLAUSE_END.search(lower, place[1], end)
        end = stop.start() if stop else _word_end(lower, end)
        while start < place[0] and lower[start].isspace():
            start += 1
        return min(start, place[0]), max(end, place[1])

    def _clause(self, place: tuple[int, int]) -> Clause:
        start, end = self.bounds(place)
        return Clause(start, end, *place, _near(self.lower, (start, end), place[0]))


@lru_cache(maxsize=16_384)
def _may_turn(word: str) -> bool:
    return MAY_TURN.fullmatch(word) is not None


def _word_start(lower: str, at: int) -> int:
    return at if at == 0 else lower.find(" ", at) + 1


def _word_end(lower: str, at: int) -> int:
    return at if at == len(lower) else lower.rfind(" ", 0, at)


def _near(lower: str, clause: tuple[int, int], at: int) -> dict[str, int]:
    near: dict[str, int] = {}
    before = words_in(lower, clause[0], at)[-_WORDS:]
    after = words_in(lower, at, clause[1])[: _WORDS + 1]
    for distance, word in (*enumerate(after), *enumerate(reversed(before), start=1)):
        stem = root(word)
        near[stem] = min(distance, near.get(stem, _WORDS))
    return near

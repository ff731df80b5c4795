"""Whom a word concerns: the mentions of an article in order, `the company` and `it` among them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from agent.draft import EntityKind
from agent.engines.extractive.entities import Found
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.resuming import resumptions
from agent.engines.extractive.terms import Hit

_COMPANIES: frozenset[EntityKind] = frozenset({"public company", "private company", "fund"})
_PRICED: frozenset[EntityKind] = frozenset({"index", "commodity", "crypto", "currency"})
_BACKWARD = frozenset({"it", "its", "they", "their", "shares"})
_LEFT, _RIGHT = 5, 6
EARLIER = 200
"""How many tokens back in its sentence a clause looks for its subject."""


class _Mention(NamedTuple):
    """`aside`: an analyst's house, a rival, a source: named, but not the one spoken of."""

    first: int
    last: int
    entity: int
    aside: bool


class Mentions:
    """Made once an article from its entities. All methods give an entity's index, or None."""

    def __init__(self, reading: Reading, entities: Sequence[Found]) -> None:
        self._reading = reading
        self._entities = entities
        places = sorted((place.first, place.last, index) for index, entity in enumerate(entities) for place in entity.places)
        named = [_Mention(first, last, index, self._aside(first, last)) for first, last, index in places]
        self._mentions = sorted([*named, *self._implied(named)])
        self._firsts = [mention.first for mention in self._mentions]
        self._resumed = resumptions(reading)

    @property
    def places(self) -> Iterator[tuple[int, int, int]]:
        """First token, last (exclusive) and entity of every mention, in order."""
        return ((mention.first, mention.last, mention.entity) for mention in self._mentions)

    def before(self, token: int, start: int) -> int | None:
        """The entity named last between `start` and `token`; persons count."""
        return self._last(start, token, persons=True)

    def after(self, token: int, stop: int) -> int | None:
        """The entity named first between `token` and `stop`; persons count."""
        return self._first(token, stop, persons=True)

    def concerned(self, hit: Hit[Any], start: int, stop: int) -> int | None:
        """Whom a word in the clause `start`:`stop` concerns: the subject before it, else the name after it, else an earlier clause's."""
        found = self._last(start, hit.first)
        if found is None:
            found = self._first(hit.last, stop)
        return self._earlier(start) if found is None else found

    def owner(self, mover: Hit[Any], start: int, stop: int) -> int | None:
        """Whose profit it is: `profit of X` right behind it, else as for any word."""
        if mover.last + 1 < stop and self._reading.words[mover.last] in {"of", "at", "for"}:
            found = self._first(mover.last + 1, min(stop, mover.last + 4))
            if found is not None:
                return found
        return self.concerned(mover, start, stop)

    def moving(self, hit: Hit[Any], start: int, stop: int) -> int | None:
        """Who rose or fell when no profit or share is named: `Tesla fell 3%`, `gold climbed`."""
        opened = next((self._resumed[at] for at in range(hit.first, hit.first - 3, -1) if at in self._resumed), None)
        found = self._last(max(start, hit.first - _LEFT), hit.first) if opened is None else self._last(max(0, opened - _LEFT), opened)
        if found is None:
            return None
        if self._entities[found].kind in _PRICED:
            return found
        figures = self._reading.words[hit.last : min(stop, hit.last + _RIGHT)]
        return (
            found if self._entities[found].kind in _COMPANIES and any(word.endswith("%") or word == "percent" for word in figures) else None
        )

    def resumed_between(self, start: int, stop: int) -> bool:
        """Whether a sentence goes on after `, which ...,` between two tokens, the first aside."""
        return any(start < token <= stop for token in self._resumed)

    def named_between(self, start: int, stop: int) -> bool:
        """Whether somebody is named between two tokens."""
        at = bisect_left(self._firsts, start)
        return at < len(self._mentions) and self._mentions[at].last <= stop

    def _last(self, start: int, token: int, *, persons: bool = False) -> int | None:
        at = bisect_left(self._firsts, token) - 1
        while at >= 0 and self._mentions[at].first >= start:
            if self._spoken_of(self._mentions[at], persons=persons):
                return self._mentions[at].entity
            at -= 1
        return None

    def _first(self, token: int, stop: int, *, persons: bool = False) -> int | None:
        at = bisect_left(self._firsts, token)
        while at < len(self._mentions) and self._mentions[at].first < stop:
            if self._spoken_of(self._mentions[at], persons=persons):
                return self._mentions[at].entity
            at += 1
        return None

    def _spoken_of(self, mention: _Mention, *, persons: bool) -> bool:
        kind = self._entities[mention.entity].kind
        return not mention.aside and (persons or kind not in {"person", "government body"})

    def _earlier(self, start: int) -> int | None:
        """The subject carried over: the sentence's own earlier names, or the previous sentence's when this one points back."""
        sentence = self._reading.sentence_of(start)
        found = self._last(max(sentence.first, start - EARLIER), start)
        if found is None and sentence.index and self._reading.words[sentence.first] in _BACKWARD:
            previous = self._reading.sentences[sentence.index - 1]
            found = self._first(previous.first, previous.last)
        return found

    def _aside(self, first: int, last: int) -> bool:
        words, (before, after) = self._reading.words, _aside_words()
        if last < len(words) and words[last] in after and self._reading.gaps[last - 1] in {" ", "' ", "’ "}:
            return True
        if first and words[first - 1] == "told":
            return True
        return first > 1 and words[first - 1] in {"at", "of", "from", "to", "by"} and words[first - 2] in before

    def _implied(self, named: list[_Mention]) -> list[_Mention]:
        """`the company` and its like, as mentions of the company named last before them."""
        found: list[_Mention] = []
        companies = [mention for mention in named if self._entities[mention.entity].kind in _COMPANIES and not mention.aside]
        firsts = [mention.first for mention in companies]
        words = self._reading.words
        for token in self._reading.tokens_of(_company_nouns()):
            if token and words[token - 1] == "the" and not self._reading.capitals[token]:
                at = bisect_left(firsts, token) - 1
                if at >= 0:
                    found.append(_Mention(token - 1, token + 1, companies[at].entity, aside=False))
        return found


@lru_cache(maxsize=1)
def _aside_words() -> tuple[frozenset[str], frozenset[str]]:
    data = read_lexicon("sentiment")
    return frozenset(data["aside_before"]), frozenset(data["aside_after"])


@lru_cache(maxsize=1)
def _company_nouns() -> frozenset[str]:
    return frozenset(read_lexicon("words")["organisations"]["company_nouns"])

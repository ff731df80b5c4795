"""Names in each other's place: what the prose says of one company or person and the article, in the same words, of another.

Compared is a name with the words right after it: "Harbour agreed to buy Northmill for $2 billion". It is a finding where the article has
the verb right after another name of the card and most of the words after that, and the prose's own name stands neither in that sentence
nor in any other that has as much of them; it may stand behind the verb, when nearly all the words are there. "The company" and "it" are
nobody's name, so most exchanges can't be told.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from agent.card import Finding
from agent.draft import DraftEntity, EntityKind
from agent.grounding.clauses import Text
from agent.grounding.cues import tells
from agent.grounding.denials import weight
from agent.grounding.fold import unify
from agent.grounding.inflection import Word, matches, places, root, stands, words, written
from agent.grounding.negation_words import CLAUSE_END
from agent.grounding.numbers.binding import Form, Mention, find_mentions
from agent.grounding.subjects import name_forms
from agent.sentences import Span, sentence_spans

ANOTHERS = "the article says this of another; keep each name with what is said of it"

_BEARERS: frozenset[EntityKind] = frozenset({"public company", "private company", "fund", "government body", "person"})
_AHEAD = 160
_MOST_WORDS = 8
_GAP_WORDS = 3
_SUBJECT_WORDS = 4
_MOST_PLACES = 12
_ENOUGH = 3.0
_NEARLY_ALL = 3.5
_SHARE = 0.6
_ANCHORS = 2
_SHORTLY = 12
_BREAK = re.compile(r"[,;:()\n]|\b(?:and|or|nor|but|of|for|in|from|which|who|that|as|than)\b")
_NEXT_CLAUSE = re.compile(r"[;:] |, (?:and|while|but|although|whereas) | while ")
_BEGINS = re.compile(r"(?:,|\band|\bthat|\bthan) (?:the )?$")
_STOPS = frozenset(",;:()\n")
_NEXT_WORDS = re.compile(rf"[^ \n]*+(?: [^ \n]*+){{0,{_SUBJECT_WORDS}}}")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|by)\b")


class _Claim(NamedTuple):
    """A name at `start:end` of the prose, the first word that tells after it, and the roots of the words it goes with."""

    start: int
    end: int
    entity: int
    verb: Word
    roots: frozenset[str]

    @property
    def weight(self) -> float:
        """How much its words tell."""
        return sum(map(weight, self.roots))


class Bearers:
    """Of whom one article says what; made once a card. Linear in the article's length."""

    def __init__(self, article: Text, entities: Sequence[DraftEntity], forms: Sequence[Form]) -> None:
        """Make one from an article, a draft's entities and the forms of names that are known, each with its entity's place."""
        self.text = article
        self._by_verb: dict[str, list[tuple[tuple[int, int], int | None]]] = {}
        self._movable = frozenset(index for index, entity in enumerate(entities) if entity.kind in _BEARERS)
        self._persons = frozenset(index for index, entity in enumerate(entities) if entity.kind == "person")
        surnames = [(unify(entities[index].name).rpartition(" ")[2], index) for index in self._persons]
        # Two entities that go by one name, Google and Alphabet, are one here.
        same_as = dict(forms)
        meant: dict[str, set[int]] = {}
        for form, index in (*forms, *name_forms(entities), *surnames):
            meant.setdefault(form, set()).add(same_as.get(unify(entities[index].name), index))
        self.forms: list[Form] = [(form, index) for form, indexes in meant.items() if len(indexes) == 1 for index in indexes]

    @cached_property
    def mentions(self) -> list[Mention]:
        """Where the article names whom, in order."""
        return find_mentions(self.text.written, self.forms)

    @cached_property
    def _said(self) -> dict[int, str]:
        """What the article says right after the names of each, without more of it than that."""
        said: dict[int, list[str]] = {}
        for form, entity in self.forms:
            at = self.text.written.find(form) if form else -1
            while at >= 0:
                end = at + len(form)
                if (words := _NEXT_WORDS.match(self.text.lower, end)) is not None:
                    said.setdefault(entity, []).append(words.group())
                at = self.text.written.find(form, end)
        return {entity: "\n".join(parts) for entity, parts in said.items()}

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def _sentences(self) -> list[Span]:
        return sentence_spans(self.text.written) or [Span(0, 0)]

    def claims(self, text: Text) -> Iterator[_Claim]:
        """What a text says right after the names of those who may be exchanged, where the article says such a thing of another."""
        if all(len(self._alike(entity)) == 1 for entity in self._movable):
            return
        named = find_mentions(text.written, self.forms)
        for index, mention in enumerate(named):
            verb = self._verb(text, named, index) if mention.entity in self._movable else None
            if verb is None or not self._is_said_of_another(verb.root, mention.entity):
                continue
            stop = _end(text, named, index)
            said = (word for word in words(text.lower, verb.start, stop) if tells(word.written) and not _within(word, named))
            roots = frozenset(word.root for word in islice(said, _MOST_WORDS))
            yield _Claim(mention.start, mention.end, mention.entity, verb, roots)

    def are_anothers(self, claim: _Claim, text: Text) -> bool:
        """Whether the article says what is claimed of another who may be exchanged, and nowhere of the one whom the claim names."""
        enough = max(_ENOUGH, _SHARE * claim.weight)
        told = [(place, who) for place, who in self._told(claim.verb.root) if who is not None]
        # Sentences are only looked for where the words after another's name are much the same.
        if claim.weight < _ENOUGH or all(self._shared(claim, _ahead(place)) < enough for place, who in told if who != claim.entity):
            return False
        shared = {span: self._shared(claim, span) for span in self._spans_with(claim)}
        top = max(shared.values(), default=0.0)
        if top < enough or any(self._may_name(claim, span, text, top) for span, count in shared.items() if count >= _SHARE * top):
            return False
        subjects = {who for place, who in told if self._shared(claim, self._after(place)) >= enough}
        return bool(subjects) and claim.entity not in subjects and subjects <= self._alike(claim.entity)

    def _is_said_of_another(self, verb: str, entity: int) -> bool:
        others = self._alike(entity) - {entity}
        if not any(stands(verb, said) and any(places(verb, said)) for who, said in self._said.items() if who in others):
            return False
        return any(who in others for _, who in self._told(verb))

    def _alike(self, entity: int) -> frozenset[int]:
        """Those who may be in the place of one: people for people."""
        return self._persons if entity in self._persons else self._movable - self._persons

    def _verb(self, text: Text, named: Sequence[Mention], index: int) -> Word | None:
        """The first word that tells after a name, when little stands between."""
        lower, start = text.lower, named[index].end
        if lower[start : start + 1] in _STOPS:
            return None
        stop = named[index + 1].start if index + 1 < len(named) else len(lower)
        for match in islice(matches(lower, start, min(stop, start + _AHEAD)), _SUBJECT_WORDS + 1):
            word = match.group()
            if tells(word):
                return Word(*match.span(), word, root(word)) if _is_right_after(lower, start, match.start(), _GAP_WORDS) else None
        return None

    def _told(self, verb: str) -> list[tuple[tuple[int, int], int | None]]:
        """The places of a root in the article, each with who is named right before it."""
        if verb not in self._by_verb:
            self._by_verb[verb] = [(place, self._subject(place)) for place in islice(places(verb, self.text.lower), _MOST_PLACES)]
        return self._by_verb[verb]

    def _spans_with(self, claim: _Claim) -> set[Span]:
        """The sentences that have the claim's verb or one of its longest other words."""
        longest = sorted(claim.roots - {claim.verb.root}, key=lambda each: (-len(each), each))[:_ANCHORS]
        there = (place for each in (claim.verb.root, *longest) for place in islice(places(each, self.text.lower), _MOST_PLACES))
        return {self._sentence(place[0]) for place in there}

    def _sentence(self, at: int) -> Span:
        return self._sentences[max(0, bisect_right(self._sentences, at, key=lambda span: span.start) - 1)]

    def _mentions_in(self, span: Span) -> list[Mention]:
        return self.mentions[bisect_right(self._starts, span.start - 1) : bisect_right(self._starts, span.end - 1)]

    def _after(self, place: tuple[int, int]) -> Span:
        """A sentence from a word of it on."""
        return Span(place[0], max(place[1], min(self._sentence(place[0]).end, _ahead(place).end)))

    def _shared(self, claim: _Claim, span: Span) -> float:
        there = set(map(root, written(self.text.lower, *span)))
        return sum(weight(each) for each in claim.roots if each in there)

    def _subject(self, place: tuple[int, int]) -> int | None:
        """Who is named right before a word of the article; None for nobody."""
        index = bisect_right(self._starts, place[0] - 1) - 1
        if index < 0 or not _is_right_after(self.text.lower, self.mentions[index].end, place[0], _SUBJECT_WORDS):
            return None
        return self.mentions[index].entity

    def _may_name(self, claim: _Claim, span: Span, text: Text, top: float) -> bool:
        """Whether a sentence may say it of the one whom the claim names."""
        named = [mention.start for mention in self._mentions_in(span) if mention.entity == claim.entity]
        if not named:
            return False
        verbs = [word.start for word in words(self.text.lower, *span) if word.root == claim.verb.root]
        if top < _NEARLY_ALL or not verbs or min(named) < verbs[-1]:
            return True
        passive = _PASSIVE.search(text.lower, claim.end, claim.verb.start) is not None
        return any(passive != (_PASSIVE.search(self.text.lower, max(span.start, verb - 12), verb) is not None) for verb in verbs)


def exchanged_findings(where: str, text: Text, bearers: Bearers) -> tuple[int, list[Finding]]:
    """The names in a prose with which it says what the article says of another, with their places in it; and how many they are."""
    found = [claim for claim in bearers.claims(text) if bearers.are_anothers(claim, text)]
    return len(found), [
        Finding(where=where, claim=text.original[claim.start : claim.end], reason=ANOTHERS, start=claim.start, end=claim.end)
        for claim in found
    ]


def _end(text: Text, named: Sequence[Mention], index: int) -> int:
    """Where the clause ends that begins with a name: at its stop, or before another name that begins one."""
    mention = named[index]
    stop = min(len(text.lower), mention.end + _AHEAD)
    others = (other.start for other in named[index + 1 :] if other.start < stop and other.entity != mention.entity)
    stop = next((start for start in others if _BEGINS.search(text.lower, max(mention.end, start - _SHORTLY), start)), stop)
    ends = (end.search(text.lower, mention.end, stop) for end in (CLAUSE_END, _NEXT_CLAUSE))
    return min([stop, *(match.start() for match in ends if match)])


def _ahead(place: tuple[int, int]) -> Span:
    return Span(place[0], max(place[1], place[0] + _AHEAD))


def _is_right_after(lower: str, end: int, start: int, most: int) -> bool:
    """Whether at most so many words, and no break, stand between."""
    return lower.count(" ", end, start) <= most and _BREAK.search(lower, end, start) is None


def _within(word: Word, mentions: Sequence[Mention]) -> bool:
    return any(mention.start < word.end and word.start < mention.end for mention in mentions)

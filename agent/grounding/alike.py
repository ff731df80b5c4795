"""Whether a clause of one text says what a clause of another denies: the same words around the same verb or noun, and nothing else meant.

Words count by their roots, in any order. What is left open, another subject, object, mood, time or limit, makes two clauses unlike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.grounding.clauses import Clause, Text
from agent.grounding.common import OPENERS
from agent.grounding.cues import tells
from agent.grounding.denials import Denial, moods, weight
from agent.grounding.inflection import root, stands, written
from agent.grounding.negation_words import FUNCTION_WORDS, LIGHT, NEXT_PART

_SURE = 2.5
_PAIR = 1.5
_CLOSE = 4
_NEXT = 3
_FAR = 12
_LIMIT_AHEAD = 120
_OBJECT = 8
_MOOD_BACK = 50
_MOOD_AHEAD = 20
_TWO, _THREE = 2, 3
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w&'-]+")
_OPENS = re.compile(r"(?:^|[.!?:\n])['\"\])]*\s*['\"(\[]*$")
_BACK = 4
_HAVE = frozenset(("had", "has", "have", "having"))


class Alike(NamedTuple):
    """A place that may tell of a denial, and the words in common: by root, how many words lie between them and the head."""

    head: str
    clause: Clause
    after: dict[str, int]
    before: dict[str, int]

    @property
    def others(self) -> frozenset[str]:
        """What is in common but for the head."""
        return frozenset({*self.after, *self.before} - {self.head})


def alike(denial: Denial, text: Text) -> list[Alike]:
    """The places of `text` that speak of what is denied, whether or not they deny it too; none if it denies it in the very same words."""
    found = [match for match in _matches(denial, text) if _is_about(denial, match)]
    return found if found and denial.is_whole else []


def means_the_same(denial: Denial, denying: Text, match: Alike, text: Text) -> bool:
    """Whether nothing but the negation tells the place from the denial, a clause of `denying`."""
    return _is_plain(denial, match, text) and not _has_another_subject(names_in(denying, denial.first, denial.start), match, text)


def _matches(denial: Denial, text: Text) -> Iterator[Alike]:
    for head in dict.fromkeys(_heads(denial)):
        for place in text.places(head):
            if not _may_be_about(denial, text.near(place)):
                continue
            if denial.phrase in text.lower:
                return
            clause = text.clause(place)
            after = {each: clause.near[each] for each in denial.after if each in clause.near}
            before = {each: clause.near[each] for each in denial.before if each in clause.near and each not in after}
            yield Alike(head, clause, after, before)


def _heads(denial: Denial) -> tuple[str, ...]:
    """Where to look: a verb that tells little ("make") is found by what follows it."""
    if denial.of_noun or denial.heads[0] not in LIGHT or len(denial.after) == 1 or denial.after[1] in LIGHT:
        return denial.heads
    return (denial.after[1],)


def _is_about(denial: Denial, match: Alike) -> bool:
    """Whether the place speaks of what is denied: by enough words, or by few that stand close together in both texts."""
    told = sum(map(weight, match.after))
    if told + sum(map(weight, match.before)) >= _SURE and _tells_enough(denial, told):
        return True
    if told >= max(_PAIR, denial.weight) and max(match.after.values()) <= _CLOSE:
        return True
    verb = denial.before[-1:] if denial.of_noun else ()
    return any(match.before.get(root, _FAR) <= _NEXT for root in verb) and told >= min(denial.weight, _TWO)


def _tells_enough(denial: Denial, told: float) -> bool:
    return told >= min(denial.weight, _THREE) / 2


def _may_be_about(denial: Denial, lower: str) -> bool:
    """Whether what stands in a slice may be about what is denied: quick, and never false where it is."""
    told = _may_tell(denial.weights, lower)
    if not _tells_enough(denial, told):
        return False
    if told >= max(_PAIR, denial.weight) or told + _may_tell({each: weight(each) for each in denial.before}, lower) >= _SURE:
        return True
    return denial.of_noun and told >= min(denial.weight, _TWO)


def _may_tell(weights: Mapping[str, float], lower: str) -> float:
    """How much those of some roots tell that may stand in a text; never too little."""
    return sum([tells for each, tells in weights.items() if stands(each, lower)])


def _is_plain(denial: Denial, match: Alike, text: Text) -> bool:
    """Whether the same is meant: the subject or much of the clause is the same, and so are its object, mood, time and limit."""
    if len(match.after) < _THREE and not match.before:
        return False
    if denial.opens and len(match.after) < max(_TWO, min(_THREE, len(set(denial.after)))):
        return False
    if denial.cue == "without" and len(match.after) < _TWO:
        return False
    return not _has_another_object(denial, match, text.lower) and _is_of_then(denial, match.clause, text.lower)


def _is_of_then(denial: Denial, clause: Clause, lower: str) -> bool:
    """Whether time, limit and mood are the denial's."""
    if denial.is_past and _HAVE.isdisjoint(written(lower, clause.start, clause.word_end)):
        return False
    if denial.limit and denial.limit not in lower[clause.word_start : clause.word_start + _LIMIT_AHEAD]:
        return False
    return moods(lower[max(clause.start, clause.word_start - _MOOD_BACK) : clause.word_end + _MOOD_AHEAD]) <= denial.moods


def _has_another_object(denial: Denial, match: Alike, lower: str) -> bool:
    """Whether the prose has other words where it leaves out some of the article's: another object, figure, day or place."""
    if set(denial.after) == set(match.after):
        return False
    clause = match.clause
    part = NEXT_PART.search(lower, clause.word_end, clause.end)
    said = written(lower, clause.word_start, part.start() if part else clause.end)
    return any(root(word) not in denial.roots for word in said[:_OBJECT] if tells(word))


def _has_another_subject(subjects: frozenset[str], match: Alike, text: Text) -> bool:
    """Whether both clauses have names before what they say, and none in common."""
    own = names_in(text, match.clause.start, match.clause.word_start)
    return bool(subjects) and bool(own) and subjects.isdisjoint(own)


def names_in(text: Text, start: int, end: int) -> frozenset[str]:
    """The names in a slice of a text, in small letters."""
    return frozenset(
        name
        for match in _NAME.finditer(text.written, start, end)
        if (name := match.group().lower().removesuffix("'s")) not in FUNCTION_WORDS
        and not (name in OPENERS and _OPENS.search(text.written, max(0, match.start() - _BACK), match.start()))
    )

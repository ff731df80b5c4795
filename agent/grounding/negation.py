"""A "not" that was dropped: the prose states what the article denies.

Each denial of the article is looked for in the prose by its verb or noun; what stands around that must be the article's clause, in other
forms of its words at most. A finding needs all of this: enough words in common on both sides of the "not"; nothing in the prose's clause
that could turn it round or put it in another mood or time; no other place of the same prose that denies it; and no other place of the
article that states it. Whatever is left open is let be.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.denials import Denial, denials, is_plain, moods, weight
from agent.grounding.fold import unify
from agent.grounding.inflection import places, stands, words
from agent.grounding.negation_words import CLAUSE_END, GOVERNING, LIGHT, NEXT_PART, NEXT_STATEMENT, PERHAPS
from agent.grounding.numbers.source import same_length_lower

DENIED = "the article denies this; say it with the article's negation, or leave it out"

_REACH = 90
_WORDS = 12
_GOVERNED = 250
_GAP_WORDS = 5
_SURE = 2.5
_PAIR = 1.5
_CLOSE = 4
_NEXT = 3
_LIMIT_AHEAD = 120
_ASKED = 160
_MOOD_BACK = 50
_MOOD_AHEAD = 20
_TWO, _THREE = 2, 3


class Denied:
    """What one article denies; made once a card, read when prose is held against it. Linear in the article's length."""

    def __init__(self, article: str) -> None:
        self._article = article

    @cached_property
    def lower(self) -> str:
        """The article in small letters, with unified typography."""
        return same_length_lower(unify(self._article))

    @cached_property
    def denials(self) -> list[Denial]:
        """The denials, cue by cue."""
        return list(denials(self.lower))

    def states(self, head: str, others: frozenset[str]) -> bool:
        """Whether some clause of the article has `head` with one of `others` and nothing there that could deny it."""
        return any(
            not _turned(self.lower, clause, place, frozenset()) and not others.isdisjoint(word.root for word in words(self.lower, *clause))
            for place in places(head, self.lower)
            for clause in [_clause(self.lower, place)]
            if "whether" not in self.lower[max(0, place[0] - _ASKED) : place[0]]
        )


class _Match(NamedTuple):
    """A place of the prose that may tell of a denial: the head's slice, its clause, and what both have in common, by words between."""

    head: str
    place: tuple[int, int]
    clause: tuple[int, int]
    after: dict[str, int]
    before: dict[str, int]


def negation_findings(where: str, prose: str, denied: Denied) -> list[Finding]:
    """The clauses of `prose` that state what the article denies, with their places in `prose`."""
    lower = same_length_lower(unify(prose))
    spans: list[tuple[int, int]] = []
    for denial in denied.denials:
        matches = [match for match in _matches(denial, lower) if _is_about(denial, match)]
        if not matches or any(_turned(lower, match.clause, match.place, denial.written) for match in matches):
            continue
        spans += [
            match.clause
            for match in matches
            if _is_plain(denial, match, lower) and not denied.states(match.head, frozenset({*match.after, *match.before} - {match.head}))
        ]
    kept = [span for index, span in enumerate(spans) if not any(_overlap(span, other) for other in spans[:index])]
    return [Finding(where=where, claim=prose[start:end], reason=DENIED, start=start, end=end) for start, end in sorted(kept)]


def _matches(denial: Denial, lower: str) -> Iterator[_Match]:
    if not _tells_enough(denial, sum(weight(root) for root in set(denial.after) if stands(root, lower))):
        return
    for head in dict.fromkeys(_heads(denial)):
        for place in places(head, lower):
            clause = _clause(lower, place)
            near = _near(lower, clause, place[0])
            after = {root: near[root] for root in denial.after if root in near}
            before = {root: near[root] for root in denial.before if root in near and root not in after}
            yield _Match(head, place, clause, after, before)


def _heads(denial: Denial) -> tuple[str, ...]:
    """Where to look: a verb that tells little ("make") is found by what follows it."""
    if denial.of_noun or denial.heads[0] not in LIGHT or len(denial.after) == 1 or denial.after[1] in LIGHT:
        return denial.heads
    return (denial.after[1],)


def _clause(lower: str, place: tuple[int, int]) -> tuple[int, int]:
    start, end = max(0, place[0] - _REACH), min(len(lower), place[1] + _REACH)
    start = max((match.end() for match in CLAUSE_END.finditer(lower, start, place[0])), default=_word_start(lower, start))
    stop = CLAUSE_END.search(lower, place[1], end)
    end = stop.start() if stop else _word_end(lower, end)
    while start < place[0] and lower[start].isspace():
        start += 1
    return start, end


def _word_start(lower: str, at: int) -> int:
    return at if at == 0 else lower.find(" ", at) + 1


def _word_end(lower: str, at: int) -> int:
    return at if at == len(lower) else lower.rfind(" ", 0, at)


def _near(lower: str, clause: tuple[int, int], at: int) -> dict[str, int]:
    """The roots of the clause's words, with how many words lie between them and the one at `at`."""
    found = list(words(lower, *clause))
    here = next((index for index, word in enumerate(found) if word.end > at), 0)
    near: dict[str, int] = {}
    for index, word in enumerate(found):
        if abs(index - here) <= _WORDS:
            near[word.root] = min(abs(index - here), near.get(word.root, _WORDS))
    return near


def _is_about(denial: Denial, match: _Match) -> bool:
    """Whether the place speaks of what is denied: by enough words, or by few that stand close together in both texts."""
    denied = sum(map(weight, set(denial.after)))
    told = sum(map(weight, match.after))
    if told + sum(map(weight, match.before)) >= _SURE and _tells_enough(denial, told):
        return True
    if told >= max(_PAIR, denied) and max(match.after.values()) <= _CLOSE:
        return True
    verb = denial.before[-1:] if denial.of_noun else ()
    return any(match.before.get(root, _WORDS) <= _NEXT for root in verb) and told >= min(denied, _TWO)


def _tells_enough(denial: Denial, told: float) -> bool:
    return told >= min(sum(map(weight, set(denial.after))), _THREE) / 2


def _is_plain(denial: Denial, match: _Match, lower: str) -> bool:
    """Whether the same is meant: the subject or much of the clause is the same, and so are its mood, its time and its limit."""
    (start, end), clause = match.place, match.clause
    if len(match.after) < _THREE and not match.before:
        return False
    if denial.opens and len(match.after) < max(_TWO, min(_THREE, len(set(denial.after)))):
        return False
    if denial.cue == "without" and len(match.after) < _TWO:
        return False
    if denial.is_past and not {"had", "has", "have", "having"} & {word.written for word in words(lower, clause[0], end)}:
        return False
    if denial.limit and denial.limit not in lower[start : start + _LIMIT_AHEAD]:
        return False
    return moods(lower[max(clause[0], start - _MOOD_BACK) : end + _MOOD_AHEAD]) <= denial.moods


def _turned(lower: str, clause: tuple[int, int], place: tuple[int, int], written: frozenset[str]) -> bool:
    """Whether anything may turn round what the clause says at `place`, but for words that the denying clause (`written`) has itself."""
    start, end = place
    if GOVERNING.search(lower, max(lower.rfind(". ", 0, start), start - _GOVERNED, 0), start):
        return True
    for match in PERHAPS.finditer(lower, *clause):
        if match.start() < end and start < match.end():
            continue
        if match.end() <= start:
            covers = NEXT_STATEMENT.search(lower, match.end(), start) is None
        else:
            covers = NEXT_PART.search(lower, end, match.start()) is None and lower.count(" ", end, match.start()) <= _GAP_WORDS
        if covers and (is_plain(match.group()) or match.group() not in written):
            return True
    return False


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]

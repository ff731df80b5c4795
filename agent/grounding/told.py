"""What a text tells as done or to come: its plain pasts, perfects and "will", each with what it is done to.

A statement that is left open or denied where it stands ("may", "plans", "if", "failed") is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from agent.grounding.alike import names_in
from agent.grounding.clauses import Text
from agent.grounding.cues import telling, tells
from agent.grounding.denials import weight
from agent.grounding.fold import word_set
from agent.grounding.hedge_words import (
    AUXILIARIES,
    BETWEEN,
    CONCLUDING,
    CONJUNCTIONS,
    HEDGED,
    MEASURES,
    NOT_PAST,
    PARTICIPLES,
    PAST,
    PREPOSITIONS,
    PRESENT_TOO,
    SAME_NOUN,
    SPEECH,
    STATES,
    SUBJECTS,
    SUPPOSED,
    TAIL,
    TURNED,
    UNTOLD,
)
from agent.grounding.inflection import root, written
from agent.grounding.negation_words import LIGHT, NEXT_PART, NEXT_STATEMENT

Time = Literal["done", "will", "would"]

_TO_COME = (" will ", " would be ", " agreed to ", " decided to ", " is ", " are ")
_COMMITTED = frozenset(("agreed", "decided"))
_MOST_WORDS = 6
_SHORT = 4
_NEXT_WORDS = 2
_BUT = ("unless ", "until ")


class Told(NamedTuple):
    """A plain statement: its slice, the root of its verb (or noun), its time, what it is done to, and all that stands around it.

    `subjects` are the names before the verb, `particulars` the figures and the names behind it: another of these is another deed.
    """

    start: int
    end: int
    head: str
    time: Time
    thing: tuple[str, ...]
    around: frozenset[str]
    subjects: frozenset[str]
    particulars: frozenset[str]


class _Verb(NamedTuple):
    """The words before a verb and its auxiliaries, whether it is passive, its time, and whether it has an auxiliary."""

    subject: list[str]
    is_passive: bool
    time: Time
    is_bare: bool = False


def heads_in(text: Text, article: str) -> frozenset[str]:
    """The roots of the words by which a text may tell that something is done, or to come, but for those that an article has as they stand.

    What is done, in the very form of the prose, is seldom open there: not looking saves half of the time. Linear in both.
    """
    lower, words = text.lower, word_set(text.lower)
    forms = {word for word in words if word[-2:] == "ed"} - NOT_PAST | (words & PAST)
    forms = {
        form for form in forms if form in PRESENT_TOO or f" {form} " not in article or f"not {form} " in article or f"be {form} " in article
    }
    for sign in _TO_COME:
        at = lower.find(sign)
        while at >= 0:
            forms.update(telling(lower, at + len(sign), _NEXT_WORDS))
            at = lower.find(sign, at + 1)
    return frozenset(map(root, forms)) - STATES


def told_in(text: Text, head: str) -> Iterator[Told]:
    """The plain statements of a text by words of a root."""
    for place in text.places(head):
        yield from _told(text, place, head)


def tells_by_noun(head: str) -> bool:
    """Whether a verb tells less than the noun behind it: "made an offer", "signed a contract"."""
    return weight(head) < 1 or head in CONCLUDING


def _is_past(word: str) -> bool:
    return word in PAST or (word.endswith("ed") and word not in NOT_PAST)


def roots_in(lower: str, start: int, end: int) -> frozenset[str]:
    """The roots of the words that tell in a slice of a text in small letters."""
    return frozenset(roots(written(lower, start, end)))


def roots(words: list[str]) -> list[str]:
    """The roots of those words that tell; one for several nouns of one thing."""
    return [SAME_NOUN.get(found, found) for found in (root(word) for word in words if tells(word))]


def _told(text: Text, place: tuple[int, int], head: str) -> Iterator[Told]:
    lower = text.lower
    start, end = part_of(text, place)
    verb = _verb(lower[slice(*place)], written(lower, start, place[0]))
    if verb is None or (verb.time == "done" and not _is_past(lower[slice(*place)])) or _leaves_open(text, (start, end), place, verb.time):
        return
    after = written(lower, place[1], end)
    if verb.is_bare and _may_be_participle(verb.subject, after):
        return
    done_to = () if verb.is_passive else _done_to(after)
    if lower.endswith("ing", *place) and not done_to:
        return
    thing = done_to or _things(verb.subject)[-_MOST_WORDS:]
    around = roots_in(lower, start, end) - {head}
    speech = max((said.end() for said in SPEECH.finditer(lower, start, place[0])), default=start)
    subjects = names_in(text, speech, place[0]) if done_to else frozenset()
    particulars = frozenset(each for each in around if each[0].isdigit()).union(map(root, names_in(text, place[1], end)))
    told = Told(start, end, head, verb.time, thing, around, subjects, particulars)
    if thing:
        yield told
    if len(done_to) > 1 and tells_by_noun(head):
        yield told._replace(head=done_to[-1], around=around - {done_to[-1]})


def _verb(verb: str, before: list[str]) -> _Verb | None:
    """How a verb stands; None where it states nothing."""
    at, passive = len(before), False
    while at and (before[at - 1] in BETWEEN or before[at - 1].endswith("ly")):
        at -= 1
        if before[at] in {"has", "have"}:
            to_come = at and before[at - 1] in {"to", "will", "would"}
            return None if to_come else _Verb(before[:at], passive, "done")
        passive = passive or before[at] in {"been", "be"}
    word = before[at - 1] if at else ""
    if word in {"had", "was", "were"}:
        return _Verb(before[: at - 1], passive or word != "had", "done")
    if word in {"is", "are"}:
        return _now(verb, before[: at - 1])
    if word == "to" and at > 1 and before[at - 2] in _COMMITTED:
        return _Verb(before[: at - 2], passive, "will")
    if word in {"will", "would"}:
        return _Verb(before[: at - 1], passive, "will" if word == "will" else "would")
    stands = at and not passive and (tells(word) or word in SUBJECTS) and verb not in UNTOLD | PARTICIPLES
    stands = stands and not (verb == "cut" and not {"will", "would", "to"}.isdisjoint(before))
    return _Verb(before[:at], False, "done", is_bare=True) if stands else None


def _now(verb: str, subject: list[str]) -> _Verb | None:
    """A verb behind "is" or "are": what goes on, or is done now, is held against what may be, as what will be is."""
    if not (_is_past(verb) or verb.endswith("ing")) or HEDGED.fullmatch(verb) or tells_by_noun(root(verb)):
        return None
    return _Verb(subject, _is_past(verb), "will")


def _may_be_participle(before: list[str], after: list[str]) -> bool:
    """Whether a past form may tell of the noun before it only: "processors made that way will come", "the value of a stake owned in it"."""
    if not AUXILIARIES.isdisjoint(after) or after[:1] == ["by"]:
        return True
    return bool(after) and after[0] in PREPOSITIONS and (len(before) > _SHORT or not PREPOSITIONS.isdisjoint(before) or "of" in before)


def part_of(text: Text, place: tuple[int, int]) -> tuple[int, int]:
    """The statement around a word, from its auxiliary on where that comes first."""
    lower, (start, end) = text.lower, text.bounds(place)
    for match in NEXT_STATEMENT.finditer(lower, start, place[0]):
        last = lower.rfind(" ", match.start(), match.end()) + 1
        start = last if lower[last : match.end()] in AUXILIARIES else match.end()
    while start < place[0] and lower[start].isspace():
        start += 1
    stops = [stop.start() for pattern in (NEXT_STATEMENT, TAIL) if (stop := pattern.search(lower, place[1], end))]
    return start, min(stops, default=end)


def _leaves_open(text: Text, part: tuple[int, int], place: tuple[int, int], time: Time) -> bool:
    """Whether the text itself leaves open or denies what it tells, before the verb or shortly after it."""
    lower, (first, last) = text.lower, text.bounds(place)
    if lower.endswith(_BUT, 0, first):
        return True
    stop = NEXT_PART.search(lower, place[1], part[1])
    for start, end in ((part[0], place[0]), (place[1], stop.start() if stop else part[1])):
        for pattern in (HEDGED, TURNED):
            if any(match.group() != time for match in pattern.finditer(lower, start, end)):
                return True
    return time != "done" and SUPPOSED.search(lower, first, last) is not None


def _done_to(after: list[str]) -> tuple[str, ...]:
    """The words that tell up to the next preposition, or those behind the one right after the verb."""
    for number, word in enumerate(after):
        if word in CONJUNCTIONS or (number and word in PREPOSITIONS):
            after = after[:number]
            break
    return _things([word for word in after if word not in PREPOSITIONS])[:_MOST_WORDS]


def _things(words: list[str]) -> tuple[str, ...]:
    """The roots of those words that tell of a thing, not of how much of it, or when; of all where there is none."""
    told = roots(words)
    return tuple(each for each in told if not (each[0].isdigit() or each in MEASURES or each in LIGHT)) or tuple(told)

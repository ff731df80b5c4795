"""What a text tells as done or to come: its plain pasts, perfects and "will", each with what it is done to.

A statement that is left open or denied where it stands ("may", "plans", "if", "failed") is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agent.grounding.alike import names_in
from agent.grounding.clauses import Text
from agent.grounding.cues import tells
from agent.grounding.fold import word_set
from agent.grounding.hedge_words import (
    AUXILIARIES,
    CONJUNCTIONS,
    HEDGED,
    KEPT,
    MEASURES,
    NOT_PAST,
    OPENING,
    PAST,
    PREPOSITIONS,
    SAME_NOUN,
    SPEECH,
    STATES,
    SUPPOSED,
    TAIL,
    TURNED,
)
from agent.grounding.inflection import root, written
from agent.grounding.negation_words import LIGHT, NEXT_PART, NEXT_STATEMENT
from agent.grounding.verbs import Time, is_past, may_be_participle, read_verb, tells_by_noun

_TO_COME = (" will ", " would be ", " agreed to ", " decided to ")
_GOES_ON = (" is ", " are ")
_LEFT_OPEN = ("not ", " be ")
_MOST_WORDS = 6
_NEXT_WORDS = 3
_AHEAD = 40
_LONGEST = 20
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


def plain_words(article: Text) -> frozenset[str]:
    """The words of an article but for those behind a "not" or "be"."""
    lower = article.lower
    return word_set(lower).difference(lower[end : end + _LONGEST].partition(" ")[0] for end in _behind(lower, _LEFT_OPEN))


def heads_in(text: Text, plain: frozenset[str]) -> frozenset[str]:
    """The roots of the words by which a text may tell that something is done, or to come. Linear in its length.

    A past form among the `plain` words of the article is seldom open there: not looking saves half of the time.
    """
    lower, words = text.lower, word_set(text.lower)
    forms = {word for word in words if word[-2:] == "ed"} - NOT_PAST | (words & PAST)
    forms -= plain - KEPT
    forms.update(word for end in _behind(lower, _TO_COME) for word in lower[end : end + _AHEAD].split()[:_NEXT_WORDS] if tells(word))
    forms.update(word for end in _behind(lower, _GOES_ON) if (word := lower[end : end + _LONGEST].partition(" ")[0]).endswith("ing"))
    return frozenset(map(root, forms)) - STATES


def _behind(lower: str, signs: tuple[str, ...]) -> Iterator[int]:
    """Where each of some signs ends in a text."""
    for sign in signs:
        at = lower.find(sign)
        while at >= 0:
            yield at + len(sign)
            at = lower.find(sign, at + 1)


def told_in(text: Text, head: str) -> Iterator[Told]:
    """The plain statements of a text by words of a root."""
    for place in text.places(head):
        yield from _told(text, place, head)


def roots_in(lower: str, start: int, end: int) -> frozenset[str]:
    """The roots of the words that tell in a slice of a text in small letters."""
    return frozenset(roots(written(lower, start, end)))


def roots(words: list[str]) -> list[str]:
    """The roots of those words that tell; one for several nouns of one thing."""
    return [SAME_NOUN.get(found, found) for found in (root(word) for word in words if tells(word))]


def _told(text: Text, place: tuple[int, int], head: str) -> Iterator[Told]:
    lower = text.lower
    start, end = part_of(text, place)
    verb = read_verb(lower[slice(*place)], written(lower, start, place[0]))
    if verb is None or (verb.time == "done" and not is_past(lower[slice(*place)])) or _leaves_open(text, (start, end), place, verb.time):
        return
    after = written(lower, place[1], end)
    if verb.is_bare and may_be_participle(verb.subject, after):
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
    # In most parts no word leaves anything open, which is seen sooner word by word.
    if not any(map(_may_leave_open, written(lower, *part))):
        return time != "done" and SUPPOSED.search(lower, first, last) is not None
    stop = NEXT_PART.search(lower, place[1], part[1])
    for start, end in ((part[0], place[0]), (place[1], stop.start() if stop else part[1])):
        for pattern in (HEDGED, TURNED):
            if any(match.group() != time for match in pattern.finditer(lower, start, end)):
                return True
    return time != "done" and SUPPOSED.search(lower, first, last) is not None


@lru_cache(maxsize=16_384)
def _may_leave_open(word: str) -> bool:
    return word in OPENING or word.endswith("n't") or any(pattern.match(word) for pattern in (HEDGED, TURNED))


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

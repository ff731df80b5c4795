"""The terms and events that speak for topics: those of the definitions, and those of the hand-written lists."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from agent.engines.extractive.language import function_words
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, phrases, plural, split
from agent.taxonomy import Topic, load_taxonomy

STRONG, EVENT, NAME, HINT, DEFINED = 3.0, 2.0, 1.5, 1.0, 0.7
DEFINED_WORDS = 3
WITHIN = 7
"""Tokens between an event's verb and its noun."""

_VAGUE = frozenset(
    "costs cost demand votes parties services models news boards controls losses rules security space approvals exchanges".split()
)


class TopicTerm(NamedTuple):
    """What speaks for `topic`; singular and plural are one term."""

    topic: str
    term: str
    weight: float


class _Side(NamedTuple):
    """One side of an event: the event's number, and whether it is the verb."""

    event: int
    verb: bool


@lru_cache(maxsize=1)
def topic_terms() -> Terms[Sequence[TopicTerm]]:
    """Phrase -> the topics it speaks for; none for those in which a term means something else."""
    lexicon = read_lexicon("topics")
    found: dict[tuple[str, ...], dict[str, TopicTerm]] = {split(phrase): {} for phrase in lexicon["none"]}
    for topic in load_taxonomy().topics:
        entry = lexicon.get(topic.name, {})
        groups = ((STRONG, entry.get("strong", ())), (NAME, entry.get("names", ())), (HINT, entry.get("words", ())))
        weighed = [(term, weight) for weight, terms in groups for term in terms]
        for term, weight in [*weighed, *((term, DEFINED) for term in defined_terms(topic))]:
            for form in _forms(term):
                found.setdefault(form, {}).setdefault(topic.name, TopicTerm(topic.name, term, weight))
    return Terms((form, tuple(by.values())) for form, by in found.items())


def events_in(reading: Reading, sentence: Sentence) -> Iterator[TopicTerm]:
    """The events told in a sentence: a verb, and its noun near behind it. Linear in their number."""
    listed = _events()
    verbs: list[tuple[int, int, int]] = []
    nouns: dict[int, list[tuple[int, int]]] = {}
    for hit in reading.hits(_sides(), sentence):
        for side in hit.value:
            if side.verb:
                verbs.append((hit.first, hit.last, side.event))
            else:
                nouns.setdefault(side.event, []).append((hit.first, hit.last))
    for at, end, event in verbs:
        topic, either = listed[event]
        if event in nouns and _near(nouns[event], at, end, either=either):
            yield TopicTerm(topic, f"event {event}", EVENT)


def _near(nouns: Sequence[tuple[int, int]], at: int, end: int, *, either: bool) -> bool:
    """Whether a noun stands within WITHIN tokens behind the verb at `at` to `end`, or, with `either`, before it."""
    behind = bisect_left(nouns, (end, 0))
    if behind < len(nouns) and nouns[behind][0] - end <= WITHIN:
        return True
    before = bisect_left(nouns, (at, 0)) - 1
    return either and before >= 0 and 0 <= at - nouns[before][1] <= WITHIN


def defined_terms(topic: Topic) -> Iterator[str]:
    """The short phrases of a topic's definition: `drugs, devices, trials` gives three. Vague ones are left out."""
    for part in re.split(r",|;|:|\band\b|\bor\b|\bof\b|\bby\b", topic.use):
        phrase = part.strip().lower()
        words = phrase.split()
        if (
            0 < len(words) <= DEFINED_WORDS
            and phrase not in _VAGUE
            and function_words().isdisjoint(words)
            and phrase.replace(" ", "").isalpha()
        ):
            yield phrase


def _forms(term: str) -> Iterator[tuple[str, ...]]:
    *rest, last = split(term)
    last = last.removesuffix("'s")
    yield (*rest, last)
    if not last.endswith("s"):
        yield (*rest, plural(last))


@lru_cache(maxsize=1)
def _events() -> tuple[tuple[str, bool], ...]:
    """Number of an event -> its topic, and whether its noun may stand before the verb."""
    listed = read_lexicon("topic_events")
    return tuple((topic, event.get("either") == "true") for topic, group in listed.items() for event in group)


@lru_cache(maxsize=1)
def _sides() -> Terms[Sequence[_Side]]:
    found: dict[tuple[str, ...], set[_Side]] = {}
    listed = (event for group in read_lexicon("topic_events").values() for event in group)
    for number, event in enumerate(listed):
        for verb, side in ((True, {"verbs": event["verbs"]}), (False, {"nouns": event["nouns"], "words": event["nouns"]})):
            for phrase in phrases(side):
                found.setdefault(phrase, set()).add(_Side(number, verb))
    return Terms((phrase, tuple(sorted(sides))) for phrase, sides in found.items())

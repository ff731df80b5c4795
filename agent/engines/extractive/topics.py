"""Which of the taxonomy's topics an article is about, by the words that speak for each."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from agent.draft import MAX_TOPICS
from agent.engines.extractive.language import function_words
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms, plural, split
from agent.taxonomy import Topic, load_taxonomy

STRONG, HINT, DEFINED = 3.0, 1.0, 0.7
TITLE, LEAD = 2.5, 1.6
ENOUGH = 3.8
"""Least score of a topic on a card: a strong word said twice, or once in the title or beside a hint."""
DEFINED_WORDS = 3

_VAGUE = frozenset(
    "costs cost demand votes parties services models news boards controls losses rules security space approvals exchanges".split()
)


def find_topics(reading: Reading, *, companies: bool = True) -> list[str]:
    """One to six topic names, most central first; the best one even when little speaks for it.

    `companies`: whether the article names any. Without one it has no topic of the taxonomy's group about companies.
    """
    barred = set() if companies else {topic.name for topic in load_taxonomy().topics if topic.group == "Companies"}
    scores = {name: score for name, score in topic_scores(reading).items() if name not in barred}
    if not scores:
        return []
    ordered = sorted(scores, key=lambda name: -scores[name])
    return [ordered[0], *(name for name in ordered[1:MAX_TOPICS] if scores[name] >= ENOUGH)]


def topic_scores(reading: Reading) -> dict[str, float]:
    """Topic name -> score above 0, in the taxonomy's order. A word's second mention counts half as much, and so on."""
    heard: dict[tuple[str, str], float] = defaultdict(float)
    strength: dict[tuple[str, str], float] = {}
    for sentence in reading.sentences:
        if sentence.role not in {"title", "prose"}:
            continue
        place = TITLE if sentence.role == "title" else LEAD if sentence is reading.prose[0] else 1.0
        for hit in _terms().find(reading.words, sentence.first, sentence.last):
            for name, term, weight in hit.value:
                heard[name, term] += place
                strength[name, term] = weight
    scores: dict[str, float] = defaultdict(float)
    for (name, term), count in heard.items():
        scores[name] += strength[name, term] * math.log2(1 + count)
    return {name: scores[name] for name in load_taxonomy().topic_names if scores[name] > 0}


@lru_cache(maxsize=1)
def _terms() -> Terms[list[tuple[str, str, float]]]:
    """Phrase -> the topics it speaks for, as (topic, term, weight). Singular and plural are one term."""
    lexicon = read_lexicon("topics")
    found: dict[tuple[str, ...], dict[str, tuple[str, float]]] = {}
    for topic in load_taxonomy().topics:
        entry = lexicon.get(topic.name, {})
        weighed = [(term, STRONG) for term in entry.get("strong", ())] + [(term, HINT) for term in entry.get("words", ())]
        for term, weight in [*weighed, *((term, DEFINED) for term in defined_terms(topic))]:
            for form in _forms(term):
                found.setdefault(form, {}).setdefault(topic.name, (term, weight))
    return Terms((form, [(name, term, weight) for name, (term, weight) in by.items()]) for form, by in found.items())


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

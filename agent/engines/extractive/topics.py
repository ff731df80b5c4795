"""Which of the taxonomy's topics an article is about, by the words and events that speak for each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agent.draft import MAX_TOPICS
from agent.engines.extractive.entities import Found
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.topic_terms import STRONG, TopicTerm, events_in, topic_terms
from agent.engines.extractive.trades import insider_trade
from agent.taxonomy import load_taxonomy

TITLE, LEAD = 2.5, 1.6
ENOUGH = 4.2
"""Least score of a topic on a card: a strong word said twice, or once in the title or beside a hint."""
SHARE = 0.15
"""Least share of the best topic's score: what ten times as much speaks for isn't crowded by what is said in passing."""
PASSING = 0.6
"""What speaks for a topic in one sentence alone, behind the lead, is weighed down so: it may be a list of examples."""
_COMPANY_KINDS = {"public company", "private company"}


@dataclass(slots=True)
class _Heard:
    """What speaks for one topic: term -> (weight, mentions weighed by place); sentences; whether title or lead are among them."""

    terms: dict[str, list[float]] = field(default_factory=dict)
    sentences: set[int] = field(default_factory=set)
    early: bool = False

    def add(self, term: TopicTerm, sentence: int, place: float) -> None:
        self.terms.setdefault(term.term, [term.weight, 0.0])[1] += place
        self.sentences.add(sentence)
        self.early |= place > 1.0

    @property
    def score(self) -> float:
        """A term's second mention counts half as much as its first, and so on."""
        found = math.fsum(weight * math.log2(1 + count) for weight, count in self.terms.values())
        return found if self.early or len(self.sentences) > 1 else PASSING * found


def find_topics(reading: Reading, entities: Sequence[Found]) -> list[str]:
    """One to six topic names, most central first; the best one even when little speaks for it.

    An article that names no company has no topic of the taxonomy's group about companies.
    """
    companies = any(entity.kind in _COMPANY_KINDS for entity in entities)
    barred = set() if companies else {topic.name for topic in load_taxonomy().topics if topic.group == "Companies"}
    scores = {name: score for name, score in topic_scores(reading, entities).items() if name not in barred}
    if not scores:
        return []
    ordered = sorted(scores, key=lambda name: -scores[name])
    least = max(ENOUGH, SHARE * scores[ordered[0]])
    return [ordered[0], *(name for name in ordered[1:MAX_TOPICS] if scores[name] >= least)]


def topic_scores(reading: Reading, entities: Sequence[Found] = ()) -> dict[str, float]:
    """Topic name -> score above 0, in the taxonomy's order."""
    heard: dict[str, _Heard] = defaultdict(_Heard)
    for sentence in reading.sentences:
        if sentence.role in {"title", "prose"}:
            place = TITLE if sentence.role == "title" else LEAD if sentence is reading.prose[0] else 1.0
            for term in _said(reading, sentence):
                heard[term.topic].add(term, sentence.index, place)
    if insider_trade(reading, entities):
        heard["Insider Transactions"].add(TopicTerm("Insider Transactions", "an insider's trade", STRONG), 0, TITLE)
    return {name: heard[name].score for name in load_taxonomy().topic_names if name in heard}


def _said(reading: Reading, sentence: Sentence) -> Iterator[TopicTerm]:
    for hit in reading.hits(topic_terms(), sentence):
        yield from hit.value
    yield from events_in(reading, sentence)

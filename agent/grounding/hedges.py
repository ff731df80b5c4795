"""What is possible, planned or denied, told as done: a clause of the prose states plainly what the article has only under a hedge.

Each plain statement of the prose (agent.grounding.told) is looked for in the article by its verb, or one that tells of the same deed, with
enough of the same words around it. One place of the article that says it plainly, or that can't be told, and the prose is let be.
"""

from __future__ import annotations

import re
from functools import cached_property

from agent.card import Finding
from agent.grounding.alike import names_in
from agent.grounding.clauses import Text
from agent.grounding.denials import weight
from agent.grounding.hedge_words import SAME
from agent.grounding.inflection import root
from agent.grounding.standing import Standing, standing_at
from agent.grounding.told import Told, heads_in, plain_words, roots_in, told_in
from agent.grounding.verbs import tells_by_noun

REASONS: dict[Standing, str] = {
    "open": "the article says that this may happen, not that it has or will; say it as the article does, or leave it out",
    "coming": "the article says that this is planned or expected, not that it has happened; say it as the article does, or leave it out",
    "denied": "the article says that this isn't so, or hasn't happened; say it as the article does, or leave it out",
}

_MOST_PLACES = 8
_ENOUGH = 2.0
_HALF = 0.5
_BOUNDS = re.compile(r"[.;:!?](?=\s|$)|\n\n")
_SENTENCE = 400


class Hedged:
    """What one article leaves open, plans or denies; made once a card, read when prose is held against it."""

    def __init__(self, article: Text) -> None:
        self.text = article
        self._stands: dict[str, list[tuple[tuple[int, int], Standing | None]]] = {}

    @cached_property
    def _plain(self) -> frozenset[str]:
        return plain_words(self.text)

    def findings(self, where: str, text: Text) -> list[Finding]:
        """The clauses of a prose that tell as done what is open, to come or denied in the article, with their places in it."""
        found: dict[int, tuple[int, Standing]] = {}
        for head in sorted(heads_in(text, self._plain)):
            if not (tells_by_noun(head) or self._stands_of(head)):
                continue
            for told in told_in(text, head):
                if told.start not in found and (standing := self._standing_of(told)) is not None:
                    found[told.start] = told.end, standing
        return [
            Finding(where=where, claim=text.original[start:end], reason=REASONS[standing], start=start, end=end)
            for start, (end, standing) in sorted(found.items())
        ]

    def _stands_of(self, head: str) -> list[tuple[tuple[int, int], Standing | None]]:
        """The places of the article that may tell of a deed, each with how it stands; none where all are plain, or are many."""
        if head not in self._stands:
            places: list[tuple[int, int]] = []
            for each in SAME.get(head, (head,)):
                found = self.text.places(each)
                if len(found) >= _MOST_PLACES:
                    places.clear()
                    break
                places += found
            stands = [(place, standing_at(self.text, place)) for place in places]
            self._stands[head] = stands if any(standing is not None for _, standing in stands) else []
        return self._stands[head]

    def _standing_of(self, told: Told) -> Standing | None:
        """How the article leaves open or denies what is told; None where it states it, doesn't speak of it or can't be told."""
        found: Standing | None = None
        for place, standing in self._stands_of(told.head):
            sentence = sentence_roots(self.text, place)
            common = told.around & sentence
            if not common:
                continue
            if standing is None or (standing == "coming" and told.time != "done"):
                if not common.isdisjoint(told.thing) or sum(map(weight, common)) >= _ENOUGH:
                    return None
            elif found is None and (told.time != "would" or standing == "denied"):
                about = _is_about(told, sentence, common) and not _is_of_another(told, self.text, place, sentence)
                found = standing if about else None
        return found


def _is_about(told: Told, sentence: frozenset[str], common: frozenset[str]) -> bool:
    """Whether a sentence speaks of what is told: of its figures, of what it is done to, and of enough besides."""
    if not told.particulars <= sentence:
        return False
    shared = [each in sentence for each in told.thing]
    enough = sum(map(weight, common)) >= _ENOUGH or common == told.around
    return enough and shared[-1] and sum(shared) >= _HALF * len(shared)


def _is_of_another(told: Told, article: Text, place: tuple[int, int], sentence: frozenset[str]) -> bool:
    """Whether the article has other names before what it tells, and none of the prose's in that sentence."""
    if not told.subjects or not sentence.isdisjoint(map(root, told.subjects)):
        return False
    return bool(names_in(article, article.bounds(place)[0], place[0]))


def sentence_roots(article: Text, place: tuple[int, int]) -> frozenset[str]:
    """The roots of the words in the sentence around a place."""
    lower, first = article.lower, max(0, place[0] - _SENTENCE)
    start = max((match.end() for match in _BOUNDS.finditer(lower, first, place[0])), default=first)
    stop = _BOUNDS.search(lower, place[1], place[1] + _SENTENCE)
    return roots_in(lower, start, stop.start() if stop else place[1] + _SENTENCE)

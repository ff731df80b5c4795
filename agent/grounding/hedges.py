"""What is possible, planned or denied, told as done: a clause of the prose states plainly what the article has only under a hedge.

Each plain statement of the prose (agent.grounding.told) is looked for in the article by its verb, or one that tells of the same deed, with
enough of the same words around it. One place of the article that says it plainly, or that can't be told, and the prose is let be.
"""

from __future__ import annotations

import re
from typing import Literal

from agent.card import Finding
from agent.grounding.alike import names_in
from agent.grounding.clauses import Text
from agent.grounding.denials import weight
from agent.grounding.hedge_words import BARRIERS, BETWEEN, COMING, DID, MAY, MUST, NOT, OPEN, PAST, PRESENT_TOO, RULED_OUT, SAME, UNDONE, WANTED, WILL
from agent.grounding.told import Told, heads_in, roots_in, tells_by_noun, told_in

Standing = Literal["open", "coming", "denied"]

REASONS: dict[Standing, str] = {
    "open": "the article says that this may happen, not that it has or will; say it as the article does, or leave it out",
    "coming": "the article says that this is planned or expected, not that it has happened; say it as the article does, or leave it out",
    "denied": "the article says that this isn't so, or hasn't happened; say it as the article does, or leave it out",
}

_BACK = 80
_STOPS = frozenset(".;:?!-")
_FEW = 5
_MOST_PLACES = 8
_ENOUGH = 2.0
_HALF = 0.5
_BOUNDS = re.compile(r"[.;:!?](?=\s|$)|\n\n")
_SENTENCE = 400
_DENIES_NOUN = (" no ", " none ", " neither ", " nothing ")
_AGAIN = 4
_SUPPOSE = frozenset(("if", "whether"))
_DENY = frozenset(("denied", "denies", "nothing", "nobody", "none"))
_MAY_STAND = frozenset("that had has have was were is are".split())
"""Between what denies or supposes a past form, and that."""


class Hedged:
    """What one article leaves open, plans or denies; made once a card, read when prose is held against it."""

    def __init__(self, article: Text) -> None:
        self.text = article
        self._stands: dict[str, list[tuple[tuple[int, int], Standing | None]]] = {}

    def findings(self, where: str, text: Text) -> list[Finding]:
        """The clauses of a prose that tell as done what is open, to come or denied in the article, with their places in it."""
        found: dict[int, tuple[int, Standing]] = {}
        for head in heads_in(text, self.text.lower):
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
            places = [self.text.places(each) for each in SAME.get(head, (head,))]
            few = all(len(each) < _MOST_PLACES for each in places)
            stands = [(place, standing_at(self.text, place)) for each in places for place in each] if few else []
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
                about = _is_about(told, sentence, common) and not _is_of_another(told, self.text, place)
                found = standing if about else None
        return found


def _is_about(told: Told, sentence: frozenset[str], common: frozenset[str]) -> bool:
    """Whether a sentence speaks of what is told: of its figures, of what it is done to, and of enough besides."""
    if not told.particulars <= sentence:
        return False
    shared = [each in sentence for each in told.thing]
    enough = sum(map(weight, common)) >= _ENOUGH or common == told.around
    return enough and shared[-1] and sum(shared) >= _HALF * len(shared)


def _is_of_another(told: Told, article: Text, place: tuple[int, int]) -> bool:
    """Whether the article has other names before what it tells, and none of the prose's."""
    subjects = names_in(article, article.clause(place).start, place[0])
    return bool(subjects) and bool(told.subjects) and subjects.isdisjoint(told.subjects)


def sentence_roots(article: Text, place: tuple[int, int]) -> frozenset[str]:
    """The roots of the words in the sentence around a place."""
    lower, first = article.lower, max(0, place[0] - _SENTENCE)
    start = max((match.end() for match in _BOUNDS.finditer(lower, first, place[0])), default=first)
    stop = _BOUNDS.search(lower, place[1], place[1] + _SENTENCE)
    return roots_in(lower, start, stop.start() if stop else place[1] + _SENTENCE)


def standing_at(article: Text, place: tuple[int, int]) -> Standing | None:
    """Whether what a place of the article says is open, to come or denied; None for what is plain, or can't be told."""
    lower = article.lower
    if lower.startswith(_DENIES_NOUN, place[1]):
        return "denied"
    back = _back(lower, place[0])
    at = 0
    while at < len(back) and (back[at] in BETWEEN or back[at].endswith("ly")) and back[at] not in NOT:
        at += 1
    if at == len(back) or "how" in back:
        return None
    word = back[at]
    if word in NOT:
        return "denied"
    if word in MAY:
        return "open"
    if word in WILL:
        return "coming"
    if word == "to":
        return _before_to(back[at + 1 : at + 1 + _FEW], "coming" if place[0] < lower.find("\n\n") else None)
    form = lower[place[0] : place[1]]
    is_past = form.endswith("ed") or form in PAST - PRESENT_TOO or not {"has", "have", "had"}.isdisjoint(back[: at + 1])
    return _before_past(back[: at + _FEW]) if is_past else _before_noun(back[: at + _FEW])


def _back(lower: str, at: int) -> list[str]:
    """The words of a clause before a place, the nearest first, and its commas."""
    first = max(0, at - _BACK)
    back: list[str] = []
    for token in reversed(lower[max(first, lower.rfind("\n\n", first, at)) : at].split()):
        last = token[-1]
        if last in _STOPS:
            break
        if last == ",":
            back.append(last)
        back.append(token if token.isalpha() else token.strip("('\","))
    return back


def _before_to(back: list[str], otherwise: Standing | None) -> Standing | None:
    """What stands before a "to"; `otherwise` where that tells nothing, as in a title's "Harbour to buy Northmill"."""
    if back and back[0] in MUST:
        return "coming"
    for word in back:
        if word in DID:
            return None
        if word in UNDONE:
            return "denied"
        if word in OPEN:
            return "open"
        if word in WANTED:
            return "coming"
    return otherwise


def _before_past(back: list[str]) -> Standing | None:
    if _SUPPOSE.isdisjoint(back) and _DENY.isdisjoint(back):
        return None
    for word in back:
        if word in _SUPPOSE:
            return "open"
        if word in _DENY:
            return "denied"
        if word in BARRIERS - _MAY_STAND:
            return None
    return None


def _before_noun(back: list[str]) -> Standing | None:
    """What stands shortly before a noun or a form in "ing"."""
    for number, word in enumerate(back):
        if (cue := RULED_OUT.get(word)) is not None and (not cue or not cue.isdisjoint(back[number + 1 : number + 2])):
            return "denied" if NOT.isdisjoint(back[number + 1 : number + _AGAIN]) else "open"
        if word in OPEN:
            return "open"
        if word in COMING:
            return "coming"
        if word in BARRIERS:
            return None
    return None

"""The words of an article that sound good or bad, what they are bound to, and whom they concern.

Three kinds of words: polar ones (fraud), direction words bound to what moves (costs fell, profit fell), and frames done to someone
(A sued B). Each becomes a `Tone` with a signed weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from agent.engines.extractive.entities import Found, Place
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.mentions import Mentions
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit, Terms, phrases

TITLE_WEIGHT = 2.0
LEAD_WEIGHT = 1.5
NEGATED = -0.6
HEDGED = 0.7
CONCEDED = 0.5
REACH = 8
"""How many tokens before a direction word the thing that moves may stand; behind it, half as many."""

_BE = frozenset("is are was were be been being got gets get".split())
_STOPS = frozenset("after as by amid because from to on for with at against over under until when if than into".split())
_LINKS = frozenset({"in", "of"})


@dataclass(frozen=True, slots=True)
class Word:
    """What a lexicon entry can be; 0 where it isn't. `mover`: +1 when its rise is good news, -1 when bad."""

    mover: float = 0.0
    direction: float = 0.0
    transitive: bool = False
    adjective: bool = False
    polar: float = 0.0
    done_to: float = 0.0
    negator: bool = False
    hedge: bool = False


class Tone(NamedTuple):
    """A signed weight, the words behind it, the sentence, and the index of the entity it concerns (None: nobody in particular)."""

    value: float
    words: str
    sentence: int
    entity: int | None


class _Clause(NamedTuple):
    first: int
    last: int
    conceded: bool
    hits: Sequence[Hit[Word]]


def tones(reading: Reading, entities: Sequence[Found]) -> list[Tone]:
    """All tones of title and prose, in order."""
    mentions = Mentions(reading, entities)
    found = []
    for sentence in reading.sentences:
        if sentence.role in {"title", "prose"}:
            weight = _weight(reading, sentence)
            for tone in _in_sentence(reading, mentions, sentence):
                found.append(tone._replace(value=tone.value * weight))  # noqa: PERF401  clearer than a nested comprehension
    return found


def _weight(reading: Reading, sentence: Sentence) -> float:
    if sentence.role == "title":
        return TITLE_WEIGHT
    return LEAD_WEIGHT if sentence is reading.prose[0] else 1.0


def _in_sentence(reading: Reading, mentions: Mentions, sentence: Sentence) -> Iterator[Tone]:
    hits = list(_lexicon().find(reading.words, sentence.first, sentence.last))
    for clause in _clauses(reading, sentence, hits):
        used: set[int] = set()
        # Verbs and adjectives first: what they move (sales growth slowed) is no direction word of its own any more.
        for hit in sorted(clause.hits, key=lambda hit: bool(hit.value.mover)):
            if hit.first in used:
                continue
            bound = _bind(reading, mentions, clause, hit)
            if bound is None:
                continue
            value, mover, entity = bound
            if mover is not None:
                used |= set(range(mover.first, mover.last))
            value *= _shade(reading, clause, hit)
            words = reading.surface(hit.first, hit.last).lower()
            if mover is not None:
                words = f"{words} ({reading.surface(mover.first, mover.last).lower()})"
            yield Tone(value, words, sentence.index, entity)


def _bind(reading: Reading, mentions: Mentions, clause: _Clause, hit: Hit[Word]) -> tuple[float, Place | None, int | None] | None:
    """Signed value, what moves, and who is concerned; None when the word says nothing here."""
    word = hit.value
    if word.done_to:
        patient = _patient(reading, mentions, clause, hit)
        if patient is not None:
            return word.done_to, None, patient
    if word.direction:
        moved = _moved(reading, clause, hit)
        if moved is not None:
            return word.direction * moved.value.mover, Place(moved.first, moved.last), mentions.owner(moved, clause.first, clause.last)
        subject = mentions.moving(hit, clause.first, clause.last)
        if subject is not None:
            return word.direction, None, subject
    if word.polar:
        return word.polar, None, mentions.concerned(hit, clause.first, clause.last)
    return None


def _patient(reading: Reading, mentions: Mentions, clause: _Clause, hit: Hit[Word]) -> int | None:
    if _passive(reading, clause, hit):
        return mentions.before(hit.first, clause.first)
    # One word alone (drop, order, fire) must stand close to its object; a phrase may reach further.
    reach = 2 if hit.value.direction else 4 if hit.last - hit.first == 1 else REACH
    return mentions.after(hit.last, min(clause.last, hit.last + reach))


def _passive(reading: Reading, clause: _Clause, hit: Hit[Word]) -> bool:
    word = reading.words[hit.first]
    past = not word.endswith(("ing", "s"))
    before = reading.words[max(clause.first, hit.first - 3) : hit.first]
    by = hit.last < len(reading.words) and reading.words[hit.last] == "by" and word.endswith("ed")
    return (past and not _BE.isdisjoint(before)) or by


def _moved(reading: Reading, clause: _Clause, hit: Hit[Word]) -> Hit[Word] | None:
    """What a direction word moves, looked for where its kind of word has it."""
    movers = [other for other in clause.hits if other.value.mover and other.first != hit.first]
    if not movers:
        return None
    before = next((m for m in reversed(movers) if m.last <= hit.first and hit.first - m.last <= REACH), None)
    after = _after(reading, movers, hit)
    if before and before.last == hit.first and reading.gap(before.last - 1) == " ":
        return before
    linked = hit.last < clause.last and reading.words[hit.last] in _LINKS
    if after and (hit.value.transitive or hit.value.adjective or linked):
        return after
    return before


def _after(reading: Reading, movers: list[Hit[Word]], hit: Hit[Word]) -> Hit[Word] | None:
    found: Hit[Word] | None = None
    for mover in movers:
        if mover.first < hit.last:
            continue
        if found is None:
            between = reading.words[hit.last : mover.first]
            if len(between) > REACH // 2 or not _STOPS.isdisjoint(between):
                return None
            found = mover
        elif mover.first == found.last and reading.gap(found.last - 1) == " ":
            found = mover  # the last noun of a row is the one that moves: a higher profit forecast
        else:
            break
    return found


def _shade(reading: Reading, clause: _Clause, hit: Hit[Word]) -> float:
    """Negation, hedging and concession, as a factor."""
    factor = CONCEDED if clause.conceded else 1.0
    for other in clause.hits:
        if other.first >= hit.first:
            break
        if other.value.hedge:
            factor *= HEDGED
        elif other.value.negator and other.last >= hit.first - 3 and reading.words[other.last] != "only":
            factor *= NEGATED
    if any(word.endswith("n't") for word in reading.words[max(clause.first, hit.first - 4) : hit.first]):
        factor *= NEGATED
    return factor


def _clauses(reading: Reading, sentence: Sentence, hits: Sequence[Hit[Word]]) -> Iterator[_Clause]:
    breaks, concessions = _clause_words()
    inside = {token for hit in hits for token in range(hit.first + 1, hit.last)}
    cuts = [sentence.first]
    for token in range(sentence.first + 1, sentence.last):
        if (reading.words[token] in breaks or any(mark in reading.gap(token - 1) for mark in ";:()—–")) and token not in inside:
            cuts.append(token)
    cuts.append(sentence.last)
    at = 0
    for first, last in zip(cuts, cuts[1:], strict=False):
        begin = at
        while at < len(hits) and hits[at].first < last:
            at += 1
        if begin < at:
            yield _Clause(first, last, reading.words[first] in concessions, hits[begin:at])


@lru_cache(maxsize=1)
def _clause_words() -> tuple[frozenset[str], frozenset[str]]:
    data = read_lexicon("sentiment")
    return frozenset(data["clause_words"]), frozenset(data["concessions"])


@lru_cache(maxsize=1)
def _lexicon() -> Terms[Word]:
    data = read_lexicon("sentiment")
    entries: dict[tuple[str, ...], Word] = {}

    def enter(group: Any, **roles: Any) -> None:
        for phrase in phrases(group):
            entries[phrase] = replace(entries.get(phrase, Word()), **roles)

    enter(data["movers_good"], mover=1.0)
    enter(data["movers_shares"], mover=1.5)
    enter(data["movers_bad"], mover=-1.0)
    for name, group in data["directions"].items():
        sign = 1 if name.startswith("up") else -1
        listed = {key: group[key] for key in ("verbs", "nouns") if key in group}
        enter(listed, direction=sign * group["weight"], **({"transitive": True} if name.endswith("transitive") else {}))
        enter({"words": group.get("words", ())}, direction=sign * group["weight"], adjective=True)
    for name, sign in (("positive", 1), ("strongly_positive", 1), ("negative", -1), ("strongly_negative", -1)):
        enter(data[name], polar=sign * data[name]["weight"])
    for name, sign in (("against", -1), ("helps", 1)):
        enter(data[name], done_to=sign * data[name]["weight"])
    enter(data["negators"], negator=True)
    enter(data["hedges"], hedge=True)
    return Terms(entries.items())

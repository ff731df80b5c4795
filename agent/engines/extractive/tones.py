"""The words of an article that sound good or bad, what they are bound to, and whom they concern.

Three kinds of words: polar ones (fraud), direction words bound to what moves (costs fell, profit fell), and frames done to someone
(A sued B). Each becomes a `Tone` with a signed weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.engines.extractive.compared import WEIGHT, comparisons
from agent.engines.extractive.entities import Found
from agent.engines.extractive.gathering import Place
from agent.engines.extractive.mentions import Mentions
from agent.engines.extractive.moving import REACH, moved
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Hit
from agent.engines.extractive.vocabulary import BE, Clause, Word, breaks_in, clauses, vocabulary

TITLE_WEIGHT = 2.0
LEAD_WEIGHT = 1.5
NEGATED = -0.6
HEDGED = 0.7
CONCEDED = 0.5


class Tone(NamedTuple):
    """A signed weight, the words behind it, the sentence, and the index of the entity it concerns (None: nobody in particular).

    `done`: the tokens of a word for what is done to the entity (sued, acquired); None for all other words.
    """

    value: float
    words: str
    sentence: int
    entity: int | None
    done: Place | None = None


def tones(reading: Reading, entities: Sequence[Found]) -> list[Tone]:
    """All tones of title and prose, in order."""
    mentions, breaks = Mentions(reading, entities), breaks_in(reading)
    named = {token for entity in entities for place in entity.places for token in range(*place) if reading.capitals[token]}
    found: list[Tone] = []
    for sentence in reading.sentences:
        if sentence.role in {"title", "prose"}:
            # The Federal Reserve is no reserve that falls, and Target no target that is cut.
            hits = [hit for hit in reading.hits(vocabulary(), sentence) if not named.issuperset(range(hit.first, hit.last))]
            found += _in_sentence(reading, mentions, _Heard(sentence, hits), breaks) if hits else ()
    return found


def weight_of(reading: Reading, sentence: Sentence) -> float:
    """How much a sentence counts: the title most, then the first one."""
    if sentence.role == "title":
        return TITLE_WEIGHT
    return LEAD_WEIGHT if sentence is reading.prose[0] else 1.0


class _Heard(NamedTuple):
    """A sentence and the lexicon's words in it, at least one."""

    sentence: Sentence
    hits: Sequence[Hit[Word]]


def _in_sentence(reading: Reading, mentions: Mentions, heard: _Heard, breaks: Sequence[int]) -> Iterator[Tone]:
    sentence, hits = heard
    weight = weight_of(reading, sentence)
    compared = list(comparisons(reading, sentence, hits))
    # What is told of before says nothing of today, and a loss that is compared is judged by its size.
    past = {token for found in compared for token in (*range(found.first, found.last), *(range(*found.polar)))}
    moved_already: set[int] = set()
    for clause in clauses(reading, sentence, [hit for hit in hits if hit.first not in past], breaks):
        used: set[int] = set()
        # Verbs and adjectives first: what they move (sales growth slowed) is no direction word of its own any more.
        movers = [hit for hit in clause.hits if hit.value.mover]
        for hit in [*(hit for hit in clause.hits if not hit.value.mover), *movers] if movers else clause.hits:
            bound = None if hit.first in used else _bind(reading, mentions, clause, hit)
            if bound is None:
                continue
            if bound.mover is not None:
                used |= set(range(bound.mover.first, bound.mover.last))
            shade = _shade(reading, clause, hit)
            yield Tone(
                bound.value * shade * weight,
                _spelled(reading, hit, bound, negated=shade < 0),
                sentence.index,
                bound.entity,
                Place(hit.first, hit.last) if bound.done else None,
            )
        moved_already |= used
    for found in compared:
        if found.mover.first not in moved_already:
            counted = reading.surface(found.mover.first, found.mover.last).lower()
            words = f"{counted} {'better' if found.better > 0 else 'worse'} than the figure beside it"
            entity = mentions.owner(found.mover, sentence.first, sentence.last)
            yield Tone(WEIGHT * found.better * weight, words, sentence.index, entity)


def _spelled(reading: Reading, hit: Hit[Word], bound: _Bound, *, negated: bool) -> str:
    """A tone's words: `fell (profit)`."""
    words = reading.surface(hit.first, hit.last).lower()
    if bound.mover is not None:
        words = f"{words} ({reading.surface(bound.mover.first, bound.mover.last).lower()})"
    return f"{words} (negated)" if negated else words


class _Bound(NamedTuple):
    """What a word says here: its signed value, what moves, who is concerned, and whether it is done to them."""

    value: float
    mover: Place | None
    entity: int | None
    done: bool = False


def _bind(reading: Reading, mentions: Mentions, clause: Clause, hit: Hit[Word]) -> _Bound | None:
    """None when the word says nothing here."""
    word = hit.value
    if word.done_to:
        patient = _patient(reading, mentions, clause, hit)
        if patient is not None:
            return _Bound(word.done_to, None, patient, done=True)
    if word.direction:
        found = moved(reading, mentions, clause, hit)
        if found is not None:
            mover, sign = found
            return _Bound(word.direction * sign, Place(mover.first, mover.last), mentions.owner(mover, clause.first, clause.last))
        subject = mentions.moving(hit, clause.first, clause.last)
        if subject is not None:
            return _Bound(word.direction, None, subject)
    if word.polar:
        return _Bound(word.polar, None, mentions.concerned(hit, clause.first, clause.last))
    return None


def _patient(reading: Reading, mentions: Mentions, clause: Clause, hit: Hit[Word]) -> int | None:
    if _passive(reading, clause, hit):
        return mentions.before(hit.first, clause.first)
    # One word alone (drop, order, fire) must stand close to its object; a phrase may reach further.
    reach = 2 if hit.value.direction else 4 if hit.last - hit.first == 1 else REACH
    return mentions.after(hit.last, min(clause.last, hit.last + reach))


def _passive(reading: Reading, clause: Clause, hit: Hit[Word]) -> bool:
    word = reading.words[hit.first]
    past = not word.endswith(("ing", "s"))
    before = reading.words[max(clause.first, hit.first - 3) : hit.first]
    by = hit.last < len(reading.words) and reading.words[hit.last] == "by" and word.endswith("ed")
    return (past and not BE.isdisjoint(before)) or by


def _shade(reading: Reading, clause: Clause, hit: Hit[Word]) -> float:
    """Negation, hedging and concession, as a factor."""
    factor = CONCEDED if clause.conceded else 1.0
    for other in clause.hits:
        if other.first >= hit.first:
            break
        if other.value.hedge:
            factor *= HEDGED
        elif other.value.negator and other.last >= hit.first - 3 and reading.words[other.last] != "only":
            factor *= NEGATED
    if "n't " in " ".join([*reading.words[max(clause.first, hit.first - 4) : hit.first], ""]):
        factor *= NEGATED
    return factor

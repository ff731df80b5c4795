"""How a verb stands in a clause: done, going on or to come, active or passive, by the words before it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from agent.grounding.cues import tells
from agent.grounding.hedge_words import (
    AUXILIARIES,
    BETWEEN,
    CONCLUDING,
    HEDGED,
    NOT_PAST,
    PARTICIPLES,
    PAST,
    PREPOSITIONS,
    SUBJECTS,
    UNTOLD,
)
from agent.grounding.inflection import root

Time = Literal["done", "will", "would"]

_COMMITTED = frozenset(("agreed", "decided"))
_SHORT = 4


class Verb(NamedTuple):
    """The words before a verb and its auxiliaries, whether it is passive, its time, and whether it has an auxiliary."""

    subject: list[str]
    is_passive: bool
    time: Time
    is_bare: bool = False


def is_past(word: str) -> bool:
    """Whether a word is a form of what is past."""
    return word in PAST or (word.endswith("ed") and word not in NOT_PAST)


def tells_by_noun(head: str) -> bool:
    """Whether a verb tells less than the noun behind it: "made an offer", "signed a contract"."""
    return head in CONCLUDING


def read_verb(verb: str, before: list[str]) -> Verb | None:
    """How a verb stands; None where it states nothing."""
    at, passive = len(before), False
    while at and (before[at - 1] in BETWEEN or before[at - 1].endswith("ly")):
        at -= 1
        if before[at] in {"has", "have"}:
            to_come = at and before[at - 1] in {"to", "will", "would"}
            return None if to_come else Verb(before[:at], passive, "done")
        passive = passive or before[at] in {"been", "be"}
    word = before[at - 1] if at else ""
    if word in {"had", "was", "were"}:
        return Verb(before[: at - 1], passive or word != "had", "done")
    if word in {"is", "are"}:
        return _now(verb, before[: at - 1])
    if word == "to" and at > 1 and before[at - 2] in _COMMITTED:
        return Verb(before[: at - 2], passive, "will")
    if word in {"will", "would"}:
        return Verb(before[: at - 1], passive, "will" if word == "will" else "would")
    stands = at and not passive and (tells(word) or word in SUBJECTS) and verb not in UNTOLD | PARTICIPLES
    stands = stands and not (verb == "cut" and not {"will", "would", "to"}.isdisjoint(before))
    return Verb(before[:at], False, "done", is_bare=True) if stands else None


def _now(verb: str, subject: list[str]) -> Verb | None:
    """A verb behind "is" or "are": what goes on, or is done now, is held against what may be, as what will be is."""
    if not (is_past(verb) or verb.endswith("ing")) or HEDGED.fullmatch(verb) or tells_by_noun(root(verb)):
        return None
    return Verb(subject, is_past(verb), "will")


def may_be_participle(before: list[str], after: list[str]) -> bool:
    """Whether a past form may tell of the noun before it only: "processors made that way will come", "the value of a stake owned in it"."""
    if not AUXILIARIES.isdisjoint(after) or after[:1] == ["by"]:
        return True
    return bool(after) and after[0] in PREPOSITIONS and (len(before) > _SHORT or not PREPOSITIONS.isdisjoint(before) or "of" in before)

"""How a place of an article stands: what it says may be open ("could", "talks about"), to come ("plans to") or denied ("failed to").

It is read from the few words before the place, and from the one behind it; what these don't tell is plain.
"""

from __future__ import annotations

from typing import Literal

from agent.grounding.clauses import Text
from agent.grounding.hedge_words import (
    BARRIERS,
    BETWEEN,
    COMING,
    DID,
    MAY,
    MUST,
    NOT,
    OPEN,
    PAST,
    PRESENT_TOO,
    RULED_OUT,
    UNDONE,
    WANTED,
    WILL,
)

Standing = Literal["open", "coming", "denied"]

_RIGHT_BEFORE: dict[str, Standing] = {
    **dict.fromkeys(MAY, "open"),
    **dict.fromkeys(WILL, "coming"),
    **dict.fromkeys(NOT, "denied"),
}
_BACK = 80
_AHEAD = 40
_DETERMINERS = frozenset("the a an any such its their his her this".split())
_ENDS = frozenset(".;:?!,")
_STOPS = frozenset(".;:?!-")
_FEW = 5
_DENIES_NOUN = (" no ", " none ", " neither ", " nothing ")
_AGAIN = 4
_SUPPOSE = frozenset(("if", "whether"))
_DENY = frozenset(("denied", "denies", "nothing", "nobody", "none"))
_ENDS_PAST = BARRIERS - frozenset("that had has have was were is are".split())
"""Before one of these stands nothing that denies or supposes a past form."""


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
    if word in _RIGHT_BEFORE:
        return _RIGHT_BEFORE[word]
    if word == "to":
        return _before_to(back[at + 1 : at + 1 + _FEW], "coming" if place[0] < lower.find("\n\n") else None)
    if word in _DETERMINERS and (behind := _behind(lower[place[1] : place[1] + _AHEAD])) is not None:
        return behind
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


def _behind(ahead: str) -> Standing | None:
    """What stands shortly behind a noun: "a merger with Northmill could"."""
    for word in ahead.split()[:_FEW]:
        if word in MAY or word == "would":
            return _RIGHT_BEFORE[word]
        if word in BARRIERS or word[-1] in _ENDS:
            return None
    return None


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
    """What stands before a past form: it is open only where it is supposed, or asked."""
    if _SUPPOSE.isdisjoint(back) and _DENY.isdisjoint(back):
        return None
    for word in back:
        if word in _SUPPOSE:
            return "open"
        if word in _DENY:
            return "denied"
        if word in _ENDS_PAST:
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

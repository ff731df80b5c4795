"""Who did it to whom: a purchase, a suit, a charge or a payment that the prose tells the other way round.

Both names and the deed stand in one clause of either text: "A is to buy B", "B is bought by A", "the acquisition of B by A", "A's takeover
of B", "A bought it from B", "B sold it to A". It is a finding where the article has that deed of the same two only the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.phrases import Speaker, name_of, run_of
from agent.grounding.attribution.saying import Saying
from agent.grounding.attribution.tokens import Phrase, Token, tokens_of
from agent.grounding.fold import starts_of

OTHER_WAY = "the article has it the other way round; keep who did it and to whom"

_VERBS = {
    "buy": "buy buys buying bought acquire acquires acquiring acquired purchase purchases purchasing purchased",
    "sell": "sell sells selling sold",
    "sue": "sue sues suing sued",
    "accuse": "accuse accuses accusing accused",
    "pay": "pay pays paying paid",
}
_DEED = {form: deed for deed, forms in _VERBS.items() for form in forms.split()}
_STEMS = ("buy", "bought", "acqui", "purchas", "sell", "sold", "sue", "suing", "accus", "pay", "paid", "takeover")
_NOUNS = frozenset("acquisition takeover purchase".split())
_BE = frozenset("is are was were be been being".split())
_STOPS = frozenset(
    "and or but while whereas when as after that before if because since than who whose which where although though it he she they its his "
    "her their this the a an by of for from with against over said says".split()
)
_NO_SUBJECT = frozenset("of by for from with against to in at and or than over on into".split())
_PARTS = frozenset("shares shareholders investors board stock unit parent rival owner lawyers workers employees bonds directors".split())
_MOST_TOKENS = 16
_REACH = 140
_NEAR = 80
_WORD_BEFORE = 16
_WORD = re.compile(r"[a-z]+")


class Deed(NamedTuple):
    """What one did to another, told in one clause."""

    deed: str
    doer: Speaker
    other: Speaker


class Deeds:
    """The deeds of one article between two names; made once a card, and read only where the prose has one."""

    def __init__(self, identities: Identities) -> None:
        self._rest = _read(identities.text)
        self._told: list[Deed] = []

    def is_turned(self, deed: Deed) -> bool:
        """Whether the article has a deed of the same two, and each time the other way round."""
        found = False
        for told in self._each():
            if told.deed == deed.deed and (ways := (_are(told, deed.doer, deed.other), _are(told, deed.other, deed.doer))) != (True, True):
                if ways[0]:
                    return False
                found = found or ways[1]
        return found

    def _each(self) -> Iterator[Deed]:
        """All of them, read as far as they are asked for: what the prose tells as it is mostly stands early."""
        yield from self._told
        for told in self._rest:
            self._told.append(told)
            yield told


def deed_findings(where: str, prose: Saying, deeds: Deeds) -> tuple[int, list[Finding]]:
    """Those whom a prose has do what the article has another do to them, with their places in it."""
    found = {deed.doer.start: deed.doer for deed in deeds_in(prose) if deeds.is_turned(deed)}
    return len(found), [
        Finding(where=where, claim=prose.original[doer.start : doer.end], reason=OTHER_WAY, start=doer.start, end=doer.end)
        for doer in found.values()
    ]


def deeds_in(text: Saying) -> Iterator[Deed]:
    """The deeds that a text tells between two names. Linear in its length."""
    lower = text.lower
    for at in sorted(place for stem in _STEMS for place in starts_of(stem, lower)):
        if lower[at - 1 : at].isalnum() or (word := _WORD.match(lower, at)) is None:
            continue
        if word.group() not in _DEED and word.group() not in _NOUNS:
            continue
        if not any(map(str.isupper, text.text[word.end() : word.end() + _NEAR])):
            continue
        if (
            word.group() in _DEED
            and word.group() not in _NOUNS
            and lower[max(0, at - _WORD_BEFORE) : at].rstrip().rpartition(" ")[2] in _STOPS
        ):
            continue  # "the pay", "said buy": most are no deeds, which is quickly seen
        start = max(at - _REACH, text.text.rfind(". ", max(0, at - _REACH), at) + 1, text.text.rfind("\n", max(0, at - _REACH), at) + 1)
        before = tokens_of(text.text, start, at)
        told = _noun(before, _behind(text.text, word.end())) if word.group() in _NOUNS else None
        if told is None and word.group() in _DEED and (subject := _subject(before)) is not None:
            passive = any(token.word in _BE for token in before[-3:]) and word.group().endswith(("d", "t"))
            told = _verb(_DEED[word.group()], subject, dict(_objects(_behind(text.text, word.end()))), passive=passive)
        if told is not None and told.doer.words.isdisjoint(told.other.words):
            yield told


def _read(text: str) -> Iterator[Deed]:
    yield from deeds_in(Saying(text))


def _behind(text: str, at: int) -> Phrase:
    return tokens_of(text, at, at + _REACH)[:_MOST_TOKENS]


def _verb(deed: str, subject: Speaker, others: Mapping[str, Speaker], *, passive: bool) -> Deed | None:
    """What its subject does, or has done to it, to the others, each by the word that links it to the verb."""
    if passive:
        return _deed(deed, others.get("by"), subject) if deed != "sell" else None
    if deed == "sell":
        return _deed("trade", others.get("to"), subject)
    if deed == "buy" and "from" in others:
        return _deed("trade", subject, others["from"])
    return _deed(deed, subject, others.get("") or (others.get("to") if deed == "pay" else None))


def _noun(before: Phrase, behind: Phrase) -> Deed | None:
    """The acquisition of B by A, A's takeover of B."""
    others = dict(_objects(behind))
    owner = before[-1:] if before and before[-1].owns else []
    if not owner and len(before) > 1 and before[-2].owns:
        owner = before[-2:-1]
    doer = name_of(run_of(before[: before.index(owner[0]) + 1])) if owner else others.get("by")
    return _deed("buy", doer, others.get("of"))


def _deed(deed: str, doer: Speaker | None, other: Speaker | None) -> Deed | None:
    return None if doer is None or other is None else Deed(deed, doer, other)


def _subject(before: Phrase) -> Speaker | None:
    """Whose name is the subject of what follows, when nothing else between may be."""
    tokens = list(before)
    while tokens and not _is_name(tokens[-1]):
        last = tokens.pop()
        if last.word == ",":
            opening = next((index for index in range(len(tokens) - 1, 0, -1) if tokens[index].word == ","), 0)
            tokens = tokens[:opening]
            break
        if last.word in {"which", "who"} and len(tokens) > 1 and tokens[-1].word == ",":
            tokens.pop()
            break
        if not last.is_word or last.word in _STOPS | _PARTS:
            return None
    if not tokens or not _is_name(tokens[-1]) or tokens[-1].owns:
        return None
    run = run_of(tokens)
    first = len(tokens) - len(run)
    if first and tokens[first - 1].word in {"the", "of"}:
        first -= 1 + (tokens[first - 1].word == "of" and first > 1 and tokens[first - 2].capital)
    ahead = tokens[first - 1].word if first > 0 else ""
    return None if ahead in _NO_SUBJECT else name_of(run)


def _objects(behind: Phrase) -> Iterator[tuple[str, Speaker]]:
    """The names behind a deed, each with the word that links it; in reverse, so that the first of each link is kept."""
    found: list[tuple[str, Speaker]] = []
    link, at = "", 0
    while at < len(behind):
        token = behind[at]
        if _is_name(token):
            end = at + 1
            while end < len(behind) and _is_name(behind[end]) and not behind[end - 1].owns:
                end += 1
            name = name_of(behind[at:end])
            if name is not None and not behind[end - 1].owns:
                found.append((link, name))
            elif end == len(behind) or not _is_name(behind[end]):  # Haven's loans; but Kyoto's Ashida Pharma
                link = "its"
            at = end
            continue
        if token.word in {"by", "of", "from", "to", "for", "against", "with", "in", "at", "on"}:
            link = token.word
        elif (not token.is_word and token.word not in "$€£%-") or token.word in {"and", "or", "but", "that", "which", "who", "as", "after"}:
            break
        at += 1
    return reversed(found)


def _is_name(token: Token) -> bool:
    return token.capital and not token.word.endswith(("-based", "-listed", "-owned", "-only", "-backed", "day"))


def _are(deed: Deed, doer: Speaker, other: Speaker) -> bool:
    return not deed.doer.words.isdisjoint(doer.words) and not deed.other.words.isdisjoint(other.words)

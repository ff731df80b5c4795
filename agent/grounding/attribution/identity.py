"""Whether two speakers are two: told only where nothing in the article may make them one, or the one the other's voice.

Two people are, when their names share no word. A company isn't another than its executive, its analyst, its unit or its owner; so it is
held against somebody only to whom the article gives an employer that it isn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from agent.draft import DraftEntity, EntityKind
from agent.grounding.attribution.phrases import Speaker, name_at
from agent.grounding.attribution.words import VAGUE
from agent.grounding.fold import starts_of, unify
from agent.grounding.names import canonical_forms
from agent.grounding.numbers.binding import Form
from agent.grounding.numbers.source import same_length_lower

_COMPANIES: frozenset[EntityKind] = frozenset({"public company", "private company", "fund"})
_MOST_PLACES = 12
_NEAR = 70
_PART = r"(?:unit|owned|owner|owns|parent|subsidiary|part|arm|division|brand|business|belongs|controls|controlled|controlling|backed)"
_TIED = re.compile(rf"'s? (?:(?:[a-z-]+ )?{_PART} )?|,? \(?(?:[a-z'-]+ ){{0,4}}{_PART}(?: [a-z'-]+){{0,3}} | \(|/")
_LAST_WORD = re.compile(r"[^\W_][\w&-]*$")
_CAPITALS = re.compile(r"(?<![\w])[^\W\d_a-z]")
_MIN_INITIALS = 2


class Identities:
    """The names of one article as its speakers bear them; `forms` are the names that are known, each with the number of its bearer."""

    def __init__(self, article: str, forms: Iterable[Form], entities: Sequence[DraftEntity]) -> None:
        self.text = unify(article)
        self._lower = ""
        self._bearer = dict(forms)
        self._entities = entities
        self._known: dict[str, Speaker | None] = {}

    def are_two(self, one: Speaker, named: str, other: Speaker, also_named: str) -> bool:
        """Whether two speakers, whose names are written so, can't be one, nor one the other's employer or part."""
        if self._may_be_one(one, named, other, also_named):
            return False
        one, other = self._whole(one, named), self._whole(other, also_named)
        if self._may_be_one(one, named, other, also_named) or one.person is None or other.person is None:
            return False
        if one.person and other.person:
            return True
        if one.person or other.person:
            somebody, body = (one, other) if one.person else (other, one)
            employed = bool(somebody.employer) or (somebody.official and self._is_company(named if one is body else also_named))
            return employed and not self._tied(body.words, somebody.employer)
        return VAGUE.isdisjoint(one.words | other.words) and not self._tied(one.words, other.words)

    def is_named_later(self, named: str, at: int) -> bool:
        """Whether somebody's name first stands behind a place of the article, and not long before it."""
        last = _LAST_WORD.search(named)
        if last is None or (whole := self._whole(Speaker(0, 0, frozenset()), named)) is None or not whole.person:
            return False
        return next(self._places(last.group()), at) > at

    def _may_be_one(self, one: Speaker, named: str, other: Speaker, also_named: str) -> bool:
        if not (one.words | one.near).isdisjoint(other.words) or not one.words.isdisjoint(other.near):
            return True
        bearer = self._bearer.get(named)
        if bearer is not None and bearer == self._bearer.get(also_named):
            return True
        return named in canonical_forms(also_named) or _initials(named) == also_named or _initials(also_named) == named

    def _is_company(self, named: str) -> bool:
        number = self._bearer.get(named)
        return number is not None and self._entities[number].kind in _COMPANIES

    def _whole(self, speaker: Speaker, named: str) -> Speaker:
        """A speaker with all that the article sets beside the name."""
        last = _LAST_WORD.search(named)
        if last is None:
            return speaker
        if last.group() not in self._known:
            self._known[last.group()] = self._read(last.group())
        known = self._known[last.group()]
        speaker = speaker if known is None else _joined(speaker, known)
        return speaker._replace(person=False) if speaker.person is None and self._is_company(named) else speaker

    def _read(self, surname: str) -> Speaker | None:
        found = (name_at(self.text, at, at + len(surname)) for at in islice(self._places(surname), _MOST_PLACES))
        told = [speaker for speaker in found if speaker is not None]
        if not told:
            return None
        whole = told[0]
        for speaker in told[1:]:
            whole = _joined(whole, speaker)
        return whole

    def _places(self, word: str) -> Iterator[int]:
        for at in starts_of(word, self.text):
            end = at + len(word)
            if not (self.text[at - 1 : at].isalnum() or self.text[end : end + 1].isalnum()):
                yield at

    def _tied(self, words: frozenset[str], others: frozenset[str]) -> bool:
        """Whether the article sets one of the words beside one of the others as an owner, a part or another name."""
        self._lower = self._lower or same_length_lower(self.text)
        for word in words:
            for at in islice(starts_of(word, self._lower), _MOST_PLACES):
                start = max(0, at - _NEAR)
                around = self._lower[start : at + len(word) + _NEAR]
                if any(other in around and _between(around, at - start, word, other) for other in others):
                    return True
        return False


def _between(around: str, at: int, word: str, other: str) -> bool:
    place = around.find(other)
    gap = around[place + len(other) : at] if place < at else around[at + len(word) : place]
    return _TIED.fullmatch(gap) is not None


def _joined(one: Speaker, other: Speaker) -> Speaker:
    person = True if one.person or other.person else one.person if other.person is None else other.person
    return one._replace(
        words=one.words | other.words,
        near=one.near | other.near,
        employer=one.employer | other.employer,
        person=person,
        official=one.official or other.official,
    )


def _initials(name: str) -> str:
    found = "".join(_CAPITALS.findall(name))
    return found if len(found) >= _MIN_INITIALS else name

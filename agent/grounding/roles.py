"""Who holds which role: a title that the prose gives to one person and the article to another.

Told only where both texts set the title right beside a name ("finance chief Dana Holm", "Dana Holm, the company's finance chief") and
the article nowhere sets it beside the prose's name. Former and coming holders are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.common import ANYWHERE, OPENERS
from agent.grounding.fold import matches_at, starts_of, unify, word_set
from agent.grounding.numbers.source import same_length_lower

ANOTHERS_ROLE = "the article gives this role to another person"
OTHER_ROLE = "the article gives this person another role"
NO_HOLDER = "the article calls this person a deputy or a former holder of the role"

_ROLES = {
    "chief executive": r"chief executives?(?: officer)?|ceo|vorstandschef(?:in)?|vorstandsvorsitzende[rn]?|konzernchef(?:in)?",
    "finance chief": r"chief financial officer|finance (?:chief|director|head)|cfo|head of finance|finanz(?:vorstand|chef(?:in)?)",
    "operating chief": r"chief operating officer|coo|operations chief|operating chief",
    "technology chief": r"chief technology officer|cto|technology chief",
    "research chief": r"(?:chief|head) of research(?: and development)?|research (?:and development )?(?:head|chief)"
    r"|chief (?:research|scientific) officer"
    r"|chief research (?:and|&) development officer|chief r&d officer",
    "chair": r"(?:executive |non-executive )?chair(?:man|woman|person)?",
    "president": r"president",
    "founder": r"(?:co-?)?founder",
    "general counsel": r"general counsel|chief legal officer|top lawyer",
    "attorney general": r"attorney[ -]general",
    "governor": r"governor",
    "judge": r"judge",
    "secretary": r"secretary",
    "prime minister": r"prime minister",
    "finance minister": r"finance minister",
    "treasurer": r"treasurer",
    "economist": r"chief economist",
    "strategist": r"chief (?:investment )?strategist",
}
_FIRST_WORDS = frozenset(
    "chief ceo vorstandschef vorstandschefin vorstandsvorsitzende vorstandsvorsitzender vorstandsvorsitzenden konzernchef konzernchefin "
    "finance cfo head finanzvorstand finanzchef finanzchefin coo operations operating cto technology research executive non chair chairman "
    "chairwoman chairperson president co cofounder founder general top attorney governor judge secretary prime treasurer".split()
)
"""What the roles begin with."""
_PASSING = frozenset("former ex vice deputy outgoing incoming next then past previous late assistant under as or to".split())
_NONE_HELD = frozenset("former ex vice deputy assistant".split())
"""Who is called so doesn't hold the role; an outgoing or a coming one may be said to."""
_INTERIM = frozenset("interim acting co".split())
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PART = rf"(?:{_CAPITAL}\.|{_CAPITAL}[\w'-]*)"
_NAME = rf"{_PART}(?: (?:(?:de|van|von|der|al|bin|la) )*{_PART}){{0,3}}"
_DIRECTLY = re.compile(rf" ({_NAME})")
_AFTER = re.compile(rf", ({_NAME})")
_BEFORE = re.compile(rf"({_NAME})(?:, |,? (?:is|as|who is|was) )(?:[\w&.'-]+ ){{0,4}}$")
_BACK = 60
_QUALIFIER, _QUALIFIER_WORDS = 24, 3
_NEAR = 160


class _Holding(NamedTuple):
    """A role set beside a name, `start:end`; `name` is None where nobody stands beside it. `role` is one of `_ROLES`."""

    role: str
    at: int
    surname: str | None
    start: int
    end: int
    qualifier: str

    @property
    def interim(self) -> bool:
        return self.qualifier in _INTERIM

    @property
    def passing(self) -> bool:
        return self.qualifier in _PASSING


class Roles:
    """Who holds what in one article; made once a card, linear in the article's length."""

    def __init__(self, article: str) -> None:
        self._text = unify(article)
        self._holdings: dict[str, list[_Holding]] = {}

    def are_anothers(self, role: str, surname: str, *, interim: bool = False) -> bool:
        """Whether the article names the holders of `role`, the interim ones if any, and none may be the person of that surname."""
        held = self._held(role)
        holders = {one.surname for one in held if one.interim and interim} - {None} or {one.surname for one in held} - {None}
        if not holders or surname in holders or surname not in self._lower:
            return False
        return not any(surname in self._lower[max(0, one.at - _NEAR) : one.at + _NEAR] for one in held if one.surname is None)

    def have_another(self, role: str, surname: str) -> bool:
        """Whether the article sets another role beside the person of that surname, and has this one nowhere."""
        if any(_role(title) == role for title in self._titles):
            return False
        others = {_role(title) for title in self._titles}
        return any(one.surname == surname and not one.passing for other in others for one in self._held(other))

    def call_no_holder(self, role: str, surname: str) -> bool:
        """Whether the article calls the person of that surname a deputy or a former one wherever it sets the role beside the name."""
        qualifiers = {held.qualifier for held in self._held(role) if held.surname == surname}
        return bool(qualifiers) and qualifiers <= _NONE_HELD

    def _held(self, role: str) -> list[_Holding]:
        """Where the article has the role."""
        if role not in self._holdings:
            self._holdings[role] = [held for title in self._titles if _role(title) == role for held in _holding(self._text, title)]
        return self._holdings[role]

    @cached_property
    def _lower(self) -> str:
        return self._text.lower()

    @cached_property
    def _titles(self) -> list[re.Match[str]]:
        return list(_titles(self._text))


def role_findings(where: str, prose: str, roles: Roles) -> list[Finding]:
    """The names in `prose` that stand beside a role which the article gives to another, with their places in `prose`."""
    text = unify(prose)
    return [
        Finding(where=where, claim=prose[held.start : held.end], reason=reason, start=held.start, end=held.end)
        for title in _titles(text)
        for held in _holding(text, title)
        if (reason := _why_not(held, roles)) is not None
    ]


def _why_not(held: _Holding, roles: Roles) -> str | None:
    if held.surname is None or held.passing:
        return None
    if roles.are_anothers(held.role, held.surname, interim=held.interim):
        return ANOTHERS_ROLE
    if roles.call_no_holder(held.role, held.surname):
        return NO_HOLDER
    return OTHER_ROLE if roles.have_another(held.role, held.surname) else None


def _role(title: re.Match[str]) -> str:
    return (title.lastgroup or "").replace("_", " ")


def _holding(text: str, title: re.Match[str]) -> Iterator[_Holding]:
    """The role of a title and who holds it; nothing where what stands beside it is no name."""
    start, end = title.span()
    qualifier = _qualifier(text, start)
    holder = _DIRECTLY.match(text, end) or _before(text, start) or _AFTER.match(text, end)
    if holder is None:
        yield _Holding(_role(title), start, None, start, end, qualifier)
        return
    name = holder[1].removesuffix("'s")
    surname = name.rpartition(" ")[2].lower()
    if surname not in ANYWHERE and surname not in OPENERS:
        at = holder.start(1)
        yield _Holding(_role(title), start, surname, at, at + len(name), qualifier)


def _qualifier(text: str, start: int) -> str:
    """The word before a role that begins at `start`, or the one that says that it isn't held: "former" in "former Fed chair"."""
    words = text[max(0, start - _QUALIFIER) : start].rstrip(" -").lower().split(" ")[-_QUALIFIER_WORDS:]
    return next((word for word in reversed(words) if word in _NONE_HELD), words[-1])


def _before(text: str, start: int) -> re.Match[str] | None:
    """The name set before the role that begins at `start`, if any."""
    back = text[max(0, start - _BACK) : start]
    linked = ", " in back or " is " in back or " as " in back or " was " in back
    return _BEFORE.search(text, max(0, start - _BACK), start) if linked else None


def _titles(text: str) -> Iterator[re.Match[str]]:
    """The roles in `text`, tried only at the words that they begin with, as most texts have few."""
    lower = same_length_lower(text)
    starts = sorted(place for word in _FIRST_WORDS & word_set(lower) for place in starts_of(word, lower))
    return matches_at(_roles(), lower, starts) if starts else iter(())  # the pattern is long: it isn't made before it is needed


@lru_cache(maxsize=1)
def _roles() -> re.Pattern[str]:
    groups = "|".join(f"(?P<{role.replace(' ', '_')}>{forms})" for role, forms in _ROLES.items())
    return re.compile(rf"(?<![\w])(?:{groups})(?![\w])")

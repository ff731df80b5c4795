"""Whose view: a figure that the prose has one expect, forecast or raise to, and the article another.

Told only where in both texts a name is the subject of a word of such a view before the figure, in one clause; at each place that the
article has the figure it is another's, and the prose's name isn't in that clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.attribution.identity import Identities
from agent.grounding.attribution.phrases import Speaker, name_after, subject_before
from agent.grounding.attribution.saying import NEXT_CLAUSE, Saying
from agent.grounding.attribution.words import ADVERBS, BODIES, ROLES, VIEWS
from agent.grounding.numbers import Source, stated_figures
from agent.grounding.numbers.figures import MEASURES, Figure

_MOST_PLACES = 4
_REACH = 300
_ENDS = (". ", "? ", "! ", "\n", ": ", "; ")
_CLAUSE_END = re.compile(rf"[.?!:;](?=\s)|{NEXT_CLAUSE.pattern}")
_AROUND = 90
_NAME = re.compile(r"[A-Z]\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DIGIT = re.compile(r"\d")
_ACCORDING = re.compile(r"\b[Aa]ccording to ")
_BEFORE_VERBS = ROLES | BODIES | ADVERBS | frozenset("and but".split())


class _View(NamedTuple):
    """Who holds it, and where what is held begins and ends."""

    holder: Speaker
    start: int
    end: int


class Views:
    """Whose views the figures of one article are; made once a card, and read only where the prose gives a figure to somebody."""

    def __init__(self, source: Source, identities: Identities) -> None:
        self._source = source
        self._identities = identities

    def whose(self, figure: Figure, speaker: Speaker, named: str) -> str | None:
        """Whose view the article has a figure be, if at each of its places that is another than the speaker, whose name is written so."""
        places = self._source.occurrences(figure)
        if not 0 < len(places) <= _MOST_PLACES:
            return None
        found = [self._other(place, speaker, named) for place in places]
        return found[0] if None not in found else None

    def may_be_anothers(self, written: str, held: str) -> bool:
        """Whether what is held may be another's than who is named in what is written before it: quick, by the numbers in digits."""
        names = [name.lower() for name in _NAME.findall(written)]
        return bool(names) and any(self._stands_without(number, names) for number in _NUMBER.findall(held))

    def _stands_without(self, number: str, names: list[str]) -> bool:
        """Whether the article has a number, written so, in a clause without any of the names."""
        text = self._source.text
        at = text.find(number)
        if at < 0:
            return False
        end = _CLAUSE_END.search(text, at, at + _REACH)
        clause = text[_clause_start(text, at) : end.start() if end else at + _REACH].lower()
        return not any(name in clause for name in names)

    def _other(self, figure: Figure, speaker: Speaker, named: str) -> str | None:
        text = self._source.text
        start = _clause_start(text, figure.start)
        view = next((view for view in _views(text, start, figure.start) if view.end >= figure.start), None)
        if view is None:
            return None
        end = _CLAUSE_END.search(text, figure.end, figure.end + _REACH)
        clause = text[view.holder.start : end.start() if end else figure.end + _REACH].lower()
        also_named = text[view.holder.start : view.holder.end]
        if any(word in clause for word in speaker.words) or not self._identities.are_two(speaker, named, view.holder, also_named):
            return None
        return also_named


def view_findings(where: str, prose: Saying, views: Views) -> tuple[int, list[Finding]]:
    """Those to whom a prose gives a view that the article has another take, with their places in it."""
    findings = []
    for view in _views(prose.text, 0, len(prose.text), views.may_be_anothers):
        holder = view.holder
        named = prose.text[holder.start : holder.end]
        held = prose.text[view.start : view.end]
        figures = (figure for figure in stated_figures(held) if figure.readings[0].kind in MEASURES and _DIGIT.search(held, *figure[:2]))
        other = next((other for figure in figures if (other := views.whose(figure, holder, named)) is not None), None)
        if other is not None:
            reason = f"the article gives this to {other}; keep each view with who holds it"
            claim = prose.original[holder.start : holder.end]
            findings.append(Finding(where=where, claim=claim, reason=reason, start=holder.start, end=holder.end))
    return len(findings), findings


def _views(text: str, start: int, end: int, may_be: Callable[[str, str], bool] = lambda _, __: True) -> Iterator[_View]:
    """The views of `start:end` whose holder is told, each up to the next, or to where its clause ends; with a figure unless cut off.

    The holder is read where it `may_be` of use, by what is written around.
    """
    places = list(_places(text, start, end))
    for index, (begin, stop) in enumerate(places):
        limit = places[index + 1][0] if index + 1 < len(places) else end
        ends = _CLAUSE_END.search(text, stop, limit)
        limit = ends.start() if ends else limit
        if limit < end and _DIGIT.search(text, stop, limit) is None:
            continue
        said = text[begin:stop] in VIEWS
        first = max(start, _clause_start(text, begin))
        named = text[max(first, begin - _AROUND) : begin] if said else text[stop:limit].partition(",")[0]
        if not may_be(named, text[stop:limit]):
            continue
        holder = subject_before(text, first, begin) if said else name_after(text, stop, limit)
        if holder is not None and holder.words:
            yield _View(holder, stop, limit)


def _places(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where words of a view stand, that may have a name before them, and "according to", which has it behind."""
    found = [match.span() for match in _ACCORDING.finditer(text, start, end)] if "ccording" in text[start:end] else []
    words = text[start:end].split(" ")
    at, done = start, 0
    for index in [index for index, word in enumerate(words) if word in VIEWS]:
        at += sum(map(len, words[done:index])) + index - done
        done = index
        before = words[index - 1] if index else ""
        # A word that is only said in passing is none of a view: "raised its price forecast".
        if before[:1].isupper() or before.endswith(",") or before in _BEFORE_VERBS:
            found.append((at, at + len(words[index])))
    return iter(sorted(found))


def _clause_start(text: str, at: int) -> int:
    lo = max(0, at - _REACH)
    return max(lo, *(text.rfind(end, lo, at) + len(end) for end in _ENDS if text.rfind(end, lo, at) >= 0), 0)

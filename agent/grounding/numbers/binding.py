"""What a figure is said of, and which way it went: "A rose 5%, B fell 3%" doesn't carry "A fell 3%".

A bag of figures can't see a figure given to another company, or a fall told as a rise. Both are told from the words around a
figure, and only where these are plain: what can't be told is never held against a card.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from agent.grounding.numbers.figures import Figure

_UP = (
    "rose rise rises rising risen gained gain gains gaining up climbed climb climbs climbing jumped jump jumps jumping surged surge surges "
    "surging grew grow grows growing grown growth increased increase increases increasing higher advanced advance advances soared soar "
    "soars soaring rallied rally improved improve improves improvement added adds raised raises raise raising lifted lifts expanded more"
).split()
_DOWN = (
    "fell fall falls falling fallen declined decline declines declining dropped drop drops dropping down lower lowered lowers lowering "
    "decreased decrease decreases decreasing lost loses slipped slip slips slid slide slides sank sink sinks tumbled tumble tumbles "
    "tumbling plunged plunge plunges plunging shed sheds cut cuts cutting reduced reduce reduces reducing reduction dipped dip dips "
    "shrank shrink shrinks shrunk shrinking contracted contraction slumped slump slumps less fewer retreated weakened"
).split()
_FOREIGN_UP = (
    "stieg stiegen steigt steigen gestiegen wuchs wuchsen wächst gewachsen kletterte erhöhte erhöht zulegte gewann gewannen "
    "augmenté augmente progressé progresse hausse grimpé bondi subió subieron aumentó aumentaron creció crecieron ganó "
    "aumentato cresciuto salito"
).split()
_FOREIGN_DOWN = (
    "sank sanken sinkt sinken gesunken fiel fielen fällt gefallen verlor verloren schrumpfte schrumpften senkte gesenkt "
    "reculé recule baissé baisse chuté chute bajó bajaron cayó cayeron cae disminuyó perdió sceso calato caduto"
).split()
"""The commonest words beside figures in articles of other languages."""
_WAY = dict.fromkeys(_UP + _FOREIGN_UP, 1) | dict.fromkeys(_DOWN + _FOREIGN_DOWN, -1)
_CHANGES = frozenset("growth growing increase increases rise rises gain gains decline declines fall falls drop drops".split())
"""What is itself a change may slow or weaken and go on: "growth weakened to 2%" is of what still grew."""
_FILLERS = frozenset(
    "by to a an about around roughly nearly almost over another further some only just as much more than from at least approximately the "
    "record range of between slightly sharply again its their forecast outlook guidance target estimate dividend rate rates full-year "
    "annual main key um auf etwa rund prozent de un del di"
    " por ciento pour cent".split()
)
_GIVES = frozenset("gave give gives given giving".split())
_NOT_BETWEEN = frozenset("and while but as to in of the its their from after when with than a an for on or".split())
_WORDS = re.compile(r"[a-zß-öø-ÿ]+(?:-[a-z]+)*")
_CLAUSE_END = re.compile(r"[.;:!?,] |\n")
_NEAR = 48
_FEW = 5
_WORDS_AFTER = re.compile(r" ([a-z]+(?:-[a-z-]+)?)(?: ([a-z]+))?")
_SENTENCE_END = re.compile(r"[.!?;\n](?:(?<=[.!?])[\"'”’)]* |(?<=\n)|(?<=;) )")
"""It begins with one set of characters, which the engine looks for much faster."""
_LINK_AFTER = re.compile(r"[^.;,]{0,30}?\b(?:in|of|at|for|by|from|to|with) (?:the )?$")
_CAPITAL = re.compile(r"(?<![\w'’])[A-Z][a-z]")
_REACH = 400
"""Characters around a figure within which its sentence is looked for."""


Form = tuple[str, int]
"""A form of an entity's name, and the entity's number."""


class Mention(NamedTuple):
    """A name in a text, and the number of the entity it stands for."""

    start: int
    end: int
    entity: int


class Setting:
    """The words around the figures of one text: `lower` is the text in lower case, `mentions` the names in it, in order."""

    def __init__(self, text: str, lower: str, mentions: Sequence[Mention]) -> None:
        self._text = text
        self.lower = lower
        self._mentions = mentions

    def way(self, figure: Figure) -> int:
        """1 when the words say that something rose by or to the figure, -1 when it fell, 0 when they don't say."""
        if figure.negative:
            return -1
        words = _words(_CLAUSE_END.split(self.lower[max(0, figure.start - _NEAR) : figure.start])[-1])[-_FEW:]
        for index in range(len(words) - 1, -1, -1):
            word = words[index]
            if word in _WAY and word not in {"more", "less"}:
                if (word == "up" and words[index + 1 : index + 2] == ["to"]) or (index and words[index - 1] in _CHANGES):
                    return 0
                return -1 if word == "up" and index and words[index - 1] in _GIVES else _WAY[word]
            if word not in _FILLERS:
                break
        after = _WORDS_AFTER.match(self.lower, figure.end)
        if after is None:
            return 0
        if after[1] in _WAY:
            return _WAY[after[1]]
        return _WAY.get(after[2] or "", 0) if after[1] not in _NOT_BETWEEN else 0

    def subjects(self, figure: Figure, others: Sequence[Figure]) -> frozenset[int]:
        """The entities whose move or share the figure may be, by its own sentence; none when that can't be told.

        `others` are the text's figures in order: what stands between two figures belongs to the second. A capital between the last name and
        the figure is somebody we don't know, so nothing is told then.
        """
        before = bisect_right(others, figure.start, key=_end)
        previous = max(others[before - 1].end if before else 0, figure.start - _REACH)
        here = self._within(previous, figure.start)
        if not here:
            return frozenset()  # most figures stand behind another one; where their sentence begins and ends takes longer to find
        start, end = self._sentence(figure)
        here = [m for m in here if m.start >= start]
        if not here or _CAPITAL.search(self._text, here[-1].end, figure.start):
            return frozenset()
        found = {m.entity for m in here}
        return frozenset(
            found | {m.entity for m in self._within(figure.end, end) if _LINK_AFTER.fullmatch(self.lower, figure.end, m.start)}
        )

    def around(self, figure: Figure) -> frozenset[int]:
        """The entities named in the figure's sentence or not long before it: one of them it is said of, if any is named at all."""
        start, end = self._sentence(figure)
        return frozenset(m.entity for m in self._within(max(0, start - _REACH), end))

    def _sentence(self, figure: Figure) -> tuple[int, int]:
        start = max(0, figure.start - _REACH)
        for match in _SENTENCE_END.finditer(self._text, start, figure.start):
            start = match.end()
        after = _SENTENCE_END.search(self._text, figure.end, figure.end + _REACH)
        return start, after.start() if after else min(len(self._text), figure.end + _REACH)

    def _within(self, start: int, end: int) -> Sequence[Mention]:
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self._mentions]


def _words(clause: str) -> list[str]:
    plain = clause.replace(" ", "")
    return clause.split() if plain.isascii() and plain.isalpha() else _WORDS.findall(clause)


def _end(figure: Figure) -> int:
    return figure.end


def find_mentions(text: str, forms: Sequence[Form]) -> list[Mention]:
    """Where `text` has the given forms of names, whole words in their own case, the longest first and without overlap."""
    found: list[Mention] = []
    taken = bytearray(len(text))
    for form, entity in sorted(forms, key=_longest_first):
        at = text.find(form) if form else -1
        while at >= 0:
            end = at + len(form)
            if not taken[at] and not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
                found.append(Mention(at, end, entity))
                taken[at:end] = b"\1" * len(form)
            at = text.find(form, end)
    found.sort()
    return found


def _longest_first(form: Form) -> int:
    return -len(form[0])

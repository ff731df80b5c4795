"""Names right beside figures: "Harbour 5%, Northmill 3%" against an article that has these two the other way round.

Unlike the mentions of binding.py these are any capitalised names, of the draft's entities or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, Protocol

from agent.grounding.common import ANYWHERE, OPENERS
from agent.grounding.names import canonical_forms
from agent.grounding.numbers.figures import Figure, Sort, by_sort, sort_of

# What a match begins with comes first and what may stand before it is asked then: the engine skips all other characters much faster.
# Possessive throughout: what one part took, none gives back, so that no text makes it slow.
_WORD = r"[\w&.+]*+(?:-\w++)*"
_NAME = re.compile(rf"[A-Z](?<![\w'’].){_WORD}(?: (?:of |& )?(?:[A-Z&]{_WORD}|\d{{2,4}}(?![\d.,%]*\d|%)))*")
_SENTENCE_END = re.compile(r"[.!?;\n](?:(?<=[.!?])(?<![A-Z].)[\"'”’)]* |(?<=\n)|(?<=;) )")
_NEAR = 45
"""How many characters may part a name from its figure."""
_AFTER = re.compile(r" (?:on|for) (?:the )?(?=[A-Z])")
_LINK = re.compile(r"[^.;:,]{0,40}\b(?:of|for|in|at|by|from) (?:the )?")
"""What links a figure to a name behind it: "$559 million for the end of Optane"."""
_NOT_SUBJECT = re.compile(
    r"\b(?:in|at|on|from|to|by|against|of|for|with|after|than|between|over|under|into|including|vs|versus) (?:[\w'’]+ ){0,2}$",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:said|says|told|called|calls|expects?|sees?|estimates?|wrote|that|which|who|if)\b|[:;(]")
_BACK = re.compile(
    r"\b(?:[Ii]ts?|[Tt]hey|[Tt]heir|[Hh]e|[Hh]is|[Ss]he|[Hh]er|company|group|bank|firm|maker|carmaker|latter|former|shares|stock)\b"
)
_REACH = 400
_LISTED = 3
"""So few characters part a name from its figure in a list ("Harbour 5%, Northmill 3%"), where no words tell what it is of."""


_SHORT = 60
"""Longer names aren't kept."""
_COUNTED = 20.0
"""Plain counts below this stand everywhere."""
Whose = Literal["another", "same", "listed"]


class Name(NamedTuple):
    """A name in a text, as the words that make it one."""

    start: int
    end: int
    words: tuple[str, ...]


class Article(Protocol):
    """What is asked of the article: the names beside its figures, and the forms of each entity's name."""

    @property
    def beside(self) -> Names: ...  # noqa: D102

    @property
    def kin(self) -> Sequence[Sequence[Name]]: ...  # noqa: D102


def whose_is(figure: Figure, places: Sequence[Figure], card: Names, article: Article) -> Whose | None:
    """Whether the name beside a figure on the card stands beside it in the article too, where it has the figure at `places`.

    "another" when it doesn't and has another figure there, "same" when it does or may, "listed" when it does and no words but the name tell
    on the card what the figure is of; None where that can't be told.
    """
    if figure.readings[0].kind == "number" and figure.readings[0].value < _COUNTED:
        return None
    name = card.subject(figure)
    if name is None:
        return None
    names = [name, *(form for forms in article.kin if any(same(form, name) for form in forms) for form in forms)]
    # A people may be said for its land; but that another figure of the land stands there says nothing of one of its people's.
    akin = [*names, *filter(None, map(as_name, canonical_forms(" ".join(name.words))))]
    for place in places:
        here, back = article.beside.beside(place)
        if here and any(same(form, here[-1]) for form in akin):
            return "listed" if 0 <= figure.start - name.end <= _LISTED else "same"
        if any(same(form, other) for other in (*here, *back) for form in akin):
            return "same"
        if not here:
            return None
    return "another" if any(same(form, other) for other in article.beside.owners(figure) for form in names) else None


class Names:
    """The names of one text, its sentences, and which of them stand beside a figure."""

    def __init__(self, text: str, figures: Sequence[Figure]) -> None:
        """Read a text whose figures are given in order. Linear in its length."""
        self._text = text
        self._figures = figures
        self._owners: dict[Sort, dict[tuple[str, ...], Name]] = {}
        self._names: dict[int, Name | None] = {}

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """The places of what is written as a name is; most are never asked for, and which words make it one is only read then."""
        return [match.span() for match in _NAME.finditer(self._text)]

    @cached_property
    def _ends(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self._text)]

    def subject(self, figure: Figure) -> Name | None:
        """The name whose figure this plainly is: right before it as a subject, or after it ("46% on Vietnam")."""
        start = self._segment(figure)
        name = self._last(start, figure.start)
        if name is not None:
            between = self._text[name.end : figure.start]
            if len(between) > _NEAR or _SAID.search(between) or _NOT_SUBJECT.search(self._text, max(start, name.start - 20), name.start):
                return None
            return name
        return self._after(figure)

    def beside(self, figure: Figure) -> tuple[list[Name], list[Name]]:
        """The names that the figure may be of, by its part of the sentence, and those of which a pronoun or a link may make it too."""
        start, sentence = self._segment(figure), self._sentence(figure.start)
        after = self._after(figure)
        here = [*self._within(start, figure.start), *([after] if after else [])]
        linked = [name for name in self._within(figure.end, figure.end + _NEAR) if _LINK.fullmatch(self._text, figure.end, name.start)]
        if _BACK.search(self._text, start, figure.start) is not None:
            return here, [*linked, *self._within(sentence, start), *self._within(self._sentence(sentence - 1) if sentence else 0, sentence)]
        if here:
            return here, linked
        end = self._sentence_end(figure.end)
        next_like = min(end, self._next_like(figure))
        return self._within(figure.end, next_like), [*linked, *self._within(next_like, end)]

    def owners(self, figure: Figure) -> Collection[Name]:
        """The names beside the figures here that could be taken for `figure`."""
        sort = sort_of(figure)
        if sort not in self._owners:
            beside = (self.beside(other)[0] for other in self._by_sort.get(sort, ()))
            self._owners[sort] = {here[-1].words: here[-1] for here in reversed([*beside]) if here}
        return self._owners[sort].values()

    @cached_property
    def _by_sort(self) -> dict[Sort, list[Figure]]:
        return by_sort(self._figures)

    def _after(self, figure: Figure) -> Name | None:
        match = _AFTER.match(self._text, figure.end) if figure.readings[0].kind == "percent" else None
        if match is None:
            return None
        return next(iter(self._within(match.end(), match.end() + 1)), None)

    def _last(self, start: int, end: int) -> Name | None:
        spans = self._spans
        for at in range(bisect_left(spans, (end,)) - 1, bisect_left(spans, (start,)) - 1, -1):
            if (name := self._name(spans[at])) is not None:
                return name
        return None

    def _within(self, start: int, end: int) -> list[Name]:
        spans = self._spans
        places = spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]
        return [name for place in places if (name := self._name(place)) is not None]

    def _name(self, place: tuple[int, int]) -> Name | None:
        start, end = place
        if start not in self._names:
            self._names[start] = _name(start, self._text[start:end])
        return self._names[start]

    def _sentence(self, at: int) -> int:
        index = bisect_right(self._ends, at)
        return max(self._ends[index - 1] if index else 0, at - _REACH)

    def _sentence_end(self, at: int) -> int:
        index = bisect_left(self._ends, at)
        return min(self._ends[index] if index < len(self._ends) else len(self._text), at + _REACH)

    def _next_like(self, figure: Figure) -> int:
        """Where the next figure of its kind begins, not far behind it: a name behind that is of that."""
        end = figure.end + _REACH
        for other in self._figures[bisect_right(self._figures, figure.start, key=_start) :]:
            if other.start >= end:
                break
            if other.readings[0].kind == figure.readings[0].kind:
                return other.start
        return end

    def _segment(self, figure: Figure) -> int:
        """Where the part of the sentence begins that is this figure's: behind the last figure of its kind."""
        start = self._sentence(figure.start)
        kind = figure.readings[0].kind
        index = bisect_left(self._figures, figure.start, key=_start)
        while index and self._figures[index - 1].end > start:
            index -= 1
            if self._figures[index].readings[0].kind == kind and self._figures[index].end <= figure.start:
                after = self._after(self._figures[index])
                return after.end if after else self._figures[index].end
        return start


def same(one: Name, other: Name) -> bool:
    """Whether two names may mean one: the words of one are among the other's, or one is the other's initials."""
    few, many = sorted((one.words, other.words), key=len)
    return {*few} <= {*many} or few == ("".join(word[0] for word in many),)


def as_name(written: str) -> Name | None:
    """A name as it is written; None for words that are no name however they are written."""
    return _name(0, written)


def _name(start: int, written: str) -> Name | None:
    words = _short_words(written) if len(written) <= _SHORT else _words(written)
    return Name(start, start + len(written), words) if words else None


def _words(written: str) -> tuple[str, ...]:
    """The words that make up a name, folded; none if what is written is no name."""
    folded = (word.lower().rstrip(".").removesuffix("'s").removesuffix("’s") for word in written.split(" "))
    words = tuple(word for word in folded if word not in OPENERS and word not in ANYWHERE and word not in {"&", "of", ""})
    return words if any(not word.isdigit() for word in words) else ()


_short_words = lru_cache(maxsize=2048)(_words)
"""Most names stand in a text more than once, and on its card."""


def _start(figure: Figure) -> int:
    return figure.start

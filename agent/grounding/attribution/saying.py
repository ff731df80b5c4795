"""Where a text says something, and who is said to: its sentences, its quotations and the words of saying around a place."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from agent.grounding.attribution.phrases import Speaker, name_after, name_leading, subject_before
from agent.grounding.attribution.words import NO_PHRASE, SAYS
from agent.grounding.fold import unify
from agent.grounding.numbers.source import same_length_lower
from agent.grounding.said import stated_quotations
from agent.sentences import Span, sentence_spans

_BEHIND = 130
_BEFORE = 300
_CLOSED = re.compile(r"['\"]{1,2}(,?) ")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_ACCORDING = re.compile(r"\b[Aa]ccording to ")
NEXT_CLAUSE = re.compile(r"[;\n]|, (?:and|but|while|whereas|although|though|as|which|who)\b| (?:while|whereas) ")
_RELATIVES = frozenset("which who whose while whereas although though".split())
_CONTINUED = re.compile(r"[.!?] ['\"]{1,2}$")


class Saying:
    """One text and who says what in it."""

    def __init__(self, text: str) -> None:
        self.text = unify(text)
        self.original = text

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """Where it quotes, marks left out."""
        return stated_quotations(self.original)

    @cached_property
    def lower(self) -> str:
        """The text in small letters; every character keeps its place."""
        return same_length_lower(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """Its sentences, in order."""
        return sentence_spans(self.original) or [Span(0, 0)]

    def sentence(self, at: int) -> Span:
        """The sentence around a place."""
        return self.sentences[max(0, bisect_right(self.sentences, at, key=lambda span: span.start) - 1)]

    def who_says(self, index: int) -> Speaker | None:
        """Whose words a quotation is, by its number; None where that can't be told."""
        start, end = self.quotations[index]
        before, behind = self._before(start), self._behind(end)
        if before is not None and behind is not None:
            return behind if before.words & (behind.words | behind.near) else None
        if before is None and behind is None and index and _CONTINUED.search(self.text, max(0, start - 4), start):
            last = self.quotations[index - 1][1]
            if start - last < _BEHIND and not any(last < span.start < start - 1 for span in self.sentences):
                return self._behind(last)
        return before or behind

    def _before(self, quote: int) -> Speaker | None:
        """Who says what is quoted at a place, by the words before it in its sentence."""
        start = max(self.sentence(quote).start, quote - _BEFORE)
        words = (match for match in _WORD.finditer(self.text, start, quote) if match.group() in SAYS)
        said = [word for word in words if not any(begin <= word.start() < stop for begin, stop in self.quotations)][-1:]
        according = list(_ACCORDING.finditer(self.text, start, quote))[-1:]
        if according and (not said or according[0].start() > said[0].start()):
            return name_after(self.text, according[0].end(), quote)
        if not said or NEXT_CLAUSE.search(self.text, said[0].end(), quote):
            return None
        return subject_before(self.text, start, said[0].start())

    def antecedent(self, place: int) -> Speaker | None:
        """Somebody whose name the sentence before begins with, in the same paragraph: whom "he" or "she" then mostly is."""
        here = bisect_right(self.sentences, place, key=lambda span: span.start) - 1
        if here < 1 or "\n" in self.text[self.sentences[here - 1].start : place]:
            return None
        found = name_leading(self.text, *self.sentences[here - 1])
        return found if found is not None and found.person else None

    def _behind(self, quote: int) -> Speaker | None:
        """Who says it by the words right behind a quotation."""
        closed = _CLOSED.match(self.text, quote)
        if closed is None:
            return None
        start = closed.end()
        stop = min([start + _BEHIND, len(self.text), *(begin for begin, _ in self.quotations if begin > start)])
        words = list(_WORD.finditer(self.text, start, stop))
        if words and words[0].group() in SAYS:
            return name_after(self.text, words[0].end(), stop)
        if not closed[1] and self.text[quote - 1] not in ",?!":
            return None
        if according := _ACCORDING.match(self.text, start):
            return name_after(self.text, according.end(), stop)
        verb = next((word for word in words if word.group() in SAYS), None)
        if verb is None or words[0].group() in NO_PHRASE | _RELATIVES or any(char in self.text[start : verb.start()] for char in ".;:\n"):
            return None
        return subject_before(self.text, start, verb.start())

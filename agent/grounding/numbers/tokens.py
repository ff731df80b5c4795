"""The tokens of a text, and what each is to the words around it: a word's stem, a direction, the end of a sentence or a break in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate

from agent.grounding.numbers.ways import REVISION, WAYS, stem_of

# Without a bound "5.5.5" without end is one token with a figure at each digit, and each would copy it.
_TOKEN = re.compile(r"([^\W\d_]++(?:['-][^\W\d_]++)*|\d{1,30}(?:[.,]\d{1,30}){0,7}|[.;:!?,\n](?=\s)|\n)")
_ASCII_TOKEN = re.compile(_TOKEN.pattern.replace(r"[^\W\d_]", "[a-z]").replace(r"\d", "[0-9]"))
"""The same in lower case and ASCII, which takes half the time."""
_ENDS = frozenset(".;!?\n")
_BREAKS = frozenset({",", ":", "but", "while", "and", "whereas", "although", "though", "as"})
END, BREAK = ".", ","


class Tokens:
    """The tokens of a text in lower case: where they begin, what they are and what each is to its neighbours. Linear in its length."""

    def __init__(self, lower: str) -> None:
        parts = (_ASCII_TOKEN if lower.isascii() else _TOKEN).split(lower)
        self.words: list[str] = parts[1::2]
        self.starts = list(accumulate(map(len, parts)))[:-1:2]
        self.marks = list(map(_MARKS.__getitem__, self.words))
        self._ends = list(_places(END, self.marks))
        self._sentences: dict[int, frozenset[str]] = {}

    def sentence(self, at: int) -> int:
        """The number of the sentence of a token."""
        return bisect_left(self._ends, at)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that begin within a slice of the text."""
        first = bisect_left(self.starts, start)
        return first, bisect_left(self.starts, end, first)

    def marks_in(self, sentence: int) -> frozenset[str]:
        """The marks in the sentence of that number."""
        if sentence not in self._sentences:
            start = self._ends[sentence - 1] if sentence else 0
            end = self._ends[sentence] if sentence < len(self._ends) else len(self.marks)
            self._sentences[sentence] = frozenset(self.marks[start:end])
        return self._sentences[sentence]


def _places(mark: str, marks: Sequence[str]) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            at = marks.index(mark, at + 1)
            yield at


class _Marks(dict[str, str]):
    """The marks of the words read so far, most of which come again in the next text; forgotten when they are too many."""

    def __missing__(self, word: str) -> str:
        mark = _mark(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST_MARKS:
                self.clear()
            self[word] = mark
        return mark


_MOST_MARKS, _LONGEST = 16_384, 30
_MARKS = _Marks()


def _mark(word: str) -> str:
    """What a token is to its neighbours: a stem, a direction, the end of a sentence, a break in it, or nothing."""
    if word in WAYS and WAYS[word][0] <= REVISION:
        return "+" if WAYS[word][1] > 0 else "-"
    if word in _ENDS:
        return END
    if word in _BREAKS:
        return BREAK
    if word[0].isdigit():
        return word.replace(",", "")
    return stem_of(word) if word[0].isalpha() else ""

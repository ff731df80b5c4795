"""The tokens of a text, and what each is to the words around it: a word's stem, a direction, the end of a sentence or a break in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain, repeat
from operator import add, itemgetter
from typing import NamedTuple

from agent.grounding.numbers.ways import WAYS, stem_of

# Without a bound "5.5.5" without end is one token with a figure at each digit, and each would copy it.
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d{1,30}(?:[.,]\d{1,30}){0,7}|[.;:!?,\n](?=\s)|\n")
_ASCII_TOKEN = re.compile(_TOKEN.pattern.replace(r"[^\W\d_]", "[a-z]").replace(r"\d", "[0-9]"))
"""The same in lower case and ASCII, which takes half the time."""
_ENDS = frozenset(".;!?\n")
_BREAKS = frozenset({",", ":", "but", "while", "and", "whereas", "although", "though", "as"})
END, BREAK = ".", ","


class _Chunk(NamedTuple):
    """The tokens between two spaces: what each is to its neighbours, what it is, and where among them it begins."""

    marks: tuple[str, ...]
    words: tuple[str, ...]
    offsets: tuple[int, ...]


class _Chunks(dict[str, _Chunk]):
    """What was read between spaces, most of which comes again in the next text; forgotten when it is too much."""

    def __missing__(self, written: str) -> _Chunk:
        # To end a sentence or to break it, a mark must have a space behind it.
        found = list((_ASCII_TOKEN if written.isascii() else _TOKEN).finditer(written + " "))
        words = tuple(match.group() for match in found)
        chunk = _Chunk(tuple(map(mark_of, words)), words, tuple(match.start() for match in found))
        if len(written) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[written] = chunk
        return chunk


_LONGEST, _MOST = 24, 8192
_READ = _Chunks()
_MARKS = itemgetter(0)


class Tokens:
    """The tokens of a text in lower case: what they are and what each is to its neighbours. Linear in its length."""

    def __init__(self, lower: str) -> None:
        written = lower.split(" ")
        self._chunks = list(map(_READ.__getitem__, written))
        self._starts: list[int] = list(accumulate(map(add, map(len, written), repeat(1)), initial=0))
        """Where each chunk begins."""
        marks = list(map(_MARKS, self._chunks))
        self._firsts = list(accumulate(map(len, marks), initial=0))
        """The number of the first token of each chunk."""
        self.marks = list(chain.from_iterable(marks))
        self.ends = list(_places(END, self.marks))
        """The tokens that end a sentence."""

    @property
    def sentences(self) -> Iterator[tuple[int, int]]:
        """The tokens of each sentence, the one that ends it not among them."""
        return zip(chain((0,), map(add, self.ends, repeat(1))), chain(self.ends, (len(self.marks),)), strict=True)

    def bounds(self, number: int) -> tuple[int, int]:
        """Those of the sentence of that number."""
        return self.ends[number - 1] + 1 if number else 0, self.ends[number] if number < len(self.ends) else len(self.marks)

    def sentence(self, at: int) -> int:
        """The number of the sentence of a token."""
        return bisect_left(self.ends, at)

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.marks)

    def __getitem__(self, at: int) -> str:
        """The token itself."""
        chunk = bisect_right(self._firsts, at) - 1
        return self._chunks[chunk].words[at - self._firsts[chunk]]

    def start(self, at: int) -> int:
        """Where in the text a token begins; for the one after the last, where the text ends."""
        chunk = bisect_right(self._firsts, at) - 1
        within = at - self._firsts[chunk]
        return self._starts[chunk] + (self._chunks[chunk].offsets[within] if chunk < len(self._chunks) else 0)

    def at(self, place: int) -> int:
        """The first token that begins at a place in the text or behind it."""
        chunk = bisect_right(self._starts, place) - 1
        within = place - self._starts[chunk]
        return self._firsts[chunk] + (bisect_left(self._chunks[chunk].offsets, within) if within else 0)


def _places(mark: str, marks: Sequence[str]) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            at = marks.index(mark, at + 1)
            yield at


def mark_of(word: str) -> str:
    """What a token is to its neighbours: a stem, a direction, the end of a sentence, a break in it, or nothing."""
    if word in WAYS:
        return "+" if WAYS[word][1] > 0 else "-"
    if word in _ENDS:
        return END
    if word in _BREAKS:
        return BREAK
    if word[0].isdigit():
        return word.replace(",", "")
    return stem_of(word) if word[0].isalpha() else ""

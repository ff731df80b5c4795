"""The words of a text, with their places.

A word is a run of letters and digits together with any invisible or combining character in it, so that "Meta" with a zero-width
space inside is one word, and no name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple, TypeVar

from agent.symbols.names import fold

T = TypeVar("T")

INVISIBLE = "\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
"""Characters that nobody sees, as a part of a regular expression's character class."""

# Most words first, which are quickest told by what follows them.
_WORD = re.compile(rf"([A-Za-z]++(?=[ ,.])|&|[\w{INVISIBLE}]+(?:['’][\w{INVISIBLE}]+)?)")
_INITIAL_GAPS = frozenset((".", ". ", " ", ".\u00a0"))
_MOST_INITIALS = 4
_CUT = re.compile(r"[a-z] |\n")
_BACK = 60
_STRETCHES = 4


class Word(NamedTuple):
    """A word of the text. `key`: folded, with a possessive's s ("mcdonalds"); `bare`: without it. Empty keys match nothing."""

    start: int
    end: int
    key: str
    bare: str
    bare_end: int
    raw: str

    @property
    def large(self) -> bool:
        """Whether it is written as part of a name: a capital or a digit in it."""
        return not self.raw.islower()


class Words:
    """The words of a text in order; initials are joined ("J.P." is one word), "&" is the word "and".

    `raws`, `keys`, `starts` and `ends` are those of each word. A `Word` is put together when it is asked for, since most never are.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        gaps_and_raws = _WORD.split(text)
        edges = list(accumulate(map(len, gaps_and_raws)))
        self.starts, self.ends = edges[:-1:2], edges[1::2]
        self.raws = gaps_and_raws[1::2]
        distinct = frozenset(self.raws)
        self._bares: dict[str, str] = {}
        keys = {raw: raw.lower() if raw.isascii() and raw.isalnum() else self._key(raw) for raw in distinct}
        self.keys = [keys[raw] for raw in self.raws]
        self.small = {keys[raw] for raw in distinct if raw.islower()}
        """The keys of words that stand somewhere in small letters."""
        self._join_initials()

    def __len__(self) -> int:
        return len(self.raws)

    def __getitem__(self, at: int) -> Word:
        raw, key, start, end = self.raws[at], self.keys[at], self.starts[at], self.ends[at]
        bare = self._bares.get(raw)
        return Word(start, end, key, key, end, raw) if bare is None else Word(start, end, key, bare, start + len(bare), raw)

    def bare(self, at: int) -> str:
        """The key of a word without a possessive's s."""
        return self._bares.get(self.raws[at], self.keys[at])

    def gap(self, at: int) -> str:
        """What stands between word `at` and the one before."""
        return self._text[self.ends[at - 1] : self.starts[at]]

    @cached_property
    def large(self) -> list[int]:
        """Which words are written as parts of names."""
        small = {raw for raw in frozenset(self.raws) if raw.islower()}
        return [at for at, raw in enumerate(self.raws) if raw not in small]

    def _key(self, raw: str) -> str:
        """The key of a word with something else than ASCII letters and digits in it."""
        if raw == "&":
            return "and"
        plain = raw.replace("’", "'")
        folded = plain.lower() if plain.isascii() else fold(raw) or ""
        head, apostrophe, tail = folded.replace("’", "'").partition("'")
        if apostrophe and tail == "s" and len(folded) == len(raw):
            self._bares[raw] = head
        return head + tail

    def _join_initials(self) -> None:
        letters = [at for at, raw in enumerate(self.raws) if len(raw) == 1 and raw.isupper()]
        rows: list[tuple[int, int]] = []
        for at in letters:
            first, last = rows[-1] if rows else (at, -2)
            if at == last + 1 and self._goes_on(first, at):
                rows[-1] = first, at
            else:
                rows.append((at, at))
        joined = [(first, last) for first, last in rows if first < last]
        for first, last in joined:
            self.raws[first] = "".join(self.raws[first : last + 1])
            self.keys[first] = "".join(self.keys[first : last + 1])
            self.ends[first] = self.ends[last]
        gone = {at for first, last in joined for at in range(first + 1, last + 1)}
        if gone:
            self.raws, self.keys = _without(self.raws, gone), _without(self.keys, gone)
            self.starts, self.ends = _without(self.starts, gone), _without(self.ends, gone)

    def _goes_on(self, first: int, at: int) -> bool:
        """Whether the capital at `at` goes on with the initials from `first` on; "I" and "A" after a space are words of their own."""
        gap = self.gap(at)
        if gap not in _INITIAL_GAPS or (" " in gap and self.raws[at] in "IA"):
            return False
        # The limit keeps a text of nothing but capitals from growing one word letter by letter.
        return at - first <= _MOST_INITIALS and "".join(self.raws[first:at]).isalpha()


def _without(items: list[T], gone: Container[int]) -> list[T]:
    return [item for at, item in enumerate(items) if at not in gone]


class Wording:
    """A text, for whoever asks more than one thing of its words, which are only split when somebody does."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> Words:
        """All words of the text."""
        return Words(self.text)

    @cached_property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    def around(self, key: str, reach: int) -> Iterator[Wording]:
        """The first few stretches of the text with `key` and at least `reach` characters after it, whose words are the whole text's.

        Each begins and ends after a small letter or a line, where no word and no row of initials goes on.
        """
        if len(self.lower) != len(self.text):
            return
        written = (key, f"{key[:-1]}'s", f"{key[:-1]}’s") if key.endswith("s") else (key,)
        for at in islice((at for form in written for at in self._beginnings(form)), _STRETCHES):
            cuts = [cut.end() for cut in _CUT.finditer(self.text, max(0, at - _BACK), at)]
            end = _CUT.search(self.text, at + reach)
            if cuts or at < _BACK:
                yield Wording(self.text[cuts[-1] if cuts else 0 : end.start() + 1 if end else len(self.text)])

    def _beginnings(self, written: str) -> Iterator[int]:
        """Where a word begins with `written`."""
        at = self.lower.find(written)
        while at >= 0:
            if not self.lower[at - 1 : at].isalnum():
                yield at
            at = self.lower.find(written, at + len(written))

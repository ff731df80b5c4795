"""The words of a text, with their places.

A word is a run of letters and digits together with any invisible or combining character in it, so that "Meta" with a zero-width
space inside is one word, and no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from agent.symbols.names import fold

INVISIBLE = "\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
"""Characters that nobody sees, as a part of a regular expression's character class."""

_WORD = re.compile(rf"&|[\w{INVISIBLE}]+(?:['’][\w{INVISIBLE}]+)?")
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


class Wording:
    """A text, for whoever asks more than one thing of its words, which are only split when somebody does."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[Word]:
        """All words of the text."""
        return split_words(self.text)

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


def split_words(text: str) -> list[Word]:
    """The words of `text`; initials are joined ("J.P." is one word), "&" is the word "and"."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        start, end = match.span()
        if raw.isascii() and "'" not in raw and len(raw) > 1:
            folded = raw.lower()
            words.append(Word(start, end, folded, folded, end, raw))
            continue
        folded = raw.lower() if raw.isascii() else fold(raw) or ""
        head, apostrophe, tail = folded.replace("’", "'").partition("'")
        if raw == "&":
            words.append(Word(start, end, "and", "and", end, raw))
        elif words and _continues(words[-1], raw, text[words[-1].end : start]):
            before = words.pop()
            joined = before.key + folded
            words.append(Word(before.start, end, joined, joined, end, before.raw + raw))
        else:
            bare_end = start + len(head) if apostrophe and tail == "s" and len(folded) == len(raw) else end
            words.append(Word(start, end, head + tail, head if bare_end < end else head + tail, bare_end, raw))
    return words


def _continues(before: Word, raw: str, gap: str) -> bool:
    """Whether the capital `raw` goes on with the initials `before`; "I" and "A" after a space are words of their own."""
    if len(raw) != 1 or not raw.isupper() or gap not in _INITIAL_GAPS or (" " in gap and raw in "IA"):
        return False
    letters = before.raw
    # The limit keeps a text of nothing but capitals from growing one word letter by letter.
    return len(letters) <= _MOST_INITIALS and letters.isalpha() and letters.isupper() and before.end - before.start >= 2 * len(letters) - 1

"""The words of a text, with their places.

A word is a run of letters and digits together with any invisible or combining character in it, so that "Meta" with a zero-width
space inside is one word, and no name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.symbols.names import fold

INVISIBLE = "\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
"""Characters that nobody sees, as a part of a regular expression's character class."""

_WORD = re.compile(rf"&|[\w{INVISIBLE}]+(?:['’][\w{INVISIBLE}]+)?")
_INITIAL_GAPS = frozenset((".", ". ", " ", ".\u00a0"))
_MOST_INITIALS = 4


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


class Wording(NamedTuple):
    """A text with its words, for whoever asks more than one thing of it."""

    text: str
    words: list[Word]


def worded(text: str) -> Wording:
    """`text` with its words."""
    return Wording(text, split_words(text))


def split_words(text: str) -> list[Word]:
    """The words of `text`; initials are joined ("J.P." is one word), "&" is the word "and"."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        start, end = match.span()
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

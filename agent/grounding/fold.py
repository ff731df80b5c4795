"""One text, folded so that typography doesn't matter, with the way back to the author's own characters.

Folding changes nothing but white space, dashes, quotation marks, ellipses, invisible characters and the way a letter and its
accent are composed. Digits, letters, case and every other character stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from agent.sentences import Span

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
QUOTATION_MARKS = "'\"`´‘’‚‛“”„‟«»‹›′″‵‶ʼ＂＇「」『』"
INVISIBLES = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Characters without width that typesetting leaves behind. Tag characters are none of these: they only hide text."""

_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ONE_FOR_ONE = dict.fromkeys(DASHES[1:], "-") | dict.fromkeys(QUOTATION_MARKS[1:], "'") | dict.fromkeys(_SPACES, " ")
_ALPHANUMERIC = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
_ASCII_FOLDED = frozenset(filter(str.isascii, _ONE_FOR_ONE))
# What changes length, once every character stands for its kind. Runs are taken possessively, so none is walked over more than
# a few times whatever follows it; every alternative begins with a literal, which lets the engine skip all other characters.
_DOTS = r"(?:\.(?: *+…| *+\. *+[.…])|…)(?: *+[.…])* *+"
_RUNS = re.compile(rf" (?=[ .…-])(?: *+(?:-[- ]*+|{_DOTS})| ++)|-[- ]++|\.(?: *+…| *+\. *+[.…])(?: *+[.…])* *+|…(?: *+[.…])* *+|''++")

_PLAIN_RUNS = ("  ", " -", "- ", "--")
"""What runs of spaces and dashes begin with, and only they."""
_OTHER_RUNS = ("''", "..", " .", "…")
"""One of these is in every other run."""
_FOLDS_AWAY = ('"', "`", *_PLAIN_RUNS, *_OTHER_RUNS)
"""One of these, or a character that isn't printed, is in every text of ASCII that isn't folded as it stands."""


class _Rewrite:
    """A text with every one of some matches replaced, and the way back: `origin` of a new character in the old text."""

    __slots__ = ("_at", "_pieces", "text")

    def __init__(self, source: str, matches: Iterable[re.Match[str]], replacement: Callable[[re.Match[str]], str]) -> None:
        parts: list[str] = []
        self._at: list[int] = []
        """Where in the new text each piece begins, ascending."""
        self._pieces: list[tuple[int, int]] = []
        """Each piece's place in the old text: start, and end when it was replaced as a whole, else -1."""
        done = length = 0
        for match in matches:
            start, end = match.span()
            if start > done:
                parts.append(source[done:start])
                self._at.append(length)
                self._pieces.append((done, -1))
                length += start - done
            if new := replacement(match):
                parts.append(new)
                self._at.append(length)
                self._pieces.append((start, end))
                length += len(new)
            done = end
        parts.append(source[done:])
        self._at.append(length)
        self._pieces.append((done, -1))
        self.text = "".join(parts)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the old text that became the new text's `start:end`."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._at, position) - 1
        start, end = self._pieces[index]
        if end >= 0:
            return start, end
        start += position - self._at[index]
        return start, start + 1


class FoldedText:
    """A text and its folded twin; made once a text, in time linear in its length.

    White space of any kind and length is one space, none beside a dash or an ellipsis; every run of dashes is `-`, of quotation
    marks `'`, every ellipsis `...`; invisible characters are gone; letters are composed (NFC).
    """

    __slots__ = ("_rewrites", "folded", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._rewrites: list[_Rewrite] = []
        used = _ASCII_FOLDED if text.isascii() else frozenset(text)
        if used is not _ASCII_FOLDED and (clusters := _clusters(used)):
            self._rewrites.append(_Rewrite(text, clusters.finditer(text), _composed))
            text = self._rewrites[0].text
        self.folded = _unified(text, used)
        if runs := _runs(self.folded):
            self._rewrites.append(_Rewrite(self.folded, runs, _run))
            self.folded = self._rewrites[-1].text

    def span(self, start: int, end: int) -> Span:
        """The slice of `text` that became `folded[start:end]`, without outer white space; `end` is exclusive, above `start`."""
        for rewrite in reversed(self._rewrites):
            start, end = rewrite.origin(start, end)
        while end > start + 1 and (self.text[end - 1].isspace() or self.text[end - 1] in INVISIBLES):
            end -= 1
        while start < end - 1 and (self.text[start].isspace() or self.text[start] in INVISIBLES):
            start += 1
        return Span(start, end)


def fold(text: str) -> str:
    """`text` folded, for comparing."""
    if text.isascii() and text.isprintable() and not any(map(text.__contains__, _FOLDS_AWAY)):
        return text
    return FoldedText(text).folded


def unify(text: str) -> str:
    """`text` with one character for every kind of white space, dash and quotation mark: all offsets stay."""
    return text if text.isascii() else _unified(text, frozenset(text))


@lru_cache(maxsize=8)
def word_set(lower: str) -> frozenset[str]:
    """The runs of ASCII letters and digits in a text in lower case; any other character parts them.

    Several checks ask it of one article, and a card is held against its article more than once; so the last few are kept.
    """
    # Splitting bytes is several times faster than a pattern.
    return frozenset(lower.encode("ascii", "replace").translate(_ALPHANUMERIC).decode("ascii").split())


def stands_whole(words: str, text: str) -> bool:
    """Whether `text` has `words` with no letter, digit or underscore joined to them. A pattern for each name would cost far more."""
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return True
        at = text.find(words, at + 1)
    return False


def _unified(text: str, used: frozenset[str]) -> str:
    for char in _ONE_FOR_ONE.keys() & used:
        text = text.replace(char, _ONE_FOR_ONE[char])
    return text


def _runs(text: str) -> list[re.Match[str]]:
    """What `_RUNS` finds in `text`; in a text without dots and marks in rows it is tried only where a run can begin."""
    if any(map(text.__contains__, _OTHER_RUNS)):
        return list(_RUNS.finditer(text))
    return list(matches_at(_RUNS, text, sorted(place for run in _PLAIN_RUNS for place in starts_of(run, text))))


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What a pattern finds, tried only where it can begin, in order: many times as fast as looking for it everywhere."""
    done = 0
    for start in starts:
        if start >= done and (match := pattern.match(text, start)) is not None:
            done = match.end()
            yield match


def starts_of(word: str, text: str) -> Iterator[int]:
    """Where `word` begins in `text`."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _run(match: re.Match[str]) -> str:
    run = match.group()
    if run == "  ":
        return " "
    first = run.lstrip(" ")[:1]
    return "..." if first in {".", "…"} else first or " "


def _clusters(used: frozenset[str]) -> re.Pattern[str] | None:
    """What finds the characters of a text that change when it is composed; None when there are none, as in most texts."""
    joining = sorted(char for char in used if char in INVISIBLES or _joins(char))
    alone = sorted(char for char in used if char > "\u02ff" and not unicodedata.is_normalized("NFC", char))
    if not joining and not alone:
        return None
    choices = [f"(?s:.)?[{re.escape(''.join(joining))}]++"] if joining else []
    choices += [f"[{re.escape(''.join(alone))}]"] if alone else []
    return re.compile("|".join(choices))


def _joins(char: str) -> bool:
    """Whether `char` may compose with the one before: an accent, a vowel sign, or a Korean jamo after the first."""
    return char > "\u02ff" and (unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff")


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", "".join(char for char in match.group() if char not in INVISIBLES))

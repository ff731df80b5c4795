"""Where a text may deny something: its plain negations, and the words right after each, on one of which what it denies turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.grounding.inflection import forms, root
from agent.grounding.inflection import written as words_in
from agent.grounding.negation_words import CUES, FUNCTION_WORDS

AHEAD = 110
"""So far is looked for what is denied, in characters."""
AFTER = 5
"""Of so many words that tell it is made."""
OF_NOUNS = frozenset(("no", "none of", "without"))
"""Cues that deny a noun; it may be any of the words after them. A verb is the first, or the second behind one that tells little."""
_HEADS = 2
_SHORT_WAY = 50
_MIN_CHARS = 3


class Cue(NamedTuple):
    """A word that denies at `start:end` of a text in small letters; `forms`: what words begin with on one of which its denial turns."""

    written: str
    start: int
    end: int
    forms: tuple[str, ...]


def cues(lower: str) -> Iterator[Cue]:
    """The cues of a text in small letters with unified typography, kind by kind. Linear in its length."""
    for cue in CUES:
        at = lower.find(cue)
        if at < 0:
            continue
        written = cue.strip()
        heads = AFTER if written in OF_NOUNS else _HEADS
        while at >= 0:
            end = at + len(cue) - 1
            if told := telling(lower, end, heads):
                yield Cue(written, at + cue.startswith(" "), end, tuple(form for word in told for form in forms(root(word))))
            at = lower.find(cue, end)


def telling(lower: str, start: int, most: int) -> list[str]:
    """The first words that tell, not far from `start`."""
    # Few words are asked for, so a short way is gone first; the last word of it may have been cut.
    for reach in (_SHORT_WAY, AHEAD):
        found = words_in(lower, start, start + reach)[: -1 if reach == _SHORT_WAY else None]
        told = list(filter(tells, found))
        if len(told) >= most:
            break
    return told[:most]


def tells(word: str) -> bool:
    """Whether a word in small letters is more than grammar."""
    return word not in FUNCTION_WORDS and (len(word) >= _MIN_CHARS or word[0].isdigit())

"""Words by their roots, so that "renewed" meets "renews": the ending taken off, irregular verbs by a list, the first seven letters.

Roots are for comparing two texts about one event. Two words of one root may differ ("investor", "investigate"); what is decided on roots
asks for several of them in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_CHARS = 7
_MIN_STEM = 3
_IRREGULAR = {
    form: line.partition(":")[0]
    for line in (
        "mak:made making|get:got gotten getting|giv:gave given giving|tak:took taken taking|see:saw seen seeing|com:came coming|"
        "go:went gone going|put:putting|hold:held holding|find:found finding|buy:bought buying|sell:sold selling|pay:paid paying|"
        "ris:rose risen rising|fall:fell fallen falling|los:lost losing|leav:left leaving|win:won winning|meet:met meeting|"
        "grow:grew grown|know:knew known|show:shown|spend:spent|send:sent|build:built|bring:brought|mean:meant|becom:became|"
        "begin:began begun|choos:chose chosen|break:broke broken|speak:spoke spoken|writ:wrote written|run:ran running|set:setting|"
        "cut:cutting|stop:stopped stopping|drop:dropped dropping|plan:planned planning|sue:sued suing sues|shrink:shrank shrunk|lead:led|"
        "feel:felt|think:thought|seek:sought|stand:stood|draw:drew drawn|driv:drove driven|withdra:withdrew withdrawn|"
        "lend:lent|lay:laid laying|strik:struck striking|shut:shutting|"
        "hav:had has having|keep:kept keeping"
    ).split("|")
    for form in line.partition(":")[2].split()
}
"""The root of each irregular form, which is what `root` makes of the other forms."""
_WORD = re.compile(r"[^\W_]+(?:[.,'&-][^\W_]+)*")
_ENDINGS = ("ments", "ment", "ings", "ing", "ies", "ied", "ily", "ed", "es", "ly", "s", "y", "e")


class Word(NamedTuple):
    """A word of a text: its slice there, as it is written, and its root."""

    start: int
    end: int
    written: str
    root: str


def words(lower: str, start: int, end: int) -> Iterator[Word]:
    """The words of a text in small letters, with unified typography, that lie within `start:end`."""
    for match in _WORD.finditer(lower, start, end):
        written = match.group()
        yield Word(*match.span(), written, root(written))


def matches(lower: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The same words as they are found, for who needs few of them."""
    return _WORD.finditer(lower, start, end)


def written(lower: str, start: int, end: int) -> list[str]:
    """The same words as they are written, which is several times quicker to have."""
    found: list[str] = _WORD.findall(lower, start, end)
    return found


@lru_cache(maxsize=16_384)
def root(word: str) -> str:
    """What the forms of a word in small letters have in common; a figure is its own root."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.removesuffix("'s")
    if word[:1].isdigit() or len(word) <= _MIN_STEM:
        return word
    ending = next((ending for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM), "")
    stem = word.removesuffix(ending)
    if len(stem) > _MIN_STEM and stem[-1] == stem[-2] and stem[-1] not in "aeiouls":
        stem = stem[:-1]
    while len(stem) > _MIN_STEM and stem[-1] in "ei":
        stem = stem[:-1]
    return stem[:_CHARS]


def places(of: str, lower: str) -> Iterator[tuple[int, int]]:
    """Where a text in small letters has words of that root, as slices; form by form, not in order. Linear in its length."""
    for form in forms(of):
        at = lower.find(form)
        while at >= 0:
            word = None if lower[at - 1 : at].isalnum() else _WORD.match(lower, at, at + 40)
            if word is not None and root(word.group()) == of:
                yield word.span()
            at = lower.find(form, at + len(form))


def stands(of: str, lower: str) -> bool:
    """Whether a text in small letters may have a word of that root: quick, and never false for one that has."""
    for form in forms(of):  # noqa: SIM110  any() takes twice as long, and this is asked more than anything else
        if form in lower:
            return True
    return False


@lru_cache(maxsize=4_096)
def forms(of: str) -> tuple[str, ...]:
    """What every word of that root begins with, and others may."""
    irregular = [form for form, base in _IRREGULAR.items() if base == of and not form.startswith(of)]
    return (of, *irregular)

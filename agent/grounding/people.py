"""Names in the prose: each stands in the article, or is another name of somebody who does.

A name is a word with a capital that a sentence's beginning doesn't explain. Looked for word by word, so that "Friar" does for "Sarah
Friar" and "the Americans" for "American"; what isn't there is looked for once more as a whole, among the other names of what the
article names. In a language that these rules don't read, only what can't be a translation is held against the prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from agent.card import Finding
from agent.grounding.common import ANYWHERE, KIN, OPENERS, ORDINARY_ENDINGS
from agent.grounding.fold import unify
from agent.grounding.names import Mentions
from agent.grounding.roles import Roles, role_findings
from agent.symbols.lexicon import load_lexicon

NOT_NAMED = "the article names nobody and nothing so; use its own names"

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][^\W_]*")
_FROM_CAPITAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_INITIALLED = re.compile(r"(?<!\w)[^\W\d_]\.(?:[^\W\d_]\.)+")
_DOTTED = re.compile(r"\.[^\W\d_]\.")
_OPENS = re.compile(r"(?:^|[.!?:;\n])['(\[ -]*$")
_LOOK_BACK = 12
_INSIDE_NAME = frozenset((" ", "-", "&", " & ", "'", " of ", " of the ", " and ", " de ", " van ", " von ", " al-", " "))
_DEMONYM = re.compile(r"(?:an|ans|ese|ish|ic|i|is|ier|ers)$")
_STEM = 5
_SHARED = 4
_INITIALS = 2
_OF_MANY = re.compile(r" (?:are|were|have)\b")
"""What is said of several: before it a word in the plural that begins a sentence is no name."""
_TRANSLATED = frozenset(
    "german french italian spanish portuguese dutch swedish polish japanese chinese korean russian turkish english "
    "north south east west northern southern eastern western central africa america americas asia europe oceania "
    "austria belgium brazil britain china croatia czech denmark egypt finland france germany greece hungary india ireland italy japan "
    "kingdom korea mexico netherlands norway poland portugal republic romania russia spain states sweden switzerland turkey "
    "ukraine united".split()
)
"""Languages, points of the compass, continents and lands: what every language has its own words for."""
_ENGLISH = frozenset("the of and to a that its for is on with by it as from at said".split())
_ENGLISH_SHARE = 0.08
_FEW_WORDS = 20
_PERIOD = re.compile(r"[qh][1-4]")


class _Word(NamedTuple):
    start: int
    end: int
    key: str


class Named:
    """What an article and the entities kept of a draft name; made once a card, linear in the article's length."""

    def __init__(self, mentions: Mentions, kept: Sequence[str] = (), *, english: Callable[[], bool] = lambda: True) -> None:
        """Make one; `english` tells whether the article's words can be read here, and is asked where that matters, which is seldom."""
        self.mentions = mentions
        self.is_english = english
        self._kept = kept

    @cached_property
    def _words(self) -> set[str]:
        """Every word that may stand for one of the prose: those of the article and of the names kept, in more than one spelling."""
        words = {*self.mentions.words, *(word.lstrip("0123456789") for word in self.mentions.words if word[0] <= "9")} - {""}
        if _DOTTED.search(self.mentions.text) is not None:
            words.update(_key(word) for word in _INITIALLED.findall(self.mentions.text))
        for name in self._kept:
            words.update(_key(word) for word in _WORD.findall(unify(name)))
        if not all(map(str.isascii, words)):
            words.update([_unaccented(word) for word in words if not word.isascii()])
        return words

    def knows(self, key: str) -> bool:
        """Whether the article has the word, in the singular or the plural, or its bearer under another word."""
        words = self._words
        if len(key) == 1 or key in words or key in ANYWHERE or f"{key}s" in words or (key[-1] == "s" and key[:-1] in words):
            return True
        if (key.endswith("es") and key[:-2] in words) or (key in _TRANSLATED and not self.is_english()) or _PERIOD.fullmatch(key):
            return True
        plain = _unaccented(key)
        if (plain != key and plain in words) or any(key in kin and not kin.isdisjoint(words) for kin in KIN):
            return True
        alike = [word for word in words if word[:_SHARED] == key[:_SHARED]]
        return bool(alike) and (not self.is_english() or any(_akin(key, word) for word in alike))

    def has_stem(self, key: str) -> bool:
        """Whether the article has a word that begins as this one does."""
        return len(key) > _STEM and any(word.startswith(key[:_STEM]) for word in self._words)


def name_findings(where: str, prose: str, named: Named, roles: Roles) -> tuple[int, list[Finding]]:
    """How many names `prose` states, and those that the article doesn't carry or not in that role, with their places in `prose`."""
    text = unify(prose)
    names = _names(text)
    findings = role_findings(where, prose, roles)
    strange = {word.key for name in names for word in name if len(word.key) > 1} - named.mentions.words - ANYWHERE
    for name in names if strange else ():
        # What only begins its sentence is no name if nothing else of this one is unknown, and seldom known itself.
        if all(word.key not in strange or (_may_open(word.key) and _opens(text, word)) or named.knows(word.key) for word in name):
            continue
        findings += [
            Finding(where=where, claim=prose[start:end], reason=NOT_NAMED, start=start, end=end)
            for start, end in _runs(text, _unknown(text, name, named))
            if not _goes_by(text, name, (start, end), named)
        ]
    # A role may stand beside what is no name by itself, and one long name may hold two unknown ones.
    return max(len(names), len(findings)), sorted(findings, key=lambda finding: finding.start or 0)


def stated_names(prose: str) -> list[tuple[int, int]]:
    """Where `prose` states names, in order: words with a capital, without those that only begin a sentence or say nothing by themselves."""
    text = unify(prose)
    places: list[tuple[int, int]] = []
    for name in _names(text):
        run: list[_Word] = []
        for word in [*name, None]:
            if word is not None and not (_may_open(word.key) and _opens(text, word)):
                run.append(word)
                continue
            if not all(word.key in ANYWHERE for word in run):
                places.append((run[0].start, run[-1].end))
            run = []
    return places


def _unknown(text: str, name: list[_Word], named: Named) -> list[_Word]:
    """The words of a name that the article hasn't; none where they may be a translation of what it has."""
    unknown = [word for word in name if not named.knows(word.key)]
    words = _WORD.findall(text)
    if (len(unknown) == 1 or len(unknown) < len(name)) and not _is_english(words, named):
        return []
    return unknown[1:] if _opens(text, unknown[0]) and _is_ordinary(text, unknown[0], name, words, named) else unknown


def _is_english(words: list[str], named: Named) -> bool:
    """Whether the prose of these words is; few of them are taken to be what the article is."""
    count = sum(map(_ENGLISH.__contains__, words))
    return count >= _ENGLISH_SHARE * len(words) or (len(words) < _FEW_WORDS and named.is_english())


def _names(text: str) -> list[list[_Word]]:
    """Runs of words with a capital; a word that only begins a sentence may be one of them."""
    names: list[list[_Word]] = []
    done = -1
    for start, end in _large(text):
        word = _Word(start, end, _key(text[start:end]))
        if done >= 0 and (text[done:start] in _INSIDE_NAME or _is_initial(text[done:start], names[-1][-1])):
            names[-1].append(word)
        else:
            names.append([word])
        done = end
    return names


def _large(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand that aren't all small letters."""
    if not text.isascii() or _DOTTED.search(text) is not None:
        return [match.span() for match in _WORD.finditer(text) if not match.group().islower()]
    # Most words are, and are passed over much faster by looking for a capital.
    found = [match.span() for match in _FROM_CAPITAL.finditer(text)]
    return [(_word_start(text, start), end) if text[start - 1 : start].isalnum() else (start, end) for start, end in found]


def _word_start(text: str, at: int) -> int:
    """Where the word begins that goes on at `at`: "iPhone" before its capital, behind any digits."""
    while text[at - 1 : at].isalnum():
        at -= 1
    while text[at] <= "9":
        at += 1
    return at


def _opens(text: str, word: _Word) -> bool:
    """Whether a word begins a sentence. One right before it, which is what most have, needs no pattern to be seen."""
    start = word.start
    if text[start - 1 : start] == " " and text[start - 2 : start - 1].isalnum():
        return False
    return start == 0 or _OPENS.search(text, max(0, start - _LOOK_BACK), start) is not None


def _is_initial(gap: str, before: _Word) -> bool:
    """Whether a name goes on after a stop, as behind initials and "St."."""
    return gap == ". " and before.end - before.start <= _INITIALS


def _may_open(key: str) -> bool:
    """Whether a word is one of those that begin sentences, in the singular or the plural."""
    return key in OPENERS or f"{key}s" in OPENERS or (key[-1:] == "s" and key[:-1] in OPENERS)


def _is_ordinary(text: str, word: _Word, name: list[_Word], words: list[str], named: Named) -> bool:
    """Whether the word that begins a sentence is no name: in small letters it is one of the language."""
    if (word.key.islower() and word.key in words) or _may_open(word.key) or word.key in load_lexicon().words:
        return True
    if len(name) == 1 and word.key[-1] == "s" and _OF_MANY.match(text, word.end):
        return True
    if len(name) > 1 and not named.knows(name[1].key):
        return False
    return word.key.endswith(ORDINARY_ENDINGS) or named.has_stem(word.key)


def _runs(text: str, words: list[_Word]) -> Iterator[tuple[int, int]]:
    """The places of `words`, neighbours as one."""
    start = end = -1
    for word in words:
        if end >= 0 and (text[end : word.start] in _INSIDE_NAME or len(text[end : word.start].strip(". ")) == 0):
            end = word.end
            continue
        if end >= 0:
            yield start, end
        start, end = word.start, word.end
    if end >= 0:
        yield start, end


def _goes_by(text: str, name: list[_Word], place: tuple[int, int], named: Named) -> bool:
    """Whether what stands at `place`, or the whole name that it is part of, is another name of what the article names."""
    whole = text[name[0].start : name[-1].end]
    return any(named.mentions.named(form) for form in {text[slice(*place)], whole})


def _key(word: str) -> str:
    return word.replace(".", "").lower()


def _unaccented(key: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", key) if not unicodedata.combining(char))


def _akin(key: str, word: str) -> bool:
    """Whether the two, which share a stem, are a people's or a place's form: Norwegian, Norway."""
    return abs(len(key) - len(word)) <= _SHARED and (_DEMONYM.search(key) or _DEMONYM.search(word)) is not None

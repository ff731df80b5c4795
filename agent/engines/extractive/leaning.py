"""Which sentences can't stand alone: those that begin with a pronoun, point back, or quote without saying whom."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.engines.extractive.language import function_words
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading, Sentence
from agent.engines.extractive.terms import Terms, split

ALONE, MILDLY, WHOLLY = 0.0, 0.5, 1.0
BEGINNING = 7
"""Tokens among which a pronoun has to have found what it stands for."""

_PRONOUNS = frozenset("he she it they his her its their him them".split())
_ANSWERED = frozenset("it he she they".split())
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]?")
_OPENS = ('"', "“")


def leaning(reading: Reading, sentence: Sentence) -> float:
    """1 when it needs the sentence before, 0.5 when it begins with `the move` and the like, else 0."""
    if _begins_dangling(reading, sentence) or _pronoun_first(reading, sentence) or _speakerless(reading, sentence):
        return WHOLLY
    words = reading.words
    pointing = words[sentence.first] == "the" and sentence.words > 1 and words[sentence.first + 1] in _pointing()
    return MILDLY if pointing else ALONE


def _begins_dangling(reading: Reading, sentence: Sentence) -> bool:
    return _dangling().at(reading.words, sentence.first, min(sentence.last, sentence.first + 4)) is not None


def _pronoun_first(reading: Reading, sentence: Sentence) -> bool:
    """Whether a pronoun comes before anything it could stand for, as in `In June it transferred`."""
    for token in range(sentence.first, min(sentence.last, sentence.first + BEGINNING)):
        word = reading.words[token]
        if word in _PRONOUNS:
            return True
        if word not in _no_antecedents() and not word[0].isdigit():
            return False
    return False


def _speakerless(reading: Reading, sentence: Sentence) -> bool:
    """Whether it is a quotation of nobody, or of a mere `he`."""
    text = reading.quote(sentence)
    if not text.startswith(_OPENS):
        return False
    outside = _QUOTED.sub(" ", text)
    words = re.findall(r"[A-Za-z][\w'’.-]*", outside)
    named = any(word[0].isupper() for word in words)
    return not named and (not words or not _ANSWERED.isdisjoint(words) or len(words) < 2)  # noqa: PLR2004  `said` alone


@lru_cache(maxsize=1)
def _no_antecedents() -> frozenset[str]:
    return function_words() | frozenset(read_lexicon("prose")["times"])


@lru_cache(maxsize=1)
def _dangling() -> Terms[bool]:
    return Terms((split(phrase), True) for phrase in read_lexicon("words")["dangling"])


@lru_cache(maxsize=1)
def _pointing() -> frozenset[str]:
    return frozenset(read_lexicon("words")["pointing"])

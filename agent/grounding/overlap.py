"""How much of a text's content stands in the article: a text about something else shares few of its words.

Content is what is left without function words and without the words that every financial article has. Words count by their first
letters, so that "acquired" stands for "acquires"; figures count three times, names twice, years and single digits half. How sure the
share is depends on how many words there are, so the bound is on the upper end of its interval: a short text needs a clearer case.
`bench/coherence.py` prints what other bounds would catch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from agent.article import Article
from agent.grounding.fold import word_set

FLOOR = 0.65
"""A text is about another article when not even the upper end of its share's interval, `DEVIATIONS` wide, comes up to this."""
DEVIATIONS = 1.5

_STEM_CHARS = 6
_MIN_CHARS = 3
_TWO_DIGITS = 2
_SENTENCE_ENDS = frozenset(("", ".", "!", "?"))
_ENGLISH_SHARE = 0.08
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*|[0-9][A-Za-z0-9]*(?:[.,][0-9]+)*")
_FIGURE = re.compile(r"([0-9](?<![A-Za-z0-9].)[A-Za-z0-9]*(?:[.,][0-9]+)*)([A-Za-z][A-Za-z0-9]*)?")
"""A figure, and what stands right behind it."""
_GROW_ASCII = frozenset("\u0130\u212a")
"""The letters whose small forms are ASCII, or hold some."""
_TOKEN_BETWEEN = re.compile(rf"({_TOKEN.pattern})")
_WORD_CHARS = bytes(code if chr(code).isalnum() or chr(code) in ".," else ord(" ") for code in range(128)).ljust(256)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENGLISH = frozenset("the of and to that with".split())
_FUNCTION_WORDS = (
    "a an and are as at be been but by for from had has have he her his if in into is it its more not of on or our out over she so some "
    "such than that the their them then there these they this those to up us was we were what when where which while who will with would "
    "you your i all also any can could did do does down during each either few further how just may might most no nor only other own same "
    "should too under until very about after against because before below between both off once through again whose whom whether since "
    "though although however therefore even still yet much many every another without within despite due like around per via among"
)
_COMMON_WORDS = (
    "company companies firm group business industry year years quarter quarterly month months week day today annual first second third "
    "fourth million billion trillion thousand percent percentage points profit profits revenue revenues sales net income earnings results "
    "period reported report share shares stock stocks shareholders shareholder holders investors investor analysts analyst market markets "
    "price prices growth said says say according compared ended expects expected expect forecast forecasts outlook next last previous "
    "new one two three including high higher low lower rose rise fell fall increase increased decrease decreased declined total news "
    "sentiment overall positive negative neutral strongly outweigh outweighs outweighed entity entities means label labels put puts risk "
    "possible chief executive made make makes time part end start around about nearly almost well good bad better worse"
)


class Overlap(NamedTuple):
    """`share` in 0..1 of a text's content that stands in the article, and the `weight` of that content."""

    share: float
    weight: float

    @property
    def upper(self) -> float:
        """The upper end of the share's interval (Wilson's, `DEVIATIONS` wide), 1 for a text without content."""
        if self.weight == 0:
            return 1.0
        z, p, n = DEVIATIONS, self.share, self.weight
        return (p + z * z / (2 * n) + z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)

    @property
    def is_of_another(self) -> bool:
        """Whether so little of the text stands in the article that it must be about another one."""
        return self.upper < FLOOR


def source_words(article: Article) -> frozenset[str] | None:
    """The content words of an English article, as `overlap` compares them; None when it is in another language, or no prose."""
    tokens = _split(f"{article.title}\n{article.text}".lower())
    if sum(map(_ENGLISH.__contains__, tokens)) < _ENGLISH_SHARE * len(tokens):
        return None
    stems = _once(tokens)
    # A whole word beside its stem does no harm: nobody asks for one that long.
    stems.update([token[:_STEM_CHARS] for token in stems if len(token) > _STEM_CHARS and token[0] > "9"])
    return frozenset(stems)


def is_plainly_of(prose: str, lower: str) -> bool:
    """Whether `overlap` must come up to the floor, by the words alone that an article, in small letters, has letter for letter.

    A word that is there counts as little as words may, one that isn't as much: quick, and never wrong.
    """
    own = prose.lower()
    if not (own.isascii() or _GROW_ASCII.isdisjoint(prose)):
        return False
    figures: set[str] = set()
    words = {word for word in word_set(own) if word[0] > "9"}
    for figure, unit in _FIGURE.findall(own):
        figures.add(figure)
        if unit:
            words.add(unit)
    words -= _passed_over()
    stems, known = _stems(words), _stems(words & word_set(lower))
    told: float = len(known)
    most = told + 2 * (len(stems) - told) + 3 * len(figures)
    for figure in figures:
        if told >= FLOOR * most:
            return True
        if _stands_alone(figure, lower):
            counts = _weight(figure, "")
            told, most = told + counts, most - 3 + counts
    return told >= FLOOR * most


def overlap(prose: str, source: frozenset[str]) -> Overlap:
    """How much of `prose` stands in `source`; every word counts once, as it is written first."""
    prose = prose.encode("ascii", "replace").decode("ascii")
    parts = _TOKEN_BETWEEN.split(prose)
    tokens = parts[1::2]
    lowers = " ".join(tokens).lower().split()
    first = dict(zip(reversed(lowers), range(len(lowers) - 1, -1, -1), strict=True))
    seen: set[str] = set()
    shared = weight = 0.0
    for lower in sorted(first.keys() - _passed_over(), key=first.__getitem__):
        stem = _stem(lower)
        if stem in seen or stem in _passed_over() or (len(lower) < _MIN_CHARS and not lower[0].isdigit()):
            continue
        seen.update((lower, stem))
        at = first[lower]
        counts = _weight(tokens[at], f"{tokens[at - 1][-1] if at else ''}{parts[2 * at]}")
        weight += counts
        shared += counts * (stem in source)
    return Overlap(shared / weight if weight else 0.0, weight)


def _split(lower: str) -> list[str]:
    """A text cut where no token goes on; a few pieces are several tokens, or one and a stop."""
    # Splitting bytes is several times faster than a pattern; what isn't ASCII parts words on both sides of the comparison alike.
    level = lower.encode("ascii", "replace").translate(_WORD_CHARS).decode("ascii")
    return level.replace(". ", " ").replace(", ", " ").split()


def _once(pieces: Iterable[str]) -> set[str]:
    """The tokens in what `_split` gave, each once."""
    once = frozenset(pieces)
    tokens = set(filter(str.isalnum, once))
    tokens.update(_TOKEN.findall(" ".join(once - tokens)))
    return tokens


def _stems(words: set[str]) -> set[str]:
    return {word[:_STEM_CHARS] for word in words if len(word) >= _MIN_CHARS} - _passed_over()


def _stands_alone(figure: str, lower: str) -> bool:
    """Whether a text has a figure that is no part of a longer one; not where that takes more than a look to see."""
    at = lower.find(figure)
    while at >= 0:
        end = at + len(figure)
        before, after = lower[at - 1 : at], lower[end : end + 2]
        # A stop or comma right after it is let be, but not with more behind.
        if not (before.isalnum() or before in {".", ","} or after[:1].isalnum() or (after[:1] in {".", ","} and after[1:].isalnum())):
            return True
        at = lower.find(figure, end)
    return False


def _weight(token: str, before: str) -> float:
    """3 for a figure, 2 for a name, 1 for a word (and the first of a sentence, which has a capital anyway), half for other digits."""
    if token[0] <= "9":
        figures = sum(map(str.isdigit, token.rstrip("0")))
        return 3.0 if figures >= _TWO_DIGITS and not _YEAR.fullmatch(token) else 0.5
    return 2.0 if token[0] <= "Z" and before[-2:].strip()[-1:] not in _SENTENCE_ENDS else 1.0


def _stem(token: str) -> str:
    return token if token[0] <= "9" else token[:_STEM_CHARS]


@lru_cache(maxsize=1)
def _passed_over() -> frozenset[str]:
    return frozenset(f"{_FUNCTION_WORDS} {_COMMON_WORDS}".split())

"""What a text says isn't so: the clauses with a plain "not", "no", "never", "none of", "without" or "cannot", and what each denies.

Only denials of a whole statement count. "Not only", "no longer", "not as much as", "if it does not", "supply and not demand" deny a degree,
a time or a supposition, and what they leave open may be true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from agent.grounding.cues import AFTER, AHEAD, OF_NOUNS, Cue, telling, tells
from agent.grounding.inflection import root
from agent.grounding.inflection import written as words_in
from agent.grounding.negation_words import (
    CLAUSE_END,
    COMPARED,
    HEDGED,
    LIGHT,
    LIMITED,
    MOODS,
    NARROWED,
    PLAIN,
    SUPPOSED,
    UNTOLD,
    VERBAL,
)

_BACK = 100
_PHRASE = 3
_BEFORE = 5
_WORDS_AHEAD = 12
_WORDS_BACK = 9
_GOES_ON = ("or ", "nor ")
_LISTED = re.compile(r"(?:[a-z-]{2,30}, ){0,4}[a-z-]{2,30},? n?or ")
"""What goes on a list of what is denied: "no crash, injury or death"."""
_OPENS_ANOTHER = frozenset(("whether", "that", "which"))
_ARTICLES = frozenset(("the", "a", "an"))
_DENIED_AGAIN = 40
_SUPPOSED = 60
_HEDGED = 50
_SHORTLY = 12
_TWICE = 20
_COMMA = re.compile(r"[,;]|\band\b")
_OPENS = re.compile(r"(?:,|\bthat|\band|\bsaid|['\"])\s*$")
_HAD = re.compile(r"\bhad(?:\b|n)")
_CUE = re.compile(r"\b(?:not|never|no|none|without|cannot)\b|n't\b")


@dataclass(frozen=True)
class Denial:
    """One denial: the cue at `start:end` of a text in small letters, what it denies up to `last`, and its telling words, by roots.

    What ends its clause goes up to `stop`.
    `heads` are those of `after` on which it turns: the verb after a "not", the noun after a "no". What surrounds it is read when asked for.
    """

    lower: str
    cue: str
    start: int
    end: int
    last: int
    stop: int
    after: tuple[str, ...]
    heads: tuple[str, ...]

    @cached_property
    def is_whole(self) -> bool:
        """Whether it denies a whole statement, and not only its degree, a part of it or what follows from it."""
        lower, start, end = self.lower, self.start, self.end
        back = lower[max(0, start - _SUPPOSED) : start]
        if (self.cue == "not" and not VERBAL.search(back.rstrip()[-_SHORTLY:])) or UNTOLD.match(lower, start):
            return False
        if self.opens and COMPARED.search(lower, end, self.last):
            return False  # "no bank has had a larger loss" says of one that its loss is the largest
        if HEDGED.search(back[-_HEDGED:]) or SUPPOSED.search(back) or _CUE.search(back[-_TWICE:]):
            return False
        return not NARROWED.search(lower, end, self.last) and not _denied_again(lower, end, self.last)

    @cached_property
    def limit(self) -> str:
        """The word up to which it holds only, as "until"; empty for none."""
        limit = LIMITED.search(self.lower, self.end, self.stop)
        return limit.group() if limit else ""

    @property
    def of_noun(self) -> bool:
        """Whether the cue denies a noun."""
        return self.cue in OF_NOUNS

    @cached_property
    def phrase(self) -> str:
        """The cue with what it denies, for the most part: up to the third word that tells."""
        end = self.end
        for word in telling(self.lower, end, _PHRASE):
            end = self.lower.index(word, end) + len(word)
        return self.lower[self.start : end]

    @cached_property
    def weights(self) -> dict[str, float]:
        """How much each word that is denied tells."""
        return {each: weight(each) for each in self.after}

    @cached_property
    def weight(self) -> float:
        """How much all of them tell."""
        return sum(self.weights.values())

    @cached_property
    def first(self) -> int:
        """Where its clause begins, so far as that is looked at."""
        back = max(0, self.start - _BACK)
        cut = back and self.lower.find(" ", back, self.start) + 1
        first = max((match.end() for match in CLAUSE_END.finditer(self.lower, back, self.start)), default=cut)
        return self.start - len(self.lower[first : self.start].lstrip())

    @cached_property
    def before(self) -> tuple[str, ...]:
        """The roots of the words before the cue that tell, the nearest last."""
        found = words_in(self.lower, self.first, self.start)[-_WORDS_BACK:]
        return tuple(root(word) for word in found if tells(word))[-_BEFORE:]

    @cached_property
    def opens(self) -> bool:
        """Whether it begins its clause, so that the noun is the subject: "no bank"."""
        opens = _OPENS.search(self.lower, max(0, self.start - _SHORTLY), self.start) is not None
        return self.of_noun and (not self.before or opens)

    @cached_property
    def is_past(self) -> bool:
        """Whether it is of a time before the one that is told of: "had not"; "had no plan" is just the past of "has"."""
        if self.of_noun and self.lower.endswith("had ", 0, self.start):
            return False
        return _HAD.search(self.lower, max(0, self.start - _DENIED_AGAIN), self.end) is not None

    @cached_property
    def moods(self) -> frozenset[int]:
        """The moods of its clause."""
        return moods(self.lower[self.first : self.last])

    @cached_property
    def written(self) -> frozenset[str]:
        """The words of its clause as they are written, but for the cue."""
        return frozenset((*words_in(self.lower, self.first, self.start), *words_in(self.lower, self.end, self.last)))

    @cached_property
    def roots(self) -> frozenset[str]:
        """The roots of all words of its clause."""
        return frozenset(map(root, self.written))


def moods(clause: str) -> frozenset[int]:
    """The kinds of mood in a clause, as `MOODS` numbers them."""
    return frozenset(match.lastindex or 0 for match in MOODS.finditer(clause))


def read_denial(lower: str, cue: Cue) -> Denial | None:
    """What a cue denies, None where that is nothing."""
    written, start, end, *_ = cue
    stop = CLAUSE_END.search(lower, end, end + AHEAD)
    last = stop.start() if stop else _word_end(lower, end, end + AHEAD)
    told, noun = _told(lower, end, last)
    after = tuple(map(root, told))
    heads = after[: noun if written in OF_NOUNS else 1]
    return Denial(lower, written, start, end, last, stop.end() if stop else last, after, heads) if told else None


def _told(lower: str, start: int, end: int) -> tuple[list[str], int]:
    """What is denied, at most five words that tell, and how many of them are the noun (or participle) right after the cue."""
    comma = lower.find(", ", start, end)
    if comma >= 0 and not lower.startswith(_GOES_ON, comma + 2) and not _LISTED.match(lower, comma + 2, end):
        told, noun = _told(lower, start, comma)
        if told:
            return told, noun
    told, noun, whole = [], 0, True
    for word in words_in(lower, start, end)[:_WORDS_AHEAD]:
        if (word == "and" and len(told) > 1) or (not told and word in _OPENS_ANOTHER):
            break
        if not tells(word):
            whole = whole and (not told or word in _ARTICLES)
            continue
        noun += whole
        whole = whole and (bool(told) or not word.endswith("ing"))
        told.append(word)
        if len(told) == AFTER:
            break
    return told, noun


def _word_end(lower: str, start: int, end: int) -> int:
    return len(lower) if end >= len(lower) else max(start, lower.rfind(" ", start, end))


def _denied_again(lower: str, start: int, end: int) -> bool:
    """Whether another cue stands in what is denied, so that the two may undo each other."""
    comma = _COMMA.search(lower, start, end)
    return _CUE.search(lower, start, min(comma.start() if comma else end, start + _DENIED_AGAIN)) is not None


def weight(of: str) -> float:
    """How much a root in common tells: 1, or half for a word that stands in any article."""
    return 0.5 if of in LIGHT else 1.0


def is_plain(word: str) -> bool:
    """Whether a word is a plain negation."""
    return word in PLAIN or word.endswith("n't")

"""The words of a phrase, and how far a phrase goes that names who speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from agent.grounding.attribution.words import NO_PHRASE, ROLE_LINKS, ROLES, SAYS, TITLES
from agent.grounding.common import OPENERS

_TOKEN = re.compile(r"[^\W_](?:[\w&-]|[.'](?=\w)){0,40}(?:(?<=s)'(?=\s))?|[^\w\s]|\n")
_NO_PHRASE = NO_PHRASE | SAYS
_ROLE_OR_TITLE = ROLES | TITLES
_ENDS = frozenset(".!?:\n")
WINDOW = 170
"""No phrase is longer, in characters."""
_NO_SUBJECT = frozenset("than by to on in about against into over nor".split())


class Token(NamedTuple):
    """A word or mark at `start:end`, without its possessive; `word` in small letters; `opens`: a capital that a beginning may explain."""

    start: int
    end: int
    word: str
    capital: bool
    owns: bool
    opens: bool

    @property
    def is_word(self) -> bool:
        """Whether it is no mark."""
        return self.word[0].isalnum() or self.word == "&"


Phrase = Sequence[Token]


def word_from(text: str, start: int, end: int) -> int:
    """Where to begin to read, at the start of a word."""
    lo = end - WINDOW
    return start if lo <= start else text.find(" ", lo, end) + 1 or end


def tokens_of(text: str, start: int, end: int) -> list[Token]:
    """The words and marks of a slice; one that only begins a sentence counts as written small."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        at, stop = match.span()
        written = word = match.group()
        capital = owns = opens = False
        if not (written.islower() and written.isalpha()):
            owns = written.endswith(("'s", "s'"))
            stop = at + len(written.removesuffix("'s").rstrip("'"))
            word = written[: stop - at].replace(".", "").lower() or written
            capital = written[0].isupper()
            before = text[max(0, at - 3) : at].rstrip(" '\"")
            opens = capital and (not before or before[-1] in _ENDS)
            capital = capital and not (opens and word in OPENERS)
        if word in _ROLE_OR_TITLE and len(tokens) > 1 and tokens[-1].word == "and" and tokens[-2].word in ROLES:
            tokens.pop()  # founder and chief executive
        tokens.append(Token(at, stop, word, capital, owns, opens))
    return tokens


def back(tokens: Phrase) -> Phrase:
    """The phrase that the tokens end with; none where its name is no subject, or one of several."""
    first = len(tokens)
    while first and tokens[first - 1].is_word and (tokens[first - 1].capital or tokens[first - 1].word not in _NO_PHRASE):
        first -= 1
    stop = tokens[first - 1].word if first else ""
    if stop in _NO_SUBJECT or (stop in {"and", "or"} and first > 1 and tokens[first - 2].capital):
        return []
    return tokens[first:]


def ahead(tokens: Phrase) -> tuple[list[Token], Phrase]:
    """The phrase that the tokens begin with, and the rest."""
    phrase: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1 : index + 3]
        if token.word == "," and phrase and phrase[-1].word in ROLES and following and following[0].capital:
            continue
        ends = not token.capital and token.word in _NO_PHRASE
        if token.word in ROLE_LINKS and phrase and not any(each.capital for each in following):
            ends = True
        if ends or not token.is_word:
            return phrase, tokens[index:]
        phrase.append(token)
    return phrase, ()


def inserted_in(rest: Phrase) -> Phrase:
    """What stands behind a comma, up to the next mark."""
    return list(takewhile(lambda token: token.is_word, rest[1:])) if rest and rest[0].word == "," else []

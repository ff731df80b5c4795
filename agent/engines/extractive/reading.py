"""An article as the engine reads it: title and body in one string, cut into tokens and sentences once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, Literal, TypeVar

from agent.article import Article
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.terms import Hit, Terms, split
from agent.grounding.injection import injection_findings
from agent.sentences import sentence_spans

SENTENCE_WORDS = (5, 90)
"""Fewest and most words of a sentence that may stand in a summary or an analysis."""
SENTENCE_CHARS = 700

V = TypeVar("V")

Role = Literal["title", "prose", "boilerplate", "paywall", "orders"]
"""`orders`: of a paragraph that speaks to machines; nothing is taken from it."""

# Most words, which are quickest told by what follows them; U.S. and the like; numbers with their unit and per cent; all other words, with
# inner ampersands (S&P) and at most one apostrophe.
_TOKEN = re.compile(r"([A-Za-z][a-z]++(?=[ ,.])|[A-Za-z](?:\.[A-Za-z])+\b|\d+(?:[.,]\d+)*\w*%?|[^\W_]+(?:&[^\W_]+)*(?:['’][^\W_]+)?)")
_DATELINE = re.compile(r"(?:[A-Z][A-Z .'-]{2,30}|[A-Z][A-Za-z .'-]{2,30}\([A-Za-z ]{2,20}\))[A-Za-z0-9 ,.()/]{0,50}? ?[-–—] (?=[A-Z])")
_BULLET = re.compile(r"[-*•–] +")
_FULL = re.compile(r"[.!?…][\"'”’)\]]*$")
_PARAGRAPH = "\n\n"
_POSSESSIVES = ("'s", "’s")


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """A sentence: slice `start`:`end` of `Reading.text`, tokens `first` to `last` (exclusive)."""

    index: int
    start: int
    end: int
    first: int
    last: int
    role: Role

    @property
    def words(self) -> int:
        """How many tokens it has."""
        return self.last - self.first


class Reading:
    """Made once an article. `words[i]` is token i in lower case, without a possessive 's; `starts[i]`:`ends[i]` its slice of `text`.

    `capitals[i]` tells whether it begins with a capital letter, `gaps[i]` is what stands between it and the next one.
    `text` is the title, a blank line and the body; `shift` is where the body begins in it. `day` is when it was published, in UTC.
    """

    def __init__(self, article: Article) -> None:
        title = "" if article.text.startswith(article.title) else article.title
        self.body = article.text
        self.day = article.published_at.date() if article.published_at else None
        self.shift = len(title) + 2 if title else 0
        self.text = f"{title}\n\n{article.text}" if title else article.text
        gaps_and_tokens = _TOKEN.split(self.text)
        edges = list(accumulate(map(len, gaps_and_tokens)))
        self.starts = edges[:-1:2]
        self.ends = edges[1::2]
        self.gaps = gaps_and_tokens[2::2]
        tokens = gaps_and_tokens[1::2]
        distinct = frozenset(tokens)
        words = {token: _word(token) for token in distinct}
        capitals = {token for token in distinct if token[0].isupper()}
        self.words = [words[token] for token in tokens]
        self.capitals = [token in capitals for token in tokens]
        self.sentences = tuple(self._sentences(title, _orders(article)))
        self._bounds = [(sentence.first, sentence.last) for sentence in self.sentences]
        self._firsts = [first for first, _ in self._bounds]
        self._hits: dict[Terms[Any], dict[int, list[Hit[Any]]]] = {}

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Word -> the tokens that are it, in order."""
        found: dict[str, list[int]] = {word: [] for word in self.words}
        for token, word in enumerate(self.words):
            found[word].append(token)
        return found

    def tokens_of(self, words: frozenset[str]) -> list[int]:
        """The tokens that are one of `words`, in order. As quick for a whole lexicon as for a few words."""
        places = self.places
        return sorted([token for word in words.intersection(places) for token in places[word]])

    def hits(self, terms: Terms[V], sentence: Sentence) -> Sequence[Hit[V]]:
        """The terms in a sentence, in order; those of all sentences are found when the first one is asked for."""
        if terms not in self._hits:
            self._hits[terms] = terms.find_each(self.words, self.tokens_of(terms.firsts), self._bounds)
        return self._hits[terms].get(sentence.index, ())

    def surface(self, first: int, last: int) -> str:
        """The text of tokens `first` to `last` (exclusive), without a final possessive."""
        end = self.ends[last - 1]
        if "." in self.words[last - 1] and self.text[end : end + 1] == ".":
            end += 1  # U.S. keeps its last stop
        found = self.text[self.starts[first] : end]
        return found[:-2] if found.endswith(_POSSESSIVES) else found

    def possessive(self, token: int) -> bool:
        """Whether token `token` carries 's, or ' after a final s."""
        end = self.ends[token]
        return self.text[end - 2 : end] in _POSSESSIVES or (self.words[token].endswith("s") and self.text[end : end + 1] in {"'", "’"})

    def token_at(self, offset: int) -> int:
        """The first token that begins at `offset` of `text` or after it."""
        return bisect_left(self.starts, offset)

    def sentence_of(self, token: int) -> Sentence:
        """The sentence that holds token `token`."""
        return self.sentences[bisect_right(self._firsts, token) - 1]

    def quote(self, sentence: Sentence) -> str:
        """The sentence as the article has it."""
        return self.text[sentence.start : sentence.end]

    @cached_property
    def prose(self) -> tuple[Sentence, ...]:
        """The body's sentences that carry news."""
        return tuple(sentence for sentence in self.sentences if sentence.role == "prose")

    @cached_property
    def candidates(self) -> tuple[Sentence, ...]:
        """The sentences that may stand in a summary or an analysis: full ones, of ordinary length, with their quotation marks in pairs."""
        return tuple(sentence for sentence in self.prose if self._quotable(sentence))

    @property
    def paywalled(self) -> bool:
        """Whether some sentence asks the reader to subscribe or sign in."""
        return any(sentence.role == "paywall" for sentence in self.sentences)

    @property
    def lead(self) -> Sentence | None:
        """The first sentence fit for a summary."""
        return self.candidates[0] if self.candidates else None

    def _sentences(self, title: str, orders: Sequence[tuple[int, int]]) -> Iterator[Sentence]:
        spans = [(0, len(title))] if title else []
        for number, (start, end) in enumerate(sentence_spans(self.body)):
            begin = _past_bullet_and_dateline(self.body, start, end, first=number == 0)
            spans.append((begin + self.shift, end + self.shift))
        bounds = [(self.token_at(start), self.token_at(end)) for start, end in spans]
        furniture = _furniture().find_each(self.words, self.tokens_of(_furniture().firsts), bounds)
        for index, ((start, end), (first, last)) in enumerate(zip(spans, bounds, strict=True)):
            role: Role = "title" if title and index == 0 else "prose"
            if orders and any(start - self.shift < stop and begin < end - self.shift for begin, stop in orders):
                role = "orders"
            # Such lines are short; a long sentence that happens to hold "read more" is still news.
            elif role == "prose" and index in furniture and last - first < SENTENCE_WORDS[1]:
                role = furniture[index][0].value
            yield Sentence(index, start, end, first, last, role)

    def _quotable(self, sentence: Sentence) -> bool:
        least, most = SENTENCE_WORDS
        if not least <= sentence.words <= most or sentence.end - sentence.start > SENTENCE_CHARS:
            return False
        text = self.quote(sentence)
        return bool(_FULL.search(text[-6:])) and _paired(text) and not text[0].islower()


def _orders(article: Article) -> list[tuple[int, int]]:
    """The paragraphs of the body in which something is aimed at a machine, as slices of it; of a body that is one, the words alone."""
    text = article.text
    spans = set()
    for found in injection_findings(article):
        if found.where == "text" and found.start is not None and found.end is not None:
            begin, stop = text.rfind(_PARAGRAPH, 0, found.start), text.find(_PARAGRAPH, found.end)
            whole = begin < 0 and stop < 0
            spans.add((found.start, found.end) if whole else (max(begin, 0), stop if stop >= 0 else len(text)))
    return sorted(spans)


def _word(token: str) -> str:
    lower = token.lower().replace("’", "'")
    return lower.removesuffix("'s")


def _paired(text: str) -> bool:
    """Whether quotation marks and brackets come in pairs; half a quotation misleads."""
    return text.count('"') % 2 == 0 and text.count("“") == text.count("”") and text.count("(") == text.count(")")


def _past_bullet_and_dateline(body: str, start: int, end: int, *, first: bool) -> int:
    bullet = _BULLET.match(body, start, end)
    if bullet:
        start = bullet.end()
    dateline = _DATELINE.match(body, start, min(end, start + 120)) if first else None
    return dateline.end() if dateline else start


@lru_cache(maxsize=1)
def _furniture() -> Terms[Role]:
    words = read_lexicon("words")
    paywall: list[tuple[tuple[str, ...], Role]] = [(split(phrase), "paywall") for phrase in words["paywall"]]
    return Terms(paywall + [(split(phrase), "boilerplate") for phrase in words["boilerplate"]])

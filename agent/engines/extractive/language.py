"""Whether there is anything to draft from: English prose, enough of it, about money, and not behind a paywall."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Terms, phrases

MIN_WORDS = 25
STUB_WORDS = 60
"""A paywall line with fewer words than this beside it is a stub."""
MIN_ENGLISH = 0.18
"""Least share of function words. English news has 0.3 to 0.45; words shared with Dutch, French or Spanish stay under 0.14."""
MIN_DISTINCT = 4
MOST_FIGURES = 0.15
"""A text with more figures than this and few function words is a table, whatever its language."""
WEAK_WORDS = 2


def why_abstain(reading: Reading, *, market_names: int) -> str | None:
    """Why this article gets no card, in words for the user, or None.

    `market_names`: how many listed issuers, indices, commodities and currencies it names.
    """
    words = sum(sentence.words for sentence in reading.prose)
    if reading.paywalled and words < STUB_WORDS:
        return f"a paywall stub: the text asks the reader to subscribe or sign in and holds only {words} other words"
    unreadable = _why_foreign(reading, words)
    if unreadable:
        return unreadable
    if words < MIN_WORDS:
        return f"too little text: {words} words of prose, and it takes {MIN_WORDS}"
    if not reading.candidates:
        return "too little text: no full sentence of ordinary length"
    if not market_names and not _about_money(reading.words):
        return "no finance in it: no listed company, nothing that is traded, no financial term"
    return None


def _why_foreign(reading: Reading, words: int) -> str | None:
    only = "and the extractive engine reads English only"
    if not _latin(reading.body):
        return f"not English: most of its letters are of another script, {only}"
    share, distinct = english_share(reading.words)
    if words < MIN_WORDS or (share >= MIN_ENGLISH and distinct >= MIN_DISTINCT):
        return None
    figures = sum(word[0].isdigit() for word in reading.words) / len(reading.words)
    if figures > MOST_FIGURES:
        return f"too little prose: {figures:.0%} of its words are figures"
    return f"not English: {share:.0%} of its words are common English ones, {only}"


def english_share(words: list[str]) -> tuple[float, int]:
    """Share of English function words among the alphabetic ones (0..1), and how many different ones there are."""
    counts = Counter(words)
    letters = sum(count for word, count in counts.items() if word[:1].isalpha())
    found = [counts[word] for word in function_words().intersection(counts) if word[:1].isalpha()]
    return (sum(found) / letters if letters else 0.0), len(found)


def _latin(text: str) -> bool:
    if text.isascii():
        return True
    letters = {char for char in frozenset(text) if char.isalpha()}
    # Latin letters, with all their accents, end at U+024F; Latin Extended Additional holds Vietnamese and Welsh ones.
    foreign = {char for char in letters if not (char <= "\u024f" or "\u1e00" <= char <= "\u1eff")}
    if not foreign:
        return True
    counts = Counter(text)
    return sum([counts[char] for char in foreign]) < sum([counts[char] for char in letters]) / 2


def _about_money(words: list[str]) -> bool:
    weak = set()
    for hit in _finance_terms().find(words):
        if hit.value:
            return True
        weak.add(words[hit.first])
    return len(weak) >= WEAK_WORDS


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """The commonest words of English prose."""
    return frozenset(read_lexicon("words")["function_words"].split())


@lru_cache(maxsize=1)
def _finance_terms() -> Terms[bool]:
    """Financial terms; True for those of which one is enough."""
    words = read_lexicon("words")
    strong = [(phrase, True) for phrase in phrases(words["finance_strong"])]
    return Terms(strong + [(phrase, False) for phrase in phrases(words["finance_weak"])])

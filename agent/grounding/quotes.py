"""Where a quote stands in the article, or nowhere.

A quote is found when its folded form stands in the folded text as one piece: white space, dashes, quotation marks, ellipses and
invisible characters may differ, nothing else, so one other digit, name or a dropped "not" is another text. Three things are the
quoter's own and may differ at a quote's ends: quotation marks and ellipses put around it, its closing stop or comma, and the case
of its first letter, which a model raises to begin a sentence. A quote may not begin or end inside a word, a hyphenated word, a
number or a number's unit, nor right after a negation: that would change what the words say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agent.grounding.fold import DASHES, FoldedText, fold
from agent.sentences import Span

__all__ = ["FoldedText", "everywhere", "locate", "places", "stands", "too_short"]

MIN_WORDS = 2
MIN_CHARS = 8
"""Shorter quotes ("rose", "the 5%") stand in half of all articles; their place in this one proves nothing."""

_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]|\w+")
_OWN_ENDS = r"(?:'|\.\.\.| )"
_OWN_START = re.compile(rf"{_OWN_ENDS}+")
_UNIT = r"%|°| ?(?:percent|percentage|per cent|basis points?|bps|thousand|million|billion|trillion|mln|bln|mn|bn|tn)\b"
_CUTS_NUMBER = re.compile(rf"[.,']\d|{_UNIT}")
_CONTRACTION = re.compile(r"(?:t|s|re|ve|ll|d|m)\b")
_NEGATION = re.compile(r"(?<!\w)(?:not|never|no|cannot|without|neither|nor|[a-z]{2,6}n't) $", re.IGNORECASE)
_HYPHENS = "-\u2010\u2011"
_EM_DASHES = "\u2014\u2015\u2e3a\u2e3b"
_NUMBER_START = re.compile(r"[$€£¥₹]?\d")


def too_short(quote: str) -> bool:
    """Whether a quote is too little to be evidence: fewer than 2 words or 8 characters; a Chinese character counts as a word."""
    return _is_short(fold(quote).strip())


def _is_short(quote: str) -> bool:
    first, _, second = quote.partition(" ")
    if len(quote) >= MIN_CHARS and first[:1].isalnum() and second[:1].isalnum():
        return False
    words = _WORD.findall(quote)
    wide = sum(1 for word in words if word >= "\u2e80")
    return len(words) < MIN_WORDS or len(quote) + wide < MIN_CHARS


def locate(quote: str, folded: FoldedText) -> Span | None:
    """The first place of `quote` in `folded.text`, as a slice of it; None when it stands nowhere or is too short.

    The quote as it is comes first, then without its own ends, then with its first letter in the other case.
    Linear in the text's length.
    """
    quote = fold(quote).strip()
    return None if _is_short(quote) else _first(quote, folded)


def stands(quote: str, folded: FoldedText) -> bool:
    """Whether `quote` stands in `folded` by the same rules, however short it is; white space alone never does."""
    return _first(fold(quote), folded) is not None


def everywhere(quote: str, folded: FoldedText) -> Iterator[Span]:
    """Every place of `quote` by the same rules, however short it is, in the first of its wordings that stands anywhere."""
    for wording in _wordings(fold(quote)):
        found = places(wording, folded)
        if (first := next(found, None)) is not None:
            yield first
            yield from found
            return


def _first(quote: str, folded: FoldedText) -> Span | None:
    for wording in _wordings(quote):
        for span in places(wording, folded):
            return span
    return None


def places(folded_quote: str, folded: FoldedText) -> Iterator[Span]:
    """Every place where `folded_quote`, not empty, stands on its own in `folded`, in order, as slices of `folded.text`."""
    text = folded.folded
    at = text.find(folded_quote)
    while at >= 0:
        end = at + len(folded_quote)
        span = folded.span(at, end)
        if _begins_whole(folded, at, span.start) and _ends_whole(folded, end, span.end):
            yield span
            at = text.find(folded_quote, end)
            continue
        # Nothing that begins inside this word can stand on its own, so a run of letters is passed in one step.
        word = _WORD.match(text, at)
        at = text.find(folded_quote, max(word.end() if word else 0, at + 1))


def _wordings(quote: str) -> Iterator[str]:
    quote = quote.strip()
    start = _OWN_START.match(quote)
    bare = quote[start.end() :] if start else quote
    while bare.endswith(("'", "...", " ")):
        bare = bare.removesuffix("...").rstrip("' ")
    unstopped = bare[:-1].rstrip("' ") if bare.endswith((".", ",", ";", ":")) else bare
    for wording in dict.fromkeys((quote, bare, unstopped)):
        if wording:
            yield wording
            yield wording[0].swapcase() + wording[1:]


def _begins_whole(folded: FoldedText, at: int, start: int) -> bool:
    """Whether the place at folded offset `at`, offset `start` in the author's text, begins no later than its first word does."""
    text = folded.folded
    if at == 0:
        return True
    before, first = text[at - 1], text[at]
    if unicodedata.combining(first) or (_in_word(before) and _in_word(first)):
        return False
    if before == "-" and (start == 0 or _joined_by_dash(folded.text, start - 1, number=_NUMBER_START.match(text, at) is not None)):
        return False
    if before in ".,'" and first.isdecimal() and text[at - 2 : at - 1].isdecimal():
        return False
    if before == "'" and _in_word(text[at - 2 : at - 1]) and _CONTRACTION.match(text, at):
        return False
    return before != " " or _NEGATION.search(text, max(0, at - 12), at) is None


def _ends_whole(folded: FoldedText, at: int, end: int) -> bool:
    text = folded.folded
    if at == len(text):
        return True
    last, after = text[at - 1], text[at]
    if unicodedata.combining(after) or (_in_word(last) and _in_word(after)):
        return False
    if after == "-" and _in_word(last) and end < len(folded.text) and _joined_by_dash(folded.text, end, number=last.isdecimal()):
        return False
    if last.isdecimal() and _CUTS_NUMBER.match(text, at):
        return False
    return not (after == "'" and _in_word(last) and text[at + 1 : at + 2] == "t" and not _in_word(text[at + 2 : at + 3]))


def _in_word(char: str) -> bool:
    """Whether `char` is part of a word in a script that parts words by spaces; where there are none, a quote may begin anywhere."""
    return (char.isalnum() or char == "_") and (char < "\u0e00" or "\u1e00" <= char <= "\u1fff")


def _joined_by_dash(text: str, at: int, *, number: bool) -> bool:
    """Whether the dash at `at` makes one word, one number or one range of what stands on both sides of it."""
    dash = text[at]
    if number and dash in DASHES and dash not in _EM_DASHES:
        return True
    return dash in _HYPHENS and _in_word(text[at - 1 : at]) and _in_word(text[at + 1 : at + 2])

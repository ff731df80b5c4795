"""Where sentences begin and end, as offsets. English conventions; other languages are cut at their full stops."""

from __future__ import annotations

import re
from typing import NamedTuple

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen lt col sgt capt rev hon st jr sr inc corp co ltd llc plc cos bros dept est fig vs etc al "
    "ave blvd jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun approx u.s u.k e.u u.n d.c a.m p.m i.e "
    "e.g n.v s.a a.g".split()
)
_NEVER_LAST = frozenset("mr mrs ms dr prof sen rep gov gen lt col sgt capt rev hon st vs fig i.e e.g".split())
# One candidate per stop; what follows is looked at by hand, so nothing here can backtrack. A run of stops is tried from its
# first one only: a thousand of them without a space after would be gone through a thousand times.
# What a stop begins with comes first: the engine skips all other characters much faster.
_STOP = re.compile(
    r"[.!?。！？…\n](?:(?<=[.!?。！？…])(?<![.!?。！？…].)[.!?。！？…]*+[\"'”’)\]»]*+(?=\s|$)"
    r"|(?<=[。！？])|(?<=\n)(?:[ \t]*\n\s*|(?=[-*•–] )))"
)
_INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")
_FIRST_WORD = re.compile(r"[\"'“‘(]*([A-Za-z]+)")
_LAST_WORD = re.compile(r"[\w.&'’-]+$")


class Span(NamedTuple):
    """Python slice of a text: `start` inclusive, `end` exclusive."""

    start: int
    end: int


def sentence_spans(text: str) -> list[Span]:
    """The sentences of `text`, in order, without the white space around them. Paragraph breaks always end one."""
    spans: list[Span] = []
    start = 0
    for stop in _STOP.finditer(text):
        if not text[stop.start()].isspace() and not _ends_sentence(text, start, stop):
            continue
        _append(spans, text, start, stop.end())
        start = stop.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append(Span(start, end))


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    after = text[stop.end() : stop.end() + 40].lstrip(" \t\u00a0\u202f")
    if stop.group()[0] in "。！？":
        return True
    if after and after[0].islower():
        return False
    if not stop.group().startswith(".") or stop.group().startswith(".."):
        return True
    # 40 characters hold any abbreviation; looking further back would be quadratic on text without spaces.
    before = max(start, stop.start() - 40)
    word = text[max(before, text.rfind(" ", before, stop.start()) + 1) : stop.start()].lower()
    if not word.isalnum():
        last = _LAST_WORD.search(text, before, stop.start())
        word = last.group().lower().strip("'’-&") if last else ""
    if word in _NEVER_LAST or (word == "no" and after[:1].isdigit()):
        return False
    initial = len(word) == 1 and word.isalpha() and text[stop.start() - 1].isupper()
    if initial or word in _ABBREVIATIONS or _INITIALS.fullmatch(word):
        return not after or after[0] == "\n" or _starts_like_sentence(after)
    return True


_STARTERS = frozenset(
    "the a an it he she they we i this that these those but and in on at for as its their his her there when while after then later "
    "now so if however still also most many some all one".split()
)


def _starts_like_sentence(after: str) -> bool:
    first = _FIRST_WORD.match(after)
    return first is not None and first.group(1).lower() in _STARTERS

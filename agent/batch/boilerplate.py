"""An article without what each publisher puts around it: datelines, bylines, credits, footers. Two that are equal then tell one story."""

from __future__ import annotations

import hashlib
import re
import string
from dataclasses import dataclass

from agent.article import Article

MIN_CORE_WORDS = 40
"""A shorter text can be the same for different news ("Trading was halted."), so there the title counts too."""
_HEAD_LINES = 3
_TAIL_LINES = 12

_DAY = r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?"
_DATELINE = re.compile(
    rf"(?:[A-Z][A-Z.'’ -]{{2,40}}(?:, [A-Z][A-Za-z. ]{{1,20}})?(?:, {_DAY})?|{_DAY})? ?(?:\([A-Z][\w .&-]{{1,30}}\) ?)?[-–—]{{1,2}} "
)
_HEAD = re.compile(
    r"(?:by [^.!?]{3,80}|(?:updated|published|posted|last updated|first published)\b.{0,60}|\(?source: .{2,60}"
    r"|\([\w .&-]{2,30}\)|[a-z]{3,9}\.? \d{1,2},? (?:\d{4})?.{0,40}|\d+ min(?:ute)? read)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[(\[]?(?:additional |further )?(?:reporting|editing|writing|compiled|translated|contributed|graphic) (?:by|and) .*"
    r"|(?:[(\[]?(?:©|\(c\)|copyright)).*|.*\ball rights reserved\b.*"
    r"|(?:click here|read more|see also|related|follow us|subscribe|sign up|for more information|share this|contact us|download)\b.*"
    r"|(?:this (?:story|article|report|content)) (?:was|is|has been|originally|first) .*"
    r"|(?:disclaimer|disclosure|photo|image|picture|source|via|originally published|view source version)\b.{0,300}"
    r"|(?:the )?[\w .&-]{2,40} contributed to this (?:report|story|article).*"
    r"|\W*(?:https?://|www\.)\S+\W*|[-–—_*=#•. ]{1,40})",
    re.IGNORECASE,
)
_TYPOGRAPHIC = "“”‘’„«»–—…•"
_FOLDED = bytes.maketrans(
    (string.ascii_uppercase + string.punctuation).encode(), (string.ascii_lowercase + " " * len(string.punctuation)).encode()
)


@dataclass(frozen=True, slots=True)
class Core:
    """The words of an article's story in UTF-8, folded, single spaces between them. `story_id` is 20 hex digits of their digest."""

    words: bytes
    story_id: str


def core_of(article: Article) -> Core:
    """What is left of `article` without boilerplate. Copies that differ only there, in case or in punctuation have one `story_id`."""
    words = _folded(_inner(article.text))
    if words.count(b" ") < MIN_CORE_WORDS:
        words = _folded(article.title) + b" | " + words
    return Core(words, hashlib.sha256(words).hexdigest()[:20])


def _folded(text: str) -> bytes:
    """Lower case, no punctuation, single spaces. Bytes, because this runs for every article and folding them takes a third of the time."""
    if not text.isascii():
        text = text.casefold()
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
    return b" ".join(text.encode().translate(_FOLDED).split())


def _inner(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    first = 0
    while first < min(_HEAD_LINES, len(lines) - 1) and _HEAD.fullmatch(lines[first]):
        first += 1
    last = len(lines)
    while last > max(first + 1, len(lines) - _TAIL_LINES) and _TAIL.fullmatch(lines[last - 1]):
        last -= 1
    body = lines[first:last]
    if body:
        body[0] = _DATELINE.sub("", body[0], count=1) if _DATELINE.match(body[0]) else body[0]
    return "\n".join(body)

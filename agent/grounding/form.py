"""The prose's form: lengths, one paragraph, plain words without links, markup or lists.

The prompt asks for a summary of 2 or 3 sentences and 40 to 100 words and an analysis of 140 to 260 words. An article of fewer
than 200 words may have shorter ones, in proportion. What misses a bound by no more than 15%, or by one sentence, is let be: it
isn't worth another call. Everything beyond is a finding and goes into the re-ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.card import Finding
from agent.draft import Draft
from agent.sentences import sentence_spans

SLACK_PERCENT = 15
FULL_LENGTH_FROM_WORDS = 200
MAX_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many words a field should have, both ends included."""

    least: int
    most: int


SUMMARY = Bounds(40, 100)
ANALYSIS = Bounds(140, 260)

# Each pattern begins with a literal and has bounded repeats, so hostile text costs no more than its length.
_MARKUP = {
    "a web address": re.compile(
        r"(?:https?|ftp)://\S|\bwww\.[\w-]|\bmailto:|\b[\w-]{1,63}\.(?:com|net|org|io|co|info|biz)/", re.IGNORECASE
    ),
    "an HTML tag": re.compile(r"<(?:/?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,200})?/?>|!--)", re.IGNORECASE),
    "a code fence": re.compile(r"```|~~~"),
    "markdown": re.compile(r"\]\(|\*\*\S|__\w[^_]{0,80}__|(?:^|\s)#{1,6}\s\w|\|\s?:?-{3}"),
    "a list": re.compile(r"(?:^\s*|[.:;]\s+)(?:[-*+]\s|\d{1,2}\)\s)|[•▪◦‣●]\s"),
    "a character without a glyph": re.compile(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\u2066-\u2069\u202a-\u202e\ufeff\U000e0000-\U000e007f]"
    ),
}

# Nearly all prose is made of these alone, which takes one pass to see.
_PLAIN = re.compile(r"(?!-)[\w .,;:!?'\"“”‘’%$€£&—–…-]*+")
_NOT_PLAIN = (" - ", "__", "www.", "mailto:")
_PLAIN_ASCII = bytes(code for code in range(128) if chr(code).isalnum() or chr(code) in "_ .,;:!?'\"%$&-\n")
_MAY_END_SENTENCE = (". ", "! ", "? ", '" ', "' ", ") ", "] ")


def form_findings(draft: Draft, article_words: int) -> list[Finding]:
    """What is wrong with the form of a draft's prose, in the draft's order; `article_words` is the length of the article's text."""
    return [
        *_markup(draft),
        *_length("summary", draft.summary, _scaled(SUMMARY, article_words)),
        *_sentences(draft.summary),
        *_length("analysis", draft.analysis, _scaled(ANALYSIS, article_words)),
    ]


def _scaled(bounds: Bounds, article_words: int) -> Bounds:
    if article_words >= FULL_LENGTH_FROM_WORDS:
        return bounds
    return Bounds(max(1, bounds.least * article_words // FULL_LENGTH_FROM_WORDS), bounds.most)


def _length(where: str, prose: str, bounds: Bounds) -> Iterator[Finding]:
    words = len(prose.split())
    if not words:
        yield Finding(where=where, claim="0 words", reason="it is empty")
    elif 100 * words < bounds.least * (100 - SLACK_PERCENT) or 100 * words > bounds.most * (100 + SLACK_PERCENT):
        yield Finding(where=where, claim=f"{words} words", reason=f"write {bounds.least} to {bounds.most} words")


def _sentences(summary: str) -> Iterator[Finding]:
    # Most summaries have few places where a sentence can end.
    if summary.isascii() and summary.isprintable() and sum(map(summary.count, _MAY_END_SENTENCE)) <= MAX_SENTENCES:
        return
    count = len(sentence_spans(summary))
    if count > MAX_SENTENCES + 1:
        yield Finding(where="summary", claim=f"{count} sentences", reason=f"write 2 or {MAX_SENTENCES} sentences")


def _markup(draft: Draft) -> Iterator[Finding]:
    """One finding a kind and field: whoever reads it looks at the whole field anyway."""
    fields = list(prose_fields(draft))
    if _is_plain("\n".join([prose for _, prose in fields]), len(fields)):
        return
    for where, prose in fields:
        if _PLAIN.fullmatch(prose) is not None and not any(sign in prose for sign in _NOT_PLAIN):
            continue
        for what, pattern in _MARKUP.items():
            if (found := pattern.search(prose)) is not None:
                yield Finding(
                    where=where,
                    claim=found.group().strip() if found.group().isprintable() else f"U+{ord(found.group()[0]):04X}",
                    reason=f"{what} has no place in plain prose",
                    start=found.start(),
                    end=found.end(),
                )


def _is_plain(lines: str, count: int) -> bool:
    """Whether all of so many fields, joined by line ends, are plain; seen at once where they are ASCII."""
    if not lines.isascii() or lines.encode("ascii").translate(None, _PLAIN_ASCII):
        return False
    starts_plainly = not lines.startswith("-") and "\n-" not in lines
    return starts_plainly and lines.count("\n") == count - 1 and not any(sign in lines for sign in _NOT_PLAIN)


def prose_fields(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every field of a draft that a reader sees as the model wrote it: its path in the draft and its text."""
    for index, entity in enumerate(draft.entities):
        yield f"entities[{index}].reason", entity.reason
    for name, rating in draft.impact:
        yield f"impact.{name}.reason", rating.reason
    yield "overall.reason", draft.overall.reason
    yield "summary", draft.summary
    yield "analysis", draft.analysis

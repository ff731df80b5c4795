"""Quotation marks in the prose: what stands between them are the article's words.

A passage of two words or more stands in the article as one piece, by the rules for evidence (agent.grounding.quotes); a single word
occurs there. The negation before a quotation counts as part of it: not "significant" for "isn't significant".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.card import Finding
from agent.grounding.fold import FoldedText
from agent.grounding.quotes import stands

NOT_SAID = "not in the article word for word; quote its words exactly, or tell it without quotation marks"

# Each kind of mark closes with its own. A ’ or a ' between letters, or after the s of a plural, is an apostrophe more often than not,
# so a single mark opens before a word and after none, and of its possible ends the article's words decide.
_DOUBLE = re.compile(
    r"“([^“”]*+)[”\"]|„([^„“”\"]*+)[“”\"]|«([^«»]*+)»|»([^«»]*+)«"
    r"|\"(?<!\w\")(?!\s)([^\"“”]*+)(?<!\s)[\"”]|「([^「」]*+)」|『([^『』]*+)』"
)
_OPENING = re.compile(r"[‘'‚](?<![^\s(\[“\"„«—–-].)(?=[^\W\d_]|[$€£]?\d)")
_CLOSING = re.compile(r"[’'‘](?<=\S.)(?!\w)")
_FARTHEST = 300
_MOST_ENDS = 4
_NEGATION = re.compile(r"(?:\b(?:not|never|no|without|cannot)|n['’]t)\s$", re.IGNORECASE)
_NEGATIONS = (
    *("not", "never", "no", "without", "cannot"),
    *(f"{verb}n't" for verb in "is are was were do does did wo would ca could has have had".split()),
)


def quotation_findings(where: str, prose: str, sources: tuple[FoldedText, ...]) -> tuple[int, list[Finding]]:
    """How many quotations `prose` holds, and those that stand in none of `sources`, with their places in `prose`, marks left out."""
    count, findings = 0, []
    for start, ends in _quotations(prose):
        count += 1
        if not any(_is_said(prose, start, end, sources) for end in ends):
            end = ends[0]
            findings.append(Finding(where=where, claim=prose[start:end], reason=NOT_SAID, start=start, end=end))
    return count, findings


def stated_quotations(prose: str) -> list[tuple[int, int]]:
    """Where `prose` quotes, marks left out; each as short as it may be."""
    return sorted((start, ends[0]) for start, ends in _quotations(prose))


def _quotations(prose: str) -> Iterator[tuple[int, list[int]]]:
    """Where each quotation begins, and where it may end."""
    doubles = [match.span(match.lastindex or 0) for match in _DOUBLE.finditer(prose)]
    for start, end in doubles:
        if prose[start:end].strip():
            yield start, [end]
    after = 0
    for match in _OPENING.finditer(prose):
        start = match.end()
        if start <= after or any(begin <= start <= end for begin, end in doubles):
            continue
        ends = [closing.start() for closing in _CLOSING.finditer(prose, start, start + _FARTHEST)][:_MOST_ENDS]
        if ends:
            after = ends[0]
            yield start, ends


def _is_said(prose: str, start: int, end: int, sources: tuple[FoldedText, ...]) -> bool:
    quotation = prose[start:end]
    if any(stands(quotation, source) for source in sources):
        return True
    # The prose denies it before the mark; the article may deny it in another form.
    if _NEGATION.search(prose, max(0, start - 10), start - 1) is None:
        return False
    return any(stands(f"{negation} {quotation}", source) for negation in _NEGATIONS for source in sources)

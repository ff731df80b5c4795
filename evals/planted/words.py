"""Faults of a word: a direction turned round, a negation dropped."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.planted.pairs import Pair
from evals.planted.plant import Edit, Plant, in_text, prose, shuffled, told_sentences

_OPPOSITES = (
    ("rose", "fell"),
    ("gained", "lost"),
    ("climbed", "slid"),
    ("jumped", "plunged"),
    ("grew", "shrank"),
    ("soared", "tumbled"),
    ("swelled", "shrank"),
    ("increased", "decreased"),
    ("widened", "narrowed"),
    ("doubled", "halved"),
    ("beat", "missed"),
    ("exceeded", "missed"),
    ("higher", "lower"),
    ("above", "below"),
    ("up", "down"),
    ("an upward", "a downward"),
    ("stronger", "weaker"),
    ("better", "worse"),
    ("raised", "cut"),
    ("ahead of", "short of"),
)
_ONE_WAY = {
    "dropped": "rose",
    "slipped": "climbed",
    "declined": "increased",
    "lowered": "raised",
    "eased": "rose",
    "ease": "rise",
    "shrink": "grow",
    "grow": "shrink",
    "jump": "plunge",
    "sank": "rose",
}
_TURNED = {old: new for new, old in reversed(_OPPOSITES)} | dict(reversed(_OPPOSITES)) | _ONE_WAY
_AFTER_HAVE = {"rose": "risen", "fell": "fallen", "grew": "grown", "shrank": "shrunk"}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b")
# These say a direction only in such company: "cut" is also a noun, "lost patients" isn't a fall, "above all" isn't a level.
_ONLY_BEFORE = {
    "up": r" (?:by |about |more than |almost |from )*[$€£]?\d",
    "down": r" (?:by |about |more than |almost |from )*[$€£]?\d",
    "above": r" (?:[$€£]?\d|(?:the|an|their|its|analysts'|average|Wednesday's|insured|what|expectations|estimates) ?)",
    "below": r" (?:[$€£]?\d|(?:the|an|their|its|analysts'|average|Wednesday's|insured|what|expectations|estimates) ?)",
    "gained": r" (?:by |about |more than |almost |around |as )*[$€£]?(?:\d|much|a )",
    "lost": r" (?:by |about |more than |almost |around )*[$€£]?(?:\d|a fifth)",
    "cut": r" (?:its|the|his|their|IFRS) ",
    "raised": r" (?:its|the|his|their) ",
    "lowered": r" (?:its|the|his|their) ",
    "beat": r" (?:\w+[- ]){0,2}(?:expectations|estimates|forecasts|its)",
    "missed": r" (?:\w+[- ]){0,2}(?:expectations|estimates|forecasts|its)",
    "better": r" than",
    "ahead of": r" (?:what|the|its|estimates|expectations)",
    "short of": r" (?:what|the|its|estimates|expectations)",
    "grow": r" by",
    "shrank": r" (?:by |at |to |about )?[a-z]* ?(?:\d|home)",
    "declined": r" (?!to )",
}
_NOUN = re.compile(r"(?:'s|\b(?:the|a|an|no|this|that|last|first|second|fifth)) $")
_CLAUSE_END = re.compile(r"[.;:](?:\s|$)")
_CLAUSE_CHARS = 40

_HELPING_VERB = re.compile(
    r"\b(?:will|would|has|have|had|is|are|was|were|can|could|should)(?= [a-z]{2,} )(?! (?:not|no|never|been|only|also|still)\b)"
)
_NEGATED = 12
_NEGATIONS = (
    (re.compile(r"(?<=\w) not (?!only\b|least\b|yet clear\b)"), " "),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"(?<=[a-z])n['’]t\b"), ""),
    (re.compile(r"\bnever (?!mind)"), ""),
    (re.compile(r"\bno (?=[a-z])(?!longer|more than|less than|doubt)"), ""),
    (re.compile(r"\bnone of\b"), "some of"),
    (re.compile(r"\bwithout\b"), "with"),
)


def direction_flips(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """What rose fell, what beat missed, what was raised was cut. The place is the clause: a check may point at its figure."""
    found = [
        (where, text, match)
        for where, text in prose(pair)
        for start, end in told_sentences(text)
        for match in _WORD.finditer(text, start, end)
        if re.match(_ONLY_BEFORE.get(match.group(), ""), text[match.end() :])
    ]
    for where, text, match in shuffled(found, rng):
        old, new = match.group(), _TURNED[match.group()]
        before, after = text[: match.start()], text[match.end() :]
        if re.search(r"\b(?:has|have|had|having) $", before):
            new = _AFTER_HAVE.get(new, new)
        if (old == "doubled" and "more than" in before[-12:]) or (old == "up" and after.startswith(" front")):
            continue
        if old == "cut" and _NOUN.search(before):
            continue
        edit = Edit(where, old, new, match.start(), match.end())
        yield in_text("direction flip", f"{old} to {new}", pair, edit, reach=_clause(before, after))


def _clause(before: str, after: str) -> tuple[int, int]:
    """How far the clause goes to both sides, at most so many characters: the figure that has the direction stands there."""
    start = max((match.end() for match in _CLAUSE_END.finditer(before)), default=0)
    end = _CLAUSE_END.search(after)
    return min(_CLAUSE_CHARS, len(before) - start), min(_CLAUSE_CHARS, end.start() if end else len(after))


def dropped_nots(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """The prose says that something is or was done which the article says isn't or wasn't."""
    found = [
        (where, match, new)
        for where, text in prose(pair)
        for start, end in told_sentences(text)
        for match, new in negations(text, start, end)
    ]
    for where, match, new in shuffled(found, rng):
        yield in_text("dropped not, prose", match.group().strip(), pair, Edit(where, match.group(), new, *match.span()), reach=(12, 12))


def dropped_nots_in_quotes(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """A quote in evidence loses its negation."""
    found = [
        (f"entities[{index}].quotes[{number}]", match, new)
        for index, entity in enumerate(pair.draft.entities)
        for number, quote in enumerate(entity.quotes)
        for match, new in negations(quote, 0, len(quote))
    ]
    for where, match, new in shuffled(found, rng):
        yield in_text("dropped not, evidence", match.group().strip(), pair, Edit(where, match.group(), new, *match.span()), reach=(12, 12))


def added_nots(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """The prose says that something isn't or wasn't done which the article says is or was."""
    found = [
        (where, match)
        for where, text in prose(pair)
        for start, end in told_sentences(text)
        for match in _HELPING_VERB.finditer(text, start, end)
        if not any(match.start() < place.start() < match.end() + _NEGATED for place, _ in negations(text, start, end))
    ]
    for where, match in shuffled(found, rng):
        edit = Edit(where, "", " not", match.end(), match.end())
        yield in_text("added not, prose", match.group(), pair, edit, reach=(12, 12))


def negations(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], str]]:
    """The negations in `text[start:end]`, each once, and what stands there when it is dropped."""
    taken: list[tuple[int, int]] = []
    for pattern, new in _NEGATIONS:
        for match in pattern.finditer(text, start, end):
            if not any(match.start() < right and left < match.end() for left, right in taken):
                taken.append(match.span())
                yield match, new

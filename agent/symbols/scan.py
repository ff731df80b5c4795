"""Finds names and symbols of issuers in a text, in one pass over its words.

Places are (start, end, row): a Python slice of the text and a row of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from agent.symbols.context import Hit, Surroundings
from agent.symbols.forms import CONNECTORS, NOBODY, Form, FormIndex, Strength
from agent.symbols.lexicon import Lexicon
from agent.symbols.names import symbol_key, tokens
from agent.symbols.words import INVISIBLE, Wording, Words

Place = tuple[int, int, int]
Forms = Mapping[str, list[Form]]

_EXCHANGE = (
    r"(?:(?<=N)YSE(?:\s?(?:American|Arca|MKT))?|(?<=[Nn])(?i:asdaq)(?:GS|GM|CM)?|(?<=A)MEX|(?<=C)BOE"
    r"|(?<=O)TC(?:QX|QB|MKTS|\s?Markets|\s?Pink)?)"
)
"""Behind its first letter."""
# What they begin with comes first: the engine skips all other characters much faster.
_BY_EXCHANGE = re.compile(rf"[NnACO](?<!\w.){_EXCHANGE}\s?:\s?\$?([A-Z]{{1,5}}(?:[.\-/][A-Z]{{1,2}})?)\b(?![\w{INVISIBLE}])")
_BY_DOLLAR = re.compile(rf"\$(?<![\w$.]\$)([A-Z]{{1,5}}(?:[.\-][A-Z])?)(?![\w$%{INVISIBLE}])")
_BY_CODE = re.compile(r"[(<\[]([A-Z]{1,5}[a-z]?)\.(?:OQ|O|N|A|K|P|PK)[)>\]]")
_CURRENCIES = frozenset("USD CAD AUD NZD HKD SGD US CA AU HK NZ SG TWD A C B M T K BN MM MN NT R".split())

_JOINTS = frozenset((" and ", " or ", ", and ", ", or "))
_GAPS = frozenset((" ", "-", "*", "\u2011", "\u2010", "\u00a0", "\u202f", "\n", ". ", ", ", ".", "/", "  "))


def find_mentions(text: str, forms: Forms, by_symbol: Mapping[str, int | None], lexicon: Lexicon) -> list[Place]:
    """The places, in order, none overlapping another."""
    words = Words(text)
    places = list(_symbols(text, by_symbol))
    certain = {row for _, _, row in places}
    hits = [hit for hit in _hits(words, forms) if hit.form.row != NOBODY]
    around = Surroundings(text, words, lexicon, by_symbol)
    certain |= {hit.form.row for hit in hits if around.proves(hit)}
    certain |= {hit.form.row for hit in _listed_beside(around, hits, certain)}
    sure = (hit for hit in hits if hit.form.row in certain and not around.is_person(hit))
    places += [(words.starts[hit.first], around.full_end(hit), hit.form.row) for hit in sure]
    return _without_overlap(places)


def _listed_beside(around: Surroundings, hits: list[Hit], certain: set[int]) -> Iterable[Hit]:
    """Ordinary words in a row of names: "Walmart, Target and Costco", "Delta or United Airlines". A comma counts only before them."""
    for before, after in pairwise(hits):
        between = around.text[before.end : around.words.starts[after.first]]
        if before.form.row in certain and around.may_be_listed(after) and between in _JOINTS | {", "}:
            yield after
        if after.form.row in certain and around.may_be_listed(before) and between in _JOINTS:
            yield before


def mentions_any(wording: Wording, names: Sequence[str]) -> bool:
    """Whether a text has one of `names` on word boundaries, written large."""
    forms: FormIndex = {}
    for name in names:
        words = tokens(name)
        if words:
            forms.setdefault(words[0], []).append(Form(words, 0, Strength.NAME))
    # Most names stand where their first word does; all words of the text are only split when none is found there.
    near = (stretch for first in forms for stretch in wording.around(first, max(map(len, names))))
    return any(_has_hit(stretch, forms) for stretch in near) or _has_hit(wording, forms)


def _has_hit(wording: Wording, forms: Forms) -> bool:
    return any(True for _ in _hits(wording.words, forms))


def _hits(words: Words, forms: Forms) -> Iterable[Hit]:
    free = 0
    for index in words.large:
        candidates = _beginning(words, index, forms) if index >= free else ()
        hit = _longest(words, index, candidates) if candidates else None
        if hit:
            yield hit
            free = hit.last + 1


def _beginning(words: Words, index: int, forms: Forms) -> Sequence[Form]:
    """The forms whose first word stands there; one in the possessive is no beginning of a longer name."""
    found = forms.get(words.keys[index], ())
    bare = words.bare(index)
    return found if bare == words.keys[index] else [*found, *(form for form in forms.get(bare, ()) if len(form.words) == 1)]


def _longest(words: Words, index: int, candidates: Sequence[Form]) -> Hit | None:
    follow = (words.keys[index + 1], words.bare(index + 1)) if index + 1 < len(words) else ()
    for form in candidates:
        # The second word settles most of those that begin with "American" or "First".
        if len(form.words) > 1 and form.words[1] not in follow:
            continue
        last = index + len(form.words) - 1
        if last < len(words) and _fits(words, index, form):
            end = words[last].end if words.keys[last] == form.words[-1] else words[last].bare_end
            return Hit(form, index, last, end)
    return None


def _fits(words: Words, index: int, form: Form) -> bool:
    if form.shouted and not words.raws[index].split("'")[0].split("’")[0].isupper():
        return False
    final = len(form.words) - 1
    for offset, wanted in enumerate(form.words):
        at = index + offset
        if words.keys[at] != wanted and not (offset == final and words.bare(at) == wanted):
            return False
        if words.raws[at].islower() and not (wanted in CONNECTORS or form.row == NOBODY):
            return False
        if offset and words.gap(at) not in _GAPS and "&" not in words.raws[at - 1 : at + 1]:
            return False
    # Snap-on, but not "shares of Snap on Monday".
    return final == 0 or form.words[-1] not in CONNECTORS or not words.raws[index + final].islower() or words.gap(index + final)[-1:] == "-"


def _symbols(text: str, by_symbol: Mapping[str, int | None]) -> Iterable[Place]:
    for pattern in (_BY_EXCHANGE, _BY_DOLLAR, _BY_CODE):
        for match in pattern.finditer(text):
            written = match.group(1)
            if pattern is _BY_DOLLAR and written in _CURRENCIES:
                continue
            if pattern is _BY_CODE and written[-1].islower():
                written = f"{written[:-1]}.{written[-1].upper()}"
            row = by_symbol.get(symbol_key(written) or "")
            if row is not None:
                yield match.start(1), match.end(1), row


def _without_overlap(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in sorted(places, key=lambda p: (p[0], -p[1])):
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept

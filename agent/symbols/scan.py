"""Finds names and symbols of issuers in a text, in one pass over its words.

A word is a run of letters and digits together with any invisible or combining character in it, so that "Meta" with a
zero-width space inside is one word, and no name. Places are (start, end, row): a Python slice of the text and a row of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.symbols.forms import CONNECTORS, LARGE, NOBODY, Form, FormIndex, Strength
from agent.symbols.lexicon import Lexicon
from agent.symbols.names import LEGAL_FORMS, fold, symbol_key, tokens

Place = tuple[int, int, int]

_INVISIBLE = "\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_WORD = re.compile(rf"&|[\w{_INVISIBLE}]+(?:['’][\w{_INVISIBLE}]+)?")
_EXCHANGE = r"(?:NYSE(?:\s?(?:American|Arca|MKT))?|(?i:nasdaq)(?:GS|GM|CM)?|AMEX|CBOE|OTC(?:QX|QB|MKTS|\s?Markets|\s?Pink)?)"
_BY_EXCHANGE = re.compile(rf"\b{_EXCHANGE}\s?:\s?\$?([A-Z]{{1,5}}(?:[.\-/][A-Z]{{1,2}})?)\b(?![\w{_INVISIBLE}])")
_BY_DOLLAR = re.compile(rf"(?<![\w$.])\$([A-Z]{{1,5}}(?:[.\-][A-Z])?)(?![\w$%{_INVISIBLE}])")
_BY_CODE = re.compile(r"[(<\[]([A-Z]{1,5}[a-z]?)\.(?:OQ|O|N|A|K|P|PK)[)>\]]")
_IN_BRACKETS = re.compile(r"\s?[(\[]\s?([A-Z]{1,5}(?:[.\-/][A-Z])?)\s?[)\],;]")
_CURRENCIES = frozenset("USD CAD AUD NZD HKD SGD US CA AU HK NZ SG TWD A C B M T K BN MM MN NT R".split())

_GAPS = frozenset((" ", "-", "\u2011", "\u2010", "\u00a0", "\u202f", "\n", ". ", ", ", ".", "/", "  "))
_INITIAL_GAPS = frozenset((".", ". ", " ", ".\u00a0", ""))


class Word(NamedTuple):
    """A word of the text. `key`: folded, with a possessive's s ("mcdonalds"); `bare`: without it. Empty keys match nothing."""

    start: int
    end: int
    key: str
    bare: str
    bare_end: int
    raw: str

    @property
    def large(self) -> bool:
        """Whether it is written as part of a name: a capital or a digit in it."""
        return not self.raw.islower()


class Hit(NamedTuple):
    """A form found at words `first`..`last` (inclusive)."""

    form: Form
    first: int
    last: int
    end: int


def find_mentions(text: str, forms: FormIndex, by_symbol: Mapping[str, int], lexicon: Lexicon) -> list[Place]:
    """The places, in order, none overlapping another."""
    words = split_words(text)
    places = list(_symbols(text, by_symbol))
    certain = {row for _, _, row in places}
    hits = [hit for hit in _hits(text, words, forms) if hit.form.row != NOBODY]
    small = {word.key for word in words if word.raw.islower()}
    view = _View(text, words, small, lexicon, by_symbol)
    certain |= {hit.form.row for hit in hits if view.proves(hit)}
    sure = (hit for hit in hits if hit.form.row in certain and not view.is_person(hit))
    places += [(words[hit.first].start, view.full_end(hit), hit.form.row) for hit in sure]
    return _without_overlap(places)


def mentions_any(text: str, names: Iterable[str]) -> bool:
    """Whether `text` has one of `names` on word boundaries, written large."""
    forms: FormIndex = {}
    for name in names:
        words = tokens(name)
        if words:
            forms.setdefault(words[0], []).append(Form(words, 0, Strength.NAME))
    return any(True for _ in _hits(text, split_words(text), forms))


def split_words(text: str) -> list[Word]:
    """The words of `text`; initials are joined ("J.P." is one word), "&" is the word "and"."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        start, end = match.span()
        folded = raw.lower() if raw.isascii() else fold(raw) or ""
        head, apostrophe, tail = folded.replace("’", "'").partition("'")
        if raw == "&":
            words.append(Word(start, end, "and", "and", end, raw))
        elif len(raw) == 1 and raw.isalpha() and words and _is_initials(words[-1]) and text[words[-1].end : start] in _INITIAL_GAPS:
            before = words.pop()
            joined = before.key + folded
            words.append(Word(before.start, end, joined, joined, end, before.raw + raw))
        else:
            bare_end = start + len(head) if apostrophe and tail == "s" and len(folded) == len(raw) else end
            words.append(Word(start, end, head + tail, head if bare_end < end else head + tail, bare_end, raw))
    return words


def _is_initials(word: Word) -> bool:
    return word.raw.isalpha() and word.raw.isupper() and word.end - word.start == 2 * len(word.raw) - 1


def _hits(text: str, words: list[Word], forms: FormIndex) -> Iterable[Hit]:
    index = 0
    while index < len(words):
        hit = _longest(text, words, index, forms) if words[index].large else None
        if hit:
            yield hit
            index = hit.last + 1
        else:
            index += 1


def _longest(text: str, words: list[Word], index: int, forms: FormIndex) -> Hit | None:
    word = words[index]
    candidates = forms.get(word.key, ())
    if word.bare != word.key:
        candidates = [*candidates, *(form for form in forms.get(word.bare, ()) if len(form.words) == 1)]
    for form in candidates:
        last = index + len(form.words) - 1
        if last < len(words) and _fits(text, words, index, form):
            end = words[last].end if words[last].key == form.words[-1] else words[last].bare_end
            return Hit(form, index, last, end)
    return None


def _fits(text: str, words: list[Word], index: int, form: Form) -> bool:
    if form.shouted and not words[index].raw.split("'")[0].split("’")[0].isupper():
        return False
    final = len(form.words) - 1
    for offset, wanted in enumerate(form.words):
        word = words[index + offset]
        if word.key != wanted and not (offset == final and word.bare == wanted):
            return False
        if not (word.large or wanted in CONNECTORS or form.row == NOBODY):
            return False
        if (
            offset
            and text[words[index + offset - 1].end : word.start] not in _GAPS
            and "&" not in (word.raw, words[index + offset - 1].raw)
        ):
            return False
    return True


def _symbols(text: str, by_symbol: Mapping[str, int]) -> Iterable[Place]:
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


_SHARE_WORDS = frozenset("shares stock shareholders shareholder investors stake holders".split())
_SAYS = frozenset(
    "said says reported reports announced posted agreed plans expects raised cut lowered beat missed forecast warned unveiled named bought "
    "acquired sold filed launched hired".split()
)
_DETERMINERS = frozenset("the a an this that these those its their his her our your my no any some every each".split())


class _View(NamedTuple):
    """What stands around a hit."""

    text: str
    words: list[Word]
    small: set[str]
    lexicon: Lexicon
    by_symbol: Mapping[str, int]

    def proves(self, hit: Hit) -> bool:
        """Whether the issuer of `hit` is named beyond doubt by this place."""
        if self.is_person(hit):
            return False
        strength = hit.form.strength
        also_small = hit.first == hit.last and hit.form.words[0] in self.small and not hit.form.shouted
        if strength is Strength.NAME and not also_small:
            return True
        if self._symbol_follows(hit):
            return True
        if strength is Strength.PART:
            return False
        if self._legal_form_follows(hit) or self._shares(hit):
            return True
        return strength is not Strength.PROPER and self._reads_as_name(hit)

    def is_person(self, hit: Hit) -> bool:
        """A given name or a title right before: "Harrison Ford", "Mr. Dell"."""
        before = self._before(hit)
        if before is None or hit.first != hit.last or not before.large:
            return False
        return before.key in self.lexicon.given and self._gap_before(hit) in {" ", ". ", "\u00a0"}

    def full_end(self, hit: Hit) -> int:
        """The end of the name, with a legal form or ".com" that belongs to it: "Apple, Inc.", "Amazon.com"."""
        end, index = hit.end, hit.last + 1
        while index < len(self.words) and index <= hit.last + 2:
            word = self.words[index]
            gap = self.text[end : word.start]
            legal_form = word.key in LEGAL_FORMS and (word.large or word.key == "plc") and gap in {" ", ", "}
            if not (legal_form or (gap == "." and word.key == "com")):
                break
            end, index = word.end, index + 1
        return end

    def _before(self, hit: Hit) -> Word | None:
        return self.words[hit.first - 1] if hit.first else None

    def _after(self, hit: Hit) -> Word | None:
        return self.words[hit.last + 1] if hit.last + 1 < len(self.words) else None

    def _gap_before(self, hit: Hit) -> str:
        return self.text[self.words[hit.first - 1].end : self.words[hit.first].start]

    def _legal_form_follows(self, hit: Hit) -> bool:
        """Target Corp, but not the end of a longer name such as Meritor Financial Corp."""
        end = self.full_end(hit)
        before = self._before(hit)
        longer = before is not None and before.large and before.raw[0].isalpha() and self._gap_before(hit) == " "
        return end > hit.end and not (longer and hit.form.row >= LARGE)

    def _symbol_follows(self, hit: Hit) -> bool:
        match = _IN_BRACKETS.match(self.text, self.full_end(hit))
        return match is not None and self.by_symbol.get(symbol_key(match.group(1)) or "") == hit.form.row

    def _shares(self, hit: Hit) -> bool:
        """Shares of Target, Target shares, Target's stock."""
        after, before = self._after(hit), self._before(hit)
        if after and after.key in _SHARE_WORDS and self.text[self.words[hit.last].end : after.start] == " ":
            return True
        if before is None or hit.first < 2 or before.key not in {"of", "in"}:  # noqa: PLR2004  the word before "of"
            return False
        return self._gap_before(hit) == " " and self.words[hit.first - 2].key in _SHARE_WORDS

    def _reads_as_name(self, hit: Hit) -> bool:
        """A capital in the middle of a sentence, or a verb that only who speaks or acts can have: "Target reported"."""
        before, after = self._before(hit), self._after(hit)
        follows = self.text[hit.end : after.start] if after else ""
        if after and follows in {" ", "-"} and after.large and after.raw[0].isalpha():
            return False
        if after and follows == " " and after.key in _SAYS:
            return before is None or not (before.large and self._gap_before(hit) == " ")
        if before is None or not before.raw.islower() or before.key in _DETERMINERS:
            return False
        return self._gap_before(hit) in {" ", ", "}

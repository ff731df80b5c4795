"""Whether a form found in a text stands for the issuer there, by the words around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from agent.symbols.forms import LARGE, Form, Strength
from agent.symbols.lexicon import Lexicon
from agent.symbols.names import LEGAL_FORMS, symbol_key
from agent.symbols.words import Word, Words

_IN_BRACKETS = re.compile(r"\s?[(\[]\s?([A-Z]{1,5}(?:[.\-/][A-Z])?)\s?[)\],;]")
_SHARE_WORDS = frozenset("shares stock shareholders shareholder investors stake holders".split())
_SAYS = frozenset(
    "said says reported reports announced posted agreed plans expects raised cut lowered beat missed forecast warned unveiled named bought "
    "acquired sold filed launched hired".split()
)
_DETERMINERS = frozenset("the a an this that these those its their his her our your my no any some every each".split())


class Hit(NamedTuple):
    """A form found at words `first`..`last` (inclusive)."""

    form: Form
    first: int
    last: int
    end: int


class Surroundings(NamedTuple):
    """What stands around a hit."""

    text: str
    words: Words
    lexicon: Lexicon
    by_symbol: Mapping[str, int | None]

    def proves(self, hit: Hit) -> bool:
        """Whether the issuer of `hit` is named beyond doubt by this place."""
        if self.is_person(hit):
            return False
        strength = hit.form.strength
        also_small = hit.first == hit.last and hit.form.words[0] in self.words.small and not hit.form.shouted
        if strength is Strength.NAME and not also_small:
            return True
        if self._symbol_follows(hit):
            return True
        if strength is Strength.PART:
            return False
        if self._legal_form_follows(hit) or self._shares(hit):
            return True
        return strength is not Strength.PROPER and self._reads_as_name(hit)

    def may_be_listed(self, hit: Hit) -> bool:
        """Whether an ordinary word may stand in a row of names: not "Target the weak", nor as the beginning of a longer name."""
        after = self._after(hit)
        if hit.form.strength is not Strength.WORD or self.is_person(hit):
            return False
        close = after is not None and self.text[hit.end : after.start] in {" ", "-"}
        return not (close and after and (after.key in _DETERMINERS or after.large))

    def is_person(self, hit: Hit) -> bool:
        """A given name or a title right before: "Harrison Ford", "Mr. Dell"."""
        at = hit.first - 1
        if at < 0 or hit.first != hit.last or self.words.keys[at] not in self.lexicon.given:
            return False
        return not self.words.raws[at].islower() and self._gap_before(hit) in {" ", ". ", "\u00a0"}

    def full_end(self, hit: Hit) -> int:
        """The end of the name, with a legal form or ".com" that belongs to it: "Apple, Inc.", "Amazon.com"."""
        words, end = self.words, hit.end
        for index in range(hit.last + 1, min(hit.last + 3, len(words))):
            key, gap = words.keys[index], self.text[end : words.starts[index]]
            legal_form = key in LEGAL_FORMS and (key == "plc" or not words.raws[index].islower()) and gap in {" ", ", "}
            if not (legal_form or (gap == "." and key == "com")):
                break
            end = words.ends[index]
        return end

    def _before(self, hit: Hit) -> Word | None:
        return self.words[hit.first - 1] if hit.first else None

    def _after(self, hit: Hit) -> Word | None:
        return self.words[hit.last + 1] if hit.last + 1 < len(self.words) else None

    def _gap_before(self, hit: Hit) -> str:
        return self.words.gap(hit.first)

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

    def _stressed(self, hit: Hit) -> bool:
        """Capitals for stress, "it is ON", of a name that isn't written in capitals."""
        raw = self.words[hit.first].raw
        return not hit.form.shouted and hit.first == hit.last and len(raw) > 1 and raw.isupper()

    def _reads_as_name(self, hit: Hit) -> bool:
        """A capital in the middle of a sentence, or a verb that only who speaks or acts can have: "Target reported"."""
        before, after = self._before(hit), self._after(hit)
        follows = self.text[hit.end : after.start] if after else ""
        if after and follows in {" ", "-"} and after.large and after.raw[0].isalpha():
            return False
        if after and follows == " " and after.key in _SAYS:
            return before is None or not (before.large and self._gap_before(hit) == " ")
        if before is None or not before.raw.islower() or before.key in _DETERMINERS or self._stressed(hit):
            return False
        return self._gap_before(hit) in {" ", ", "}

"""Figures written in words: "twenty-five", "half a million", "two thirds of", "doubled"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.fold import word_set
from agent.grounding.numbers.figures import Figure, Reading
from agent.grounding.numbers.units import bound_before, scale_after, unit_after

_ONES = {
    word: float(value)
    for value, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ).split()
    )
}
_TENS = {word: 10.0 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}
_MULTIPLES = {
    **dict.fromkeys("doubled doubling doubles double twice twofold".split(), 2.0),
    **dict.fromkeys("tripled tripling triples triple trebled trebling treble threefold".split(), 3.0),
    **dict.fromkeys("quadrupled quadrupling quadruples quadruple fourfold".split(), 4.0),
    **dict.fromkeys("halved halving".split(), 0.5),
    **dict.fromkeys("fivefold quintupled".split(), 5.0),
    "sixfold": 6.0,
    "sevenfold": 7.0,
    "eightfold": 8.0,
    "ninefold": 9.0,
    **dict.fromkeys("tenfold".split(), 10.0),
}
_ALWAYS_PARTS = frozenset("thirds fifths tenths".split())
"""Parts that are nothing else after a number: "three quarters" may be a stretch of time."""
_ORDINALS = {word: float(value) for value, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), start=3)}

_TEEN = "|".join(sorted(_ONES, key=len, reverse=True))
_TY = "|".join(_TENS)
_AFTER_PART = (
    r"(?=[.,;:)]|$| (?:in|from|to|on|since|over|after|this|last|as|and|but|while|compared|below|above|at|for|with|when|because|between"
    r"|during|under|against|than|amid|more|less|lower|higher)\b)"
)
"""Behind a part of something that was named before: "by a third in March", but no "third party"."""
# One alternative a family, each beginning with letters: the engine skips what begins otherwise. The text is lower-case.
_WORDS = re.compile(
    r"\b(?P<of_point>half|quarter|three[- ]quarters?)(?: of a | a |-|(?<=\ba quarter) |(?<=\bone[ -]quarter) |(?<=half) )"
    r"(?:percentage[- ])?point\b"
    rf"|\b(?:(?P<tens>{_TY})(?:[- ](?P<ones>one|two|three|four|five|six|seven|eight|nine))?|(?P<small>{_TEEN}))\b"
    r"(?P<and_half> and a half\b)?"
    rf"|\b(?P<multiple>{'|'.join(_MULTIPLES)})\b(?![- ](?:digit|down|check|dip|edged|standard))"
    r"|\b(?P<half>half) (?:a |an )(?=(?:million|billion|trillion|thousand|percent|per cent|dozen)\b)"
    r"|\b(?P<a>an?) (?P<scale_word>dozen\b|(?=(?:hundred|thousand|million|billion|trillion)\b))"
    r"|\b(?P<the_half>half)(?= (?:of|the|its|their|his|her|that|what|as)\b)"
    r"|\b(?:by|in) (?P<by_half>half)\b(?![- ](?:of a |a )?(?:percentage[- ])?point\b)"
    r"|\ba (?P<part>third|quarter|fifth|tenth)(?= of\b(?! a (?:percentage )?point\b))"
    rf"|(?:(?<=\bby )|(?<=\bnearly )|(?<=\balmost ))a (?P<by_part>third|quarter|fifth|tenth){_AFTER_PART}"
    rf"|(?:(?<=\bthan )|(?<=\babout )|(?<=\baround )|(?<=\bover ))a (?P<about_part>third|fifth|tenth){_AFTER_PART}"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\b(?![- ](?:quarter|part(?:y|ies)|half|of)\b)"
)
_AFTER_ANOTHER = frozenset("half third quarter fifth tenth dozen hundred thousand million billion trillion".split())
"""What a figure in words may begin right before: "a third", "by half", "a million"."""
_LEADS = ("a ", "an ", "by ", "in ")
_TELLING = _AFTER_ANOTHER.union(_ONES, _TENS, _MULTIPLES, _ORDINALS)
"""Every match of `_WORDS` has one of these words, at its beginning or right after it."""
_PART_AFTER = re.compile(r"[- ](half|halves|thirds?|quarters?|fifths?|tenths?)\b(?P<of> of\b(?! (?:growth|decline|losses|profit)))?")


def word_figures(text: str) -> list[Figure]:
    """The figures of `text`, in lower case, that are written in words."""
    return [_read(text, match) for match in _matches(text)]


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What `_WORDS` finds in `text`, looked for only where one of its words stands: few texts have many, and it is slow elsewhere."""
    done = 0
    for start in sorted(_starts(text)):
        if start >= done and (match := _WORDS.match(text, start)) is not None:
            done = match.end()
            yield match


def _starts(text: str) -> Iterator[int]:
    for word in _TELLING & word_set(text):
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
                yield at
                if word in _AFTER_ANOTHER and text[at - 1 : at] == " ":
                    yield from (at - len(lead) for lead in _LEADS if text.endswith(lead, 0, at))
            at = text.find(word, end)


def _read(text: str, match: re.Match[str]) -> Figure:
    start, end = match.span()
    for name, reading in (
        ("of_point", _of_point),
        ("multiple", _multiple),
        ("ordinal", _ordinal),
        ("the_half", _half),
        ("by_half", _half),
        ("part", _part),
        ("by_part", _part),
        ("about_part", _part),
    ):
        if match[name]:
            return Figure(start, end, (reading(match[name]),), bound_before(text, start))
    if match["half"]:
        return _scaled(text, start, end - 1, 0.5)
    if match["a"]:
        return _scaled(text, start, end, 12.0) if match["scale_word"] else _scaled(text, start, end - 1, 1.0)
    value = _TENS.get(match["tens"] or "", 0.0) + _ONES.get(match["ones"] or match["small"] or "", 0.0)
    if match["and_half"]:
        return _scaled(text, start, end, value + 0.5)
    part = _PART_AFTER.match(text, end)
    if value and part is not None and (part["of"] or (value > 1 and part[1] in _ALWAYS_PARTS)):
        return Figure(start, part.end(1), (_part(part[1], value),), bound_before(text, start))
    return _scaled(text, start, end, value)


def _multiple(word: str) -> Reading:
    return Reading("multiple", _MULTIPLES[word], 1.0)


def _ordinal(word: str) -> Reading:
    return Reading("ordinal", _ORDINALS[word], 1.0)


def _of_point(part: str) -> Reading:
    return Reading("points", 0.5, 0.1) if part == "half" else Reading("points", 0.75 if part[0] == "t" else 0.25, 0.01)


def _half(_: str) -> Reading:
    return Reading("fraction", 50.0, 1.0)


def _part(word: str, of: float = 1.0) -> Reading:
    return Reading("fraction", 100.0 * of / _PARTS[word], 1.0)


def _scaled(text: str, start: int, end: int, value: float) -> Figure:
    """A number word with the scale and unit after it; its last digit is taken to be exact to the unit, or to a tenth after a half."""
    end, scale = scale_after(text, end)
    unit = unit_after(text, end, None)
    factor = scale * unit.factor
    grain = factor if value == int(value) else factor / 10
    kind = unit.kind or "number"
    return Figure(start, unit.end, (Reading(kind, value * factor, grain, unit.currency),), bound_before(text, start), factor=factor)

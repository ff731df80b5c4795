"""Figures written in words: "twenty-five", "half a million", "two thirds of", "doubled"."""

from __future__ import annotations

import re

from agent.grounding.numbers.figures import Figure, Reading
from agent.grounding.numbers.units import bound_before, scale_after, unit_after

_ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: float(value)
    for value, word in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}
_MULTIPLES = {
    **dict.fromkeys("doubled doubling doubles double twice twofold".split(), 2.0),
    **dict.fromkeys("tripled tripling triples triple trebled trebling treble threefold".split(), 3.0),
    **dict.fromkeys("quadrupled quadrupling quadruples quadruple fourfold".split(), 4.0),
    **dict.fromkeys("halved halving halves".split(), 0.5),
    **dict.fromkeys("fivefold quintupled".split(), 5.0),
    **dict.fromkeys("tenfold".split(), 10.0),
}
_ORDINALS = {word: float(value) for value, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), start=3)}

_TEEN = "|".join(sorted(_ONES, key=len, reverse=True))
_TY = "|".join(_TENS)
# One alternative a family, each beginning with letters: the engine skips what begins otherwise. The text is lower-case.
_WORDS = re.compile(
    rf"\b(?:(?P<tens>{_TY})(?:[- ](?P<ones>one|two|three|four|five|six|seven|eight|nine))?|(?P<small>{_TEEN}))\b(?P<and_half> and a half\b)?"
    rf"|\b(?P<multiple>{'|'.join(_MULTIPLES)})\b(?![- ](?:digit|down|check|dip|edged|standard))"
    r"|\b(?P<half>half) (?:a |an )(?=(?:million|billion|trillion|thousand|percent|percentage|per cent|dozen|point)\b)"
    r"|\b(?P<a>an?) (?P<scale_word>dozen\b|(?=(?:hundred|thousand|million|billion|trillion)\b))"
    r"|\b(?P<the_half>half)(?= (?:of|the|its|their|his|her|that|what|as)\b)|\b(?:by|in) (?P<by_half>half)\b"
    r"|\ba (?P<part>third|quarter|fifth|tenth)(?= of\b)"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\b(?![- ](?:quarter|part(?:y|ies)|half|of)\b)"
)
_PART_AFTER = re.compile(r"[- ](half|halves|thirds?|quarters?|fifths?|tenths?)\b(?P<of> of\b(?! (?:growth|decline|losses|profit)))?")


def word_figures(text: str) -> list[Figure]:
    """The figures of `text`, in lower case, that are written in words."""
    return [figure for match in _WORDS.finditer(text) if (figure := _read(text, match)) is not None]


def _read(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    if match["multiple"]:
        return _figure(text, match, Reading("multiple", _MULTIPLES[match["multiple"]], 1.0))
    if match["ordinal"]:
        return _figure(text, match, Reading("ordinal", _ORDINALS[match["ordinal"]], 1.0))
    if match["the_half"] or match["by_half"]:
        return _figure(text, match, Reading("fraction", 50.0, 1.0))
    if match["part"]:
        return _figure(text, match, Reading("fraction", 100.0 / _PARTS[match["part"]], 1.0))
    if match["half"]:
        return _scaled(text, start, end - 1, 0.5)
    if match["a"]:
        return _scaled(text, start, end if match["scale_word"] else end - 1, 12.0 if match["scale_word"] else 1.0)
    value = _TENS.get(match["tens"] or "", 0.0) + _ONES.get(match["ones"] or match["small"] or "", 0.0)
    if match["and_half"]:
        return _scaled(text, start, end, value + 0.5)
    if (
        value
        and (part := _PART_AFTER.match(text, end)) is not None
        and (part["of"] or (value > 1 and part[1].startswith(("third", "fifth", "tenth"))))
    ):
        share = 100.0 * value / _PARTS[part[1]]
        return Figure(start, part.end(1), (Reading("fraction", share, 1.0),), bound_before(text, start))
    return _scaled(text, start, end, value)


def _figure(text: str, match: re.Match[str], reading: Reading) -> Figure:
    return Figure(*match.span(), (reading,), bound_before(text, match.start()))


def _scaled(text: str, start: int, end: int, value: float) -> Figure:
    """A number word with the scale and unit after it; its last digit is taken to be exact to the unit, or to a tenth after a half."""
    end, scale = scale_after(text, end)
    unit = unit_after(text, end, None)
    factor = scale * unit.factor
    grain = factor if value == int(value) else factor / 10
    kind = unit.kind or "number"
    return Figure(start, unit.end, (Reading(kind, value * factor, grain, unit.currency),), bound_before(text, start), factor=factor)

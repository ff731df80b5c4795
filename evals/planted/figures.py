"""The figures of a text, read by plain rules: enough to change one and to be sure that the changed one is false."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

FigureKind = Literal["amount", "percent", "percentage points", "basis points", "count", "date", "year"]

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "millionen": 1e6, "milliarden": 1e9, "billionen": 1e12}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# A digit that belongs to a name (PIVOT-12, interleukin-2) or to a word (70-minute) is no figure.
_FIGURE = re.compile(
    rf"(?<![\w.,/-])(?P<currency>[A-Z]?[$€£¥])?(?P<number>{_NUMBER})(?![\d/]|[.,]\d|-?[A-Za-z])"
    r"(?P<unit>\s?%| percentage points?| percent| basis points?| (?:thousand|million|billion|trillion))?(?!\w)"
)
_NAME_BEFORE = re.compile(r"(?:\b(?:Phase|Section|Class|Article|Chapter)|&P) $")
_MONTH_BEFORE = re.compile(rf"\b(?:{_MONTHS}) $")
_MONTH_AFTER = re.compile(rf" (?:{_MONTHS})\b")
_UNITS: dict[str, FigureKind] = {
    "%": "percent",
    "percent": "percent",
    "percentage point": "percentage points",
    "percentage points": "percentage points",
    "basis point": "basis points",
    "basis points": "basis points",
}
_ANY_NUMBER = re.compile(
    r"(\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?:[\s-](thousand|millionen|million|milliarden|billionen|billion|trillion)\b)?",
    re.IGNORECASE,
)
_NOT_LESS = re.compile(r"\b(?:more than|over|above|at least|exceeded|from) (?:about )?$")
_NOT_MORE = re.compile(r"\b(?:less than|under|below|at most|up to|almost|nearly) (?:about )?$")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_ALIKE = 1e-9
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_TENS = "thirty forty fifty sixty seventy eighty ninety".split()
_SHARES = {"half": (50.0, 0.5), "third": (33.0, 3.0), "quarter": (25.0, 0.25), "fifth": (20.0, 5.0), "doubled": (2.0,), "tripled": (3.0,)}
_SPELT: dict[str, tuple[float, ...]] = (
    {word: (float(value),) for value, word in enumerate(_WORDS)}
    | {word: (float(10 * value),) for value, word in enumerate(_TENS, 3)}
    | {word: (float(value), *_SHARES.get(word, ())) for value, word in enumerate(_ORDINALS, 1)}
    | {word: values for word, values in _SHARES.items() if word not in _ORDINALS}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: the slice with its currency and unit, and the slice of its digits alone."""

    kind: FigureKind
    start: int
    end: int
    digits_start: int
    digits_end: int
    currency: str
    digits: str
    unit: str

    @property
    def scale(self) -> float:
        """What the digits are multiplied by: 1e9 for billions."""
        return _SCALES.get(self.unit.strip(), 1.0)


def figures(text: str) -> Iterator[Figure]:
    """The figures of an English text, in order; those spelt in words aren't among them."""
    for match in _FIGURE.finditer(text):
        if _NAME_BEFORE.search(text, max(0, match.start() - 10), match.start()):
            continue
        yield Figure(
            kind=_kind(text, match),
            start=match.start(),
            end=match.end(),
            digits_start=match.start("number"),
            digits_end=match.end("number"),
            currency=match["currency"] or "",
            digits=match["number"],
            unit=match["unit"] or "",
        )


def _kind(text: str, match: re.Match[str]) -> FigureKind:
    unit = (match["unit"] or "").strip()
    if unit in _UNITS:
        return _UNITS[unit]
    if match["currency"] or unit in _SCALES:
        return "amount"
    number = match["number"]
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return "year"
    if re.fullmatch(r"\d\d?", number) and (
        _MONTH_BEFORE.search(text, max(0, match.start() - 12), match.start()) or _MONTH_AFTER.match(text, match.end())
    ):
        return "date"
    return "count"


@lru_cache(maxsize=64)
def values(text: str) -> frozenset[float]:
    """Every number that `text` may be read to state, as written and scaled; spelt numbers, ordinals and shares too.

    Generous on purpose: "17,14" is 17.14 and 1714, "a third" is 3, 1/3 and 33. What isn't in here isn't in the text.
    """
    found: set[float] = set()
    for match in _ANY_NUMBER.finditer(text):
        for value in _readings(match[1]):
            found |= {value, value * _SCALES.get((match[2] or "").lower(), 1.0)}
    for word in re.findall(r"[a-z]+", text.lower()):
        for value in _SPELT.get(word, ()):
            found |= {value, value * 1e6, value * 1e9}
    return frozenset(found)


def _readings(written: str) -> Iterator[float]:
    plain = written.replace(" ", "").replace(" ", "")
    yield float(plain.replace(",", "")) if plain.count(".") <= 1 else float(plain.replace(".", "").replace(",", "."))
    if "," in plain:
        german = plain.replace(".", "").replace(",", ".")
        if german.count(".") <= 1:
            yield float(german)
    elif plain.count(".") == 1:
        yield float(plain.replace(".", ""))


def stated(digits: str, scale: float, text: str, *, scaled_only: bool = False) -> bool:
    """Whether `text` has a number that `digits` times `scale` is, or is a rounding of.

    Or that the digits alone are, unless `scaled_only`.
    """
    decimals = len(digits.partition(".")[2])
    new = float(digits.replace(",", ""))
    return any(
        abs(round(value / unit, decimals) - new) < _ALIKE for value in values(text) for unit in ({scale} if scaled_only else {1.0, scale})
    )


def still_covers(before: str, old: float, new: float) -> bool:
    """Whether what stands before the figure makes `new` true where `old` is: "more than 70%" is so of what was more than 80%."""
    return (new < old and _NOT_LESS.search(before) is not None) or (new > old and _NOT_MORE.search(before) is not None)

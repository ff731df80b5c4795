"""The figures of an article, ready to be asked whether they carry one of the card's."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from operator import itemgetter

from agent.grounding.fold import stands_whole, unify
from agent.grounding.names import canonical_forms
from agent.grounding.numbers.binding import Form, Setting, find_mentions
from agent.grounding.numbers.calendar import CALENDAR, days, fiscal_years, periods
from agent.grounding.numbers.contexts import Context
from agent.grounding.numbers.ends import tells_end
from agent.grounding.numbers.figures import Figure, Reading, figures
from agent.grounding.numbers.named import Name, Names, as_name
from agent.grounding.numbers.units import Bound, Kind, same_currency
from agent.grounding.numbers.words import word_figures

_EPSILON = 1e-9
_MOST_ROUND = 0.1
"""How far a figure that calls itself round ("about 80%", "more than 1,200") may be from the truth, as a share of it."""
_FRACTION_STEP = 6.0
"""A fraction in words stands for percents up to 3 away: "a third" for 31%."""
_PAST_FRACTION, _SHORT_OF_FRACTION = 0.2, 0.15
"""How far "more than a third" may be above it, and "almost a third" below, as a share of it."""
_DOUBLE = 0.08
"""How far a ratio may be from the 2 of "doubled", as a share of it."""
_ROUGHLY, _ALMOST = 0.04, 0.15
"""How far from it a change in percent may be, and how far below for "almost doubled"."""

_BARE = 100
"""A whole number below this without a currency ("slide 9", "two weeks") is no amount of money."""

_CARRIED_BY: dict[Kind, tuple[Kind, ...]] = {
    "number": ("number", "amount", "points", "multiple"),
    "amount": ("amount", "number"),
    "percent": ("percent", "fraction"),
    "points": ("points",),
    "fraction": ("fraction", "percent"),
    "multiple": ("multiple",),
    "ordinal": ("ordinal",),
    "year": ("year",),
    "quarter": ("quarter",),
    "half": ("half",),
    "date": ("date",),
    "label": (),
}
"""Which kinds in the article can carry a kind on the card."""
_PERIODS: frozenset[Kind] = frozenset({"quarter", "half", "date"})
_TOLD_IN_WORDS: frozenset[Kind] = frozenset({"quarter", "half", "date", "ordinal", "multiple", "fraction"})
"""What articles mostly write in words. In a language that these checks don't read, it can't be missed."""
_ENGLISH = frozenset("the of and to in that for is on with was by".split())
_COMMONEST = (" the ", " of ", " and ", " to ", " in ")
_SPACES = tuple(filter(str.isspace, map(chr, range(128))))
"""Those of a text whose typography has been unified."""
_ENGLISH_SHARE = 0.08
_FEW_WORDS = 20
_EARLIER = re.compile(r"\b(?:last year|years? (?:ago|earlier|before)|(?:previous|prior) year|year-on-year|year-over-year)\b")
_HALF_YEAR = re.compile(r"\bhalf[- ]year\b|\bsix months (?:to|ended|ending|through)\b")
"""A half-year is reported by itself when it is the first; the second is reported in the year's."""
_BACK_HALF = re.compile(r"\bback[- ]half\b")
_QUARTERS = ("first", "second", "third", "fourth")
_BARE_QUARTER = re.compile(rf"\b(?:in|from|than|to|of|and) the ({'|'.join(_QUARTERS)})(?=[.,;:)]| (?:and|but|as|while)\b)")
_LATER = re.compile(r"\b(?:next|coming|following) year\b")


Occurrence = tuple[float, Reading, Figure]
"""A value that the article has, how it is read and where its figure stands."""


class Occurrences:
    """The occurrences of one kind, by value."""

    def __init__(self, occurrences: list[Occurrence]) -> None:
        self._ranked = sorted(occurrences, key=itemgetter(0))
        self.values = [value for value, _, _ in self._ranked]

    def between(self, low: float, high: float) -> Sequence[Occurrence]:
        """Those of `low` to `high`, both included."""
        return self._ranked[bisect_left(self.values, low) : bisect_right(self.values, high)]


class Contents:
    """What one article's text says, read when it is asked for and kept: a card is held against the same article more than once."""

    def __init__(self, text: str) -> None:
        """Make one from a text whose typography has been unified."""
        self.text = text
        self._calendar: dict[Callable[[str], Iterator[Figure]], dict[Kind, Occurrences]] = {}

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures written in digits, in order."""
        return figures(self.text, foreign=True)

    @cached_property
    def context(self) -> Context:
        """The words around each direction and figure."""
        return Context(self.lower, self.figures)

    @cached_property
    def names(self) -> Names:
        """The names beside the figures."""
        return Names(self.text, self.figures)

    @cached_property
    def english(self) -> bool:
        """Whether words of the article can be read here; only digits can in other languages."""
        lower = self.lower
        # Of most English texts the commonest words say so, counted without taking the text apart; there are no more words than spaces.
        if sum(map(lower.count, _COMMONEST)) > _ENGLISH_SHARE * (1 + sum(map(lower.count, _SPACES))):
            return True
        words = lower.split()
        return len(words) < _FEW_WORDS or sum(map(_ENGLISH.__contains__, words)) > _ENGLISH_SHARE * len(words)

    @cached_property
    def lower(self) -> str:
        """The text in lower case, every character in its place."""
        return same_length_lower(self.text)

    @cached_property
    def digits(self) -> dict[Kind, Occurrences]:
        """The figures in digits, by kind and then by value."""
        return _by_kind(self.figures)

    @cached_property
    def words(self) -> dict[Kind, Occurrences]:
        """The figures in words, in the same order."""
        return _by_kind(word_figures(self.lower))

    def calendar(self, kind: Kind) -> dict[Kind, Occurrences]:
        """The quarters, halves, fiscal years or days."""
        read = days if kind == "date" else fiscal_years if kind == "year" else periods
        if read not in self._calendar:
            self._calendar[read] = _by_kind(read(self.lower))
        return self._calendar[read]


@lru_cache(maxsize=8)
def read(title: str, text: str) -> Contents:
    """The contents of an article, the last few of which are kept."""
    return Contents(unify(f"{title}\n{text}"))


class Source:
    """The figures of one article. What is written in words is only read when a figure isn't found in digits."""

    def __init__(self, title: str, text: str, published_at: datetime | None = None, names: Sequence[Form] = ()) -> None:
        """Make one from an article's fields; `names` are those of the entities that figures may be said of, each with a number."""
        self._read = read(title, text)
        self.text = self._read.text
        self.names = names
        self.published_at = published_at
        self._places: dict[tuple[tuple[Reading, ...], Bound], list[Figure]] = {}

    def carries(self, figure: Figure, written: str) -> bool:
        """Whether the article has `figure`, which its card wrote as `written`, in any spelling, at least as exactly."""
        return bool(self.occurrences(figure)) or self.carries_otherwise(figure, written)

    def carries_otherwise(self, figure: Figure, written: str) -> bool:
        """Whether the article has a figure that stands nowhere as such: a label, a ratio, a day or year told by its distance."""
        kind = figure.readings[0].kind
        if kind == "label":
            return self._has_label(written)
        if not any(map(str.isdigit, written)) and self._has_words(written):
            return True
        if not self.english and (kind in _TOLD_IN_WORDS or not any(map(str.isdecimal, written))):
            return True
        if kind == "fraction" and written.startswith("by "):
            return self._has_multiple(figure.readings[0].value / 100)
        return any(self._told(reading, figure.bound) for reading in figure.readings)

    def occurrences(self, figure: Figure) -> list[Figure]:
        """The figures of the article that carry `figure`; in digits if there are any, else in words."""
        key = figure.readings, figure.bound
        if key not in self._places:
            self._places[key] = self._occurrences(figure)
        return self._places[key]

    def _occurrences(self, figure: Figure) -> list[Figure]:
        kind = figure.readings[0].kind
        found = self._found(self._read.digits, figure) if kind not in _PERIODS else []
        return found or self._found(self._read.calendar(kind) if kind in CALENDAR else self._read.words, figure)

    def _found(self, index: dict[Kind, Occurrences], figure: Figure) -> list[Figure]:
        return [found for reading in figure.readings for found in _matching(index, reading, figure.bound)]

    def _told(self, reading: Reading, bound: Bound) -> bool:
        """Whether the article tells it by something else: another count of the same, a period's name, the distance from publication."""
        match reading.kind:
            case "multiple":
                return self._has_ratio(reading.value) or self._has_change(reading.value, bound)
            case "percent":
                return self._has_fold(reading.value)
            case "half" | "quarter":
                found = self._has_period(reading.kind, int(reading.value))
            case "date":
                found = self.has_end(int(reading.value))
            case _:
                found = False
        return found or (self.published_at is not None and self._is_near_publication(reading, self.published_at))

    def _is_near_publication(self, reading: Reading, published_at: datetime) -> bool:
        """Whether a year, a quarter or a day is one that the article may well tell as "last year", "the quarter" or "on Wednesday"."""
        if reading.kind == "year":
            years = {published_at.year}
            years |= {published_at.year - 1} if _EARLIER.search(self.lower) else set()
            years |= {published_at.year + 1} if _LATER.search(self.lower) else set()
            return reading.value in years
        if reading.kind == "quarter" and "quarter" in self.lower:
            # An article of April that speaks of "the quarter" means the first, or the second that has begun.
            current = (published_at.month - 1) // 3 + 1
            return reading.value in {current, (current - 2) % 4 + 1}
        if reading.kind == "date":
            days = (published_at + timedelta(days=days) for days in range(-7, 8))
            return any(reading.value == day.month * 100 + day.day for day in days)
        return False

    def _has_period(self, kind: Kind, number: int) -> bool:
        """Whether the article has it in other words: a half-year, and "more than in the third" where it speaks of quarters."""
        if kind == "half":
            return (_HALF_YEAR if number == 1 else _BACK_HALF).search(self.lower) is not None
        return "quarter" in self.lower and any(match[1] == _QUARTERS[number - 1] for match in _BARE_QUARTER.finditer(self.lower))

    def has_end(self, date: int, *, of_period: bool = False) -> bool:
        """Whether the article tells a day as the end of a month, a quarter or a year; `of_period` if the card tells it as one's."""
        return tells_end(self.lower, date, self.told("quarter"), of_period=of_period)

    def told(self, kind: Kind) -> Sequence[float]:
        """The quarters (1 to 4) or days (month * 100 + day) that the article names."""
        found = self._read.calendar(kind).get(kind)
        return found.values if found else ()

    def _has_multiple(self, part: float) -> bool:
        """Whether the article tells in times what the card tells as so much more: 1.5 times for "by half"."""
        multiples = self._read.digits.get("multiple")
        return multiples is not None and any(_near(value, 1 + part) for value in multiples.values)

    def _has_words(self, written: str) -> bool:
        """Whether the article has the same words: "more than a tenth", "the second half"."""
        return stands_whole(written.lower(), self.lower)

    def _has_label(self, written: str) -> bool:
        """Whether the label stands there as it is, or in another of its forms: COVID-19 may be told as the pandemic."""
        name = written.lower().strip("-")
        forms = (name, name.replace("-", ""), *canonical_forms(name))
        return any(stands_whole(form.lower(), self.lower) for form in forms)

    def _has_change(self, ratio: float, bound: Bound) -> bool:
        """Whether a percent or a half says what the card tells in times: 100% more for "doubled", 52% less for "more than halved".

        One that the article tells the other way doesn't.
        """
        way = 1 if ratio > 1 else -1
        change = abs(ratio - 1)
        least = change if bound == "more" else change - ratio * (_ALMOST if bound == "less" else _ROUGHLY)
        most = change if bound == "less" else change + (1.0 if bound == "more" else ratio * _ROUGHLY)
        shares: tuple[Kind, ...] = ("percent", "fraction")
        told = [
            index[kind].between(100 * least, 100 * most)
            for index in (self._read.digits, self._read.words)
            for kind in shares
            if kind in index
        ]
        return any(self.setting.way(figure) != -way for found in told for _, _, figure in found)

    def _has_fold(self, percent: float) -> bool:
        """Whether times of the article say exactly what the card tells in percent: doubled for 100%, halved for 50%."""
        folds = [value for index in (self._read.digits, self._read.words) if "multiple" in index for value in index["multiple"].values]
        return any(_near(percent, 100 * abs(fold - 1)) for fold in folds)

    def _has_ratio(self, ratio: float) -> bool:
        """Whether two amounts, percents or numbers of the article stand in about this ratio."""
        told: dict[str, list[float]] = {kind: occurrences.values for kind, occurrences in self._read.digits.items()}
        for kind in ("amount", "number", "percent"):
            values = told.get(kind, [])
            for value in values:
                at = bisect_left(values, value * ratio * (1 - _DOUBLE))
                if value and at < len(values) and values[at] <= value * ratio * (1 + _DOUBLE):
                    return True
        return False

    @property
    def figures(self) -> list[Figure]:
        """The figures written in digits, in order."""
        return self._read.figures

    @property
    def context(self) -> Context:
        """The words around each direction and figure."""
        return self._read.context

    @property
    def beside(self) -> Names:
        """The names beside the figures."""
        return self._read.names

    @cached_property
    def kin(self) -> list[list[Name]]:
        """The forms of each entity's name."""
        found: dict[int, list[Name]] = {}
        for form, entity in self.names:
            if (name := as_name(form)) is not None:
                found.setdefault(entity, []).append(name)
        return list(found.values())

    @property
    def english(self) -> bool:
        """Whether words of the article can be read here; only digits can in other languages."""
        return self._read.english

    @property
    def lower(self) -> str:
        """The text in lower case, every character in its place."""
        return self._read.lower

    @cached_property
    def setting(self) -> Setting:
        """The words around the figures."""
        return Setting(self.text, self.lower, find_mentions(self.text, self.names))


def same_length_lower(text: str) -> str:
    """`text` in lower case, each character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _by_kind(found: Iterable[Figure]) -> dict[Kind, Occurrences]:
    index: dict[Kind, list[Occurrence]] = {}
    for figure in found:
        for reading in figure.readings:
            index.setdefault(reading.kind, []).append((reading.value, reading, figure))
    return {kind: Occurrences(occurrences) for kind, occurrences in index.items()}


def _matching(index: dict[Kind, Occurrences], reading: Reading, bound: Bound) -> list[Figure]:
    low, high = _range(reading, bound)
    return [
        figure
        for kind in _CARRIED_BY[reading.kind]
        if kind in index
        for _, there, figure in index[kind].between(low, high)
        if _carries(there, reading, bound)
    ]


def _carries(source: Reading, card: Reading, bound: Bound) -> bool:
    if not same_currency(source.currency, card.currency):
        return False
    if card.kind == "amount" and source.kind == "number" and source.value < _BARE and source.grain >= 1:
        return False
    return _near(source.value, card.value) or bound != "" or source.grain <= card.grain * (1 + _EPSILON)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _EPSILON * max(abs(one), abs(other), 1.0)


def _range(reading: Reading, bound: Bound) -> tuple[float, float]:
    """Which values in the article carry `reading`: those that round to it, and beyond if it calls itself round."""
    value, half = reading.value, reading.grain / 2
    if reading.kind == "fraction":
        half = _FRACTION_STEP / 2
    elif reading.kind not in {"number", "amount", "percent", "points", "multiple"}:
        half = 0.0
    slack = _EPSILON * max(value, 1.0)
    step = min(_roundness(reading), _MOST_ROUND * value)
    if bound == "about":
        half = max(half, step / 2)
    if reading.kind == "fraction" and bound in {"more", "less"}:
        return (value - slack, value * (1 + _PAST_FRACTION)) if bound == "more" else (value * (1 - _SHORT_OF_FRACTION), value + slack)
    # "More than 54" says that 54 is passed and 55 isn't reached.
    if bound == "more":
        return value - slack, max(value, value + step - 2 * slack)
    if bound == "less":
        return min(value, value - step + 2 * slack), value + slack
    return value - half - slack, value + half + slack


def _roundness(reading: Reading) -> float:
    """The step of the last digit that isn't zero: 100 for 1,200."""
    step = reading.grain
    digits = round(reading.value / step) if step else 0
    while digits and digits % 10 == 0:
        digits //= 10
        step *= 10
    return step

"""The figures of a text: every number with its unit, in each way in which it may be read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.grounding.numbers.units import Bound, Kind, bound_before, may_be_unit, prefix_before, scale_after, unit_after


class Reading(NamedTuple):
    """One way to read a figure. `grain` is the step of its last digit: 0.1 billion for "1.2 billion". Percents count as written."""

    kind: Kind
    value: float
    grain: float
    currency: str | None = None


class Figure(NamedTuple):
    """A figure and its place in the text; the first reading is the likeliest. Labels and dates have no value but their words."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    bound: Bound = ""
    negative: bool = False
    factor: float = 1.0
    """What the number was multiplied by for its scale and unit."""


Sort = tuple[Kind, float, str | None]


def sort_of(figure: Figure) -> Sort:
    """What figures have in common of which one could be taken for another: kind, scale and currency."""
    reading = figure.readings[0]
    return reading.kind, figure.factor, reading.currency


def by_sort(figures: Iterable[Figure]) -> dict[Sort, list[Figure]]:
    """The figures by sort, in order."""
    found: dict[Sort, list[Figure]] = {}
    for figure in figures:
        found.setdefault(sort_of(figure), []).append(figure)
    return found


# All alternatives begin after one digit: the engine finds a digit much faster than it tries five patterns. Most numbers are of the first,
# behind which nothing stands with which a number could go on. No group that can fail half-way is repeated possessively, here or elsewhere:
# before 3.11.5 Python goes on from where it failed, https://github.com/python/cpython/issues/106052.
_NUMBER = re.compile(
    r"\d(?:(?P<plain>\d{0,14}+(?:\.\d{1,9}+|(?!\.\d)))(?![.,:/' -]?\d|[¼½¾⅛⅜⅝⅞])"
    r"|(?P<vulgar>\d{0,2}[- ]\d{1,2}/(?:2|4|8|16|32)(?![\d/])|\d{0,3}[¼½¾⅛⅜⅝⅞]"  # 3-1/2  4¾
    r"|\d?/(?:2|3|4|8|16|32)(?=[- ](?:p(?:er|c)|point|of a|(?:to|and|or) \d)))"
    r"|(?P<dated>\d{0,3}(?P<mark>[/.-])\d{1,2}(?P=mark)\d{2,4}(?!\d)|\d?:\d{2}(?::\d{2})?)"  # 14/8/2025  9:30
    r"|\d{0,2}(?:,\d{2,3}){0,6},\d{3}(?!\d)(?:\.\d{1,15})?"  # 1,200  1,20,000  1,200.5
    r"|\d{0,2}(?:[ ']\d{3}){1,5}(?![\d%])(?:[.,]\d{1,2}(?!\d))?"  # 1 200  1'200
    r"|\d{0,2}(?:\.\d{3}){2,5}(?!\d)(?:,\d{1,15})?|\d{0,2}(?:\.\d{3}){1,5},\d{1,2}(?!\d)"  # 1.200.000  1.200,5
    r"|\d{0,29}(?:[.,]\d{1,15})?)(?=(?P<behind>[ -]?(?:[^\W\d_]\w{0,12}+|%(?:[ -][pP])?|[^\x00-\x7f])|\))?)"
)
"""`behind` is what may be a scale or a unit."""
MEASURES: frozenset[Kind] = frozenset({"number", "amount", "percent", "points"})
"""Kinds that say how much."""
_VULGAR = dict(zip("¼½¾⅛⅜⅝⅞", "1/4 1/2 3/4 1/8 3/8 5/8 7/8".split(), strict=True))
_JOINED = re.compile(r" ?(?:-|to|and|or|through|bis|und|oder|à|et|ou|hasta|y|a|e) ?", re.IGNORECASE)
_JOINED_WITHIN = 10
_BEFORE_RANGE = 16
_RANGE = re.compile(r" ?(?:-|to|through) ?", re.IGNORECASE)
_WIDEST = 10.0
"""How many times the lower end of a range its upper may be, to be read with its scale."""
_BETWEEN = re.compile(r"\bbetween (?:about |around )?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom (?:about |around |a |an )?$", re.IGNORECASE)
_POINTS = frozenset((" point", "-point"))
_ALL = 200.0
"""A ratio is seldom more than this in percent, and an index seldom moves by less than this in points where one is spoken of."""
_RATIO_REACH = 40
_RATIO = re.compile(r"\bratio(?: (?:of|was|is|at|to|that|which|improved|rose|fell|increased|decreased|about|around|approximately)){1,4} $")
_GROUP = 3
_AFTER_MARKER = frozenset((". ", ") "))
_SENTENCE_ENDS = frozenset(".!?:;")
_MOST_DIGITS = 2
_FIRST_YEAR, _LAST_YEAR, _YEAR_DIGITS = 1900, 2100, 4
_APART = frozenset((" ", "$", "\n", ""))
_BEFORE_DOT = _APART | frozenset("€£(-")
"""What may stand before a number that begins with its decimal point."""
_KNOWN: dict[str | None, tuple[Kind | None, float]] = {"%": ("percent", 1.0), " million": (None, 1e6), " billion": (None, 1e9)}
"""The commonest units and scales right behind a number."""
_NEXT_SCALES = frozenset((" m", " b", " t"))
_LABEL_BEFORE = re.compile(r"[A-Za-z][\w&]*-?$")
_LABEL_AFTER = re.compile(r"[A-Za-z]\w*")
_FORM = re.compile(r"(?:6|8|1[0168])-K\b|12b-25\b", re.IGNORECASE)
"""The forms of American companies that would be read as thousands and billions."""
_FORM_GOES_ON = frozenset("-bB")
_FREE_PREFIXES = frozenset("mid pre post late early sub non ultra top under over near circa fy cy ca".split())


def figures(text: str, *, foreign: bool = False) -> list[Figure]:
    """The figures of `text` in order, as slices of it. Typographic dashes and spaces must have been unified.

    Words for numbers are `words.py`'s, quarters and dates `calendar.py`'s. A `foreign` text is an article, which may write 1.234 for
    1,234, and whose own "about" doesn't matter. Linear in the text's length.
    """
    found: list[Figure] = []
    at = 0
    while (match := _NUMBER.search(text, at)) is not None:
        if text[match.end() : match.end() + 2] in _AFTER_MARKER and _counts_an_item(text, *match.span()):
            at = match.end()
            continue
        figure = _common(text, match, foreign=foreign) or _other(text, match, foreign=foreign)
        at = figure.end
        if foreign and figure.readings[0].kind == "number":
            figure = _as_share(text, figure)
        found.append(figure)
    return _with_shared_units(text, found, foreign=foreign)


def _as_share(text: str, figure: Figure) -> Figure:
    """A plain number read as percent or percentage points, too, where it can be: "a combined ratio of 88.5, up 3.1 points"."""
    reading = figure.readings[0]
    if figure.factor != 1.0 or reading.value >= _ALL:
        return figure
    if text[figure.end : figure.end + 6].lower() in _POINTS:
        return figure._replace(readings=(*figure.readings, reading._replace(kind="points")))
    before = text[max(0, figure.start - _RATIO_REACH) : figure.start]
    if "ratio" in before and _RATIO.search(before) is not None:
        return figure._replace(readings=(*figure.readings, reading._replace(kind="percent")))
    return figure


def _counts_an_item(text: str, start: int, end: int) -> bool:
    """Whether a number only counts an item of a list: "1. Sales rose", "2) Profit fell" at a sentence's start."""
    before = text[max(0, start - 3) : start].rstrip("( ")
    return end - start <= _MOST_DIGITS and (start <= 1 or before[-1:] in _SENTENCE_ENDS) and text[end + 2 : end + 3].isupper()


def _common(text: str, match: re.Match[str], *, foreign: bool) -> Figure | None:
    """What `_other` makes of the commonest forms, several times faster; None for the others."""
    plain, behind = match["plain"], match["behind"]
    if plain is None or (behind is not None and behind not in _KNOWN and may_be_unit(behind)):
        return None
    start, end = match.span()
    length, currency, negative = prefix_before(text, start)
    first = start - length
    if text[first - 1 : first] not in _APART:
        return None
    kind, factor = None, 1.0
    if behind in _KNOWN:
        end += len(behind)
        kind, factor = _KNOWN[behind]
        if kind is not None:
            currency = None
        elif text[end : end + 2].lower() in _NEXT_SCALES:
            return None
        else:
            end, kind, currency, hundredths = unit_after(text, end, currency)
            factor *= hundredths
    whole, _, decimals = match.group().partition(".")
    if foreign and len(decimals) == _GROUP:
        return None
    value, grain = float(f"{whole}.{decimals or 0}"), 10.0 ** -len(decimals)
    kind = kind or ("amount" if currency else "number")
    readings: tuple[Reading, ...] = (Reading(kind, value * factor, grain * factor, currency),)
    if kind == "number" and factor == 1.0 and not decimals and _is_year(whole, value):
        readings = (Reading("year", value, 1.0), *readings)
    return Figure(first, end, readings, "" if foreign else bound_before(text, first), negative, factor)


def _other(text: str, match: re.Match[str], *, foreign: bool) -> Figure:
    return _label(text, *match.span()) if match["dated"] is not None else _figure(text, match, foreign=foreign)


def _figure(text: str, match: re.Match[str], *, foreign: bool) -> Figure:
    start, end = match.span()
    written = match.group()
    if text[start - 1 : start] == "." and text[start - 2 : start - 1] in _BEFORE_DOT and written.isdecimal():
        start, written = start - 1, f".{written}"  # $.69 a share
    prefix = prefix_before(text, start)
    length, currency, negative = prefix
    before_it, after = text[start - 1 : start], text[end : end + 1]
    if not length and before_it not in _APART and (before_it.isalnum() or before_it == "-"):
        before = _LABEL_BEFORE.search(text, max(0, start - 24), start)
        if before is not None and before.group().rstrip("-").lower() not in _FREE_PREFIXES:
            return _label(text, before.start(), start)
    if not length and after in _FORM_GOES_ON and _FORM.match(text, start) is not None:
        return _label(text, start, end)
    bracketed = after == ")" and _is_bracketed(text, start - max(1, length), start, end)
    scaled_end, scale = scale_after(text, end + bracketed)
    unit_end, unit, currency, unit_factor = unit_after(text, scaled_end, currency)
    if unit is None and scale == 1.0 and after.isalpha() and (label := _LABEL_AFTER.match(text, end)) is not None:
        return _label(text, start, label.end())
    kind: Kind = unit or ("amount" if prefix.currency else "number")
    factor = scale * unit_factor
    readings = tuple([Reading(kind, value * factor, grain * factor, currency) for value, grain in _values(written, foreign=foreign)])
    if kind == "number" and scale == 1.0 and _is_year(written, readings[0].value):
        readings = (Reading("year", readings[0].value, 1.0), *readings)
    first = start - length
    negative = negative or (kind != "number" and text[first - 1 : first] == "(" and text[unit_end : unit_end + 1] == ")")
    return Figure(first, unit_end, readings, "" if foreign else bound_before(text, first), negative, factor)


def _is_year(written: str, value: float) -> bool:
    return len(written) == _YEAR_DIGITS and written.isdecimal() and _FIRST_YEAR <= value <= _LAST_YEAR


def _is_bracketed(text: str, first: int, start: int, end: int) -> bool:
    """Whether the bracket that closes right after a number is its own, with its unit behind it: "(5)%"."""
    return "(" in text[max(0, first) : start] and (text[end + 1 : end + 2] == "%" or scale_after(text, end + 1)[1] != 1.0)


def _label(text: str, start: int, end: int) -> Figure:
    while end < len(text) and (text[end].isalnum() or (text[end] == "-" and text[end + 1 : end + 2].isalnum())):
        end += 1
    return Figure(start, end, (Reading("label", 0.0, 0.0),))


def _values(written: str, *, foreign: bool) -> list[tuple[float, float]]:
    """(value, grain) of a number as written; more where a space, or a full stop in a foreign text, may part thousands or not."""
    if written.isdecimal():
        return [(float(written), 1.0)]
    if "/" in written or written[-1] in _VULGAR:
        return [_vulgar(written)]
    if " " in written:
        # "12 737 MAX jets" is no 12,737.
        mark = "," if "," in written else "."
        return [_decimal(written.replace(" ", ""), mark), *(_decimal(part, mark) for part in written.split(" "))]
    plain = written.replace("'", "")
    stops, commas = plain.count("."), plain.count(",")
    if stops and commas:
        mark = max(".,", key=plain.rfind)
        return [_decimal(plain.replace("," if mark == "." else ".", ""), mark)]
    if stops > 1 or (commas and len(plain) - plain.rfind(",") == 1 + _GROUP):
        return [_decimal(plain.replace(".", "").replace(",", ""), ".")]
    whole, _, decimals = plain.partition(".")
    by_thousands = foreign and len(decimals) == _GROUP and whole not in {"", "0"} and len(whole) <= _GROUP
    return [_decimal(plain, "," if commas else "."), *([_decimal(whole + decimals, ".")] if by_thousands else [])]


def _vulgar(written: str) -> tuple[float, float]:
    """The same of "3-1/2", "1/4" and "4¾", which are exact to the part."""
    whole, _, part = written.replace(" ", "-").rpartition("-")
    if written[-1] in _VULGAR:
        whole, part = written[:-1], _VULGAR[written[-1]]
    above, _, below = part.partition("/")
    return float(whole or 0) + float(above) / float(below), 10.0 ** -len(below) / float(below)


def _decimal(plain: str, mark: str) -> tuple[float, float]:
    whole, _, decimals = plain.partition(mark)
    return float(f"{whole}.{decimals or 0}"), 10.0 ** -len(decimals)


def _with_shared_units(text: str, found: list[Figure], *, foreign: bool) -> list[Figure]:
    """In "1.2 to 1.3 billion" and "5-7%" the first number has the second's unit; articles may write "1.2 billion to 1.3"."""
    for index in range(len(found) - 1):
        one, other = found[index], found[index + 1]
        if other.start - one.end > _JOINED_WITHIN or other.readings[0].kind not in MEASURES:
            continue
        if _JOINED.fullmatch(text, one.end, other.start) is not None:
            found[index] = one._replace(readings=_shared(one, other))
            if foreign and _RANGE.fullmatch(text, one.end, other.start) is not None:
                found[index + 1] = other._replace(readings=_continued(one, other))
    return found


def _continued(one: Figure, other: Figure) -> tuple[Reading, ...]:
    """How `other`, the upper end of a range, reads with the scale and unit of `one` if it has none itself; and as it stands."""
    first, last = one.readings[0], other.readings[0]
    plain = other.factor == 1.0 and (last.kind == "number" or (last.kind == "amount" and first.kind == "amount"))
    if not plain or (one.factor == 1.0 and first.kind not in {"percent", "points"}):
        return other.readings
    continued = Reading(first.kind, last.value * one.factor, last.grain * one.factor, first.currency)
    return (*other.readings, continued) if first.value < continued.value <= _WIDEST * first.value else other.readings


def _shared(one: Figure, other: Figure) -> tuple[Reading, ...]:
    """How `one` reads with the scale and unit of `other`, if it has none itself; and as it stands, unless that makes no range."""
    first, last = one.readings[-1], other.readings[0]
    of_share = last.kind in {"percent", "points"}
    if one.factor != 1.0 or first.kind not in {"number", "amount"} or (first.kind == "amount" if of_share else other.factor == 1.0):
        return one.readings
    shared = Reading(last.kind, first.value * other.factor, first.grain * other.factor, first.currency or last.currency)
    return (shared,) if shared.value <= last.value else (*one.readings, shared)


def is_range(text: str, low: Figure, high: Figure) -> bool:
    """Whether two neighbours say "low to high" of one thing: of one kind, and not a change "from" one "to" the other."""
    one, other = low.readings[0], high.readings[0]
    if one.kind != other.kind or one.kind not in MEASURES or not 0 < high.start - low.end <= _JOINED_WITHIN:
        return False
    before = max(0, low.start - _BEFORE_RANGE)
    if text.endswith(" by ", 0, low.start):
        return False  # "raised by 20 cents to $17.20" ends there
    if _BETWEEN.search(text, before, low.start) is not None:
        return text[low.end : high.start].strip() == "and"
    return _RANGE.fullmatch(text, low.end, high.start) is not None and _FROM.search(text, before, low.start) is None


def ends_range(text: str, figures: Sequence[Figure], figure: Figure) -> bool:
    """Whether a figure is one end of a range in its text, of which `figures` are the figures in order."""
    at = bisect_left(figures, figure.start, key=_start)
    return any(is_range(text, low, high) for low, high in pairwise(figures[max(0, at - 1) : at + 2]))


def _start(figure: Figure) -> int:
    return figure.start

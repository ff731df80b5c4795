"""Faults of one figure: another digit, another scale, another unit."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise

from agent.article import Article
from evals.planted.figures import Figure, figures, stated, still_covers
from evals.planted.pairs import Pair
from evals.planted.plant import Edit, Plant, in_text, prose, shuffled

_OTHER_SCALE = {"million": "billion", "billion": "million", "trillion": "billion"}
_EXCHANGED = 0.25
_EARLIEST, _LATEST = 1990, 2049


def digit_swaps(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """One digit of a figure, date or year is another, or two digits change places."""
    for where, figure in shuffled([(where, figure) for where, text in prose(pair) for figure in figures(text)], rng):
        text = getattr(pair.draft, where)
        # There are nine times as many other digits as neighbours to exchange; one in four is an exchange where it can be.
        first = "digits exchanged" if rng.random() < _EXCHANGED else "another digit"
        for variant, digits in sorted(shuffled(list(other_digits(figure.digits)), rng), key=lambda made: made[0] != first):
            if _is_false(figure, digits, text, pair.article):
                new = figure.currency + digits + figure.unit
                yield _with(pair, ("digit swap", f"{variant}, {figure.kind}"), where, figure, new)
                break


def scale_swaps(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Million for billion, billion for million or for trillion."""
    for where, figure in shuffled([(where, figure) for where, text in prose(pair) for figure in figures(text)], rng):
        scale = _OTHER_SCALE.get(figure.unit.strip())
        other = next(figures(f"{figure.digits} {scale}")) if scale else None
        if other and not stated(other.digits, other.scale, _whole(pair.article), scaled_only=True):
            yield _with(
                pair, ("scale swap", f"{figure.unit.strip()} to {scale}"), where, figure, f"{figure.currency}{figure.digits} {scale}"
            )


def percent_to_basis_points(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Percent for basis points, or basis points for percent."""
    yield from _units(pair, rng, "percent or bps", {"%": " basis points", "percent": " basis points", "basis points": "%"})


def percent_to_points(pair: Pair, rng: random.Random) -> Iterator[Plant | None]:
    """Percent for percentage points, or percentage points for percent."""
    yield from _units(
        pair, rng, "percent or points", {"%": " percentage points", "percent": " percentage points", "percentage points": "%"}
    )


def _units(pair: Pair, rng: random.Random, kind: str, others: dict[str, str]) -> Iterator[Plant | None]:
    for where, figure in shuffled([(where, figure) for where, text in prose(pair) for figure in figures(text)], rng):
        unit = others.get(figure.unit.strip())
        if unit and not re.search(rf"(?<![\d.,]){re.escape(figure.digits + unit)}", _whole(pair.article)):
            yield _with(pair, (kind, f"{figure.unit.strip()} to {unit.strip()}"), where, figure, figure.digits + unit)


def _with(pair: Pair, name: tuple[str, str], where: str, figure: Figure, new: str) -> Plant | None:
    old = getattr(pair.draft, where)[figure.start : figure.end]
    return in_text(*name, pair, Edit(where, old, new, figure.start, figure.end))


def other_digits(digits: str) -> Iterator[tuple[str, str]]:
    """Every figure that one other digit, or two digits exchanged, makes of this one; as long as it, and without a new leading zero."""
    spots = [index for index, char in enumerate(digits) if char.isdigit()]
    for index in spots:
        for digit in "0123456789":
            if digit != digits[index] and (digit != "0" or index > 0):
                yield "another digit", digits[:index] + digit + digits[index + 1 :]
    for left, right in pairwise(spots):
        if digits[left] != digits[right] and (digits[right] != "0" or left > 0):
            between = digits[left + 1 : right]
            yield "digits exchanged", digits[:left] + digits[right] + between + digits[left] + digits[right + 1 :]


def _is_false(figure: Figure, digits: str, text: str, article: Article) -> bool:
    """Whether the figure with `digits` can't be the article's in any sense; dates and years stay such."""
    new, old = float(digits.replace(",", "")), float(figure.digits.replace(",", ""))
    before = text[: figure.start]
    if new == old or (figure.kind == "year" and not _EARLIEST <= new <= _LATEST) or (figure.kind == "date" and not 1 <= new <= 28):  # noqa: PLR2004
        return False
    return not still_covers(before, old, new) and not stated(digits, figure.scale, _whole(article))


def _whole(article: Article) -> str:
    """Everything of the article that a prompt shows: its date is one of its figures."""
    published = article.published_at.strftime("%Y-%m-%d") if article.published_at else ""
    return f"{article.title}\n{article.text}\n{published}"

"""Aggregates that need no more than sums over cards: means and ratios here, F1 and agreement built on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evals.aggregates.columns import column, columns, nothing, number, ones, quotient, scored_only, values_of
from evals.scores import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Resampling(Protocol):
    """An aggregate that can be taken over many resamples at once."""

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The value over `scores`; None when nothing could be scored, or nothing follows from what was."""
        ...

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """The value (R) of each of R resamples; `weights` (R x scores) says how often each score counts; NaN where there is no value."""
        ...


@dataclass(frozen=True)
class Summed:
    """An aggregate that needs no more than sums over cards.

    `rows`: the scored cards as a matrix, a row each. `finish`: sums of rows (... x columns) to values (...), NaN where undefined.
    """

    rows: Callable[[Sequence[Score]], Floats]
    finish: Callable[[Floats], Floats]

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The value over all `scores`."""
        scored = [score for score in scores if score.value is not None]
        return number(self.finish(self.rows(scored).sum(axis=0))) if scored else None

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        scored, weights = scored_only(scores, weights)
        return self.finish(weights @ self.rows(scored)) if scored else nothing(weights)


def mean() -> Summed:
    """The mean of the values."""
    return Summed(lambda scored: columns(values_of(scored), ones(scored)), lambda sums: quotient(sums[..., 0], sums[..., 1]))


def ratio(part: str, whole: str) -> Summed:
    """Sum of one count over sum of another, so that a card with much to find weighs more."""
    return Summed(lambda scored: columns(column(scored, part), column(scored, whole)), lambda sums: quotient(sums[..., 0], sums[..., 1]))

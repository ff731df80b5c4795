"""One run's figure of one metric, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.scores import Aggregate
from evals.statistics.cells import Cell
from evals.statistics.resampling import Floats, Resampling, replicates


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` within `low`..`high`; all None when nothing could be scored. `scored` and `unscored` count cards, repeats included."""

    value: float | None
    low: float | None
    high: float | None
    scored: int
    unscored: int


def estimate(aggregate: Aggregate, cells: Sequence[Cell], resampling: Resampling) -> Estimate:
    """The aggregate of `cells` with its percentile interval.

    B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    With fewer than two clusters there is nothing to draw from, so there is a value and no interval.
    """
    scores = [cell.score for cell in cells if cell.scored]
    value = aggregate(scores) if scores else None
    unscored = len(cells) - len(scores)
    clusters = [cell.cluster for cell in cells if cell.scored]
    if value is None or len(set(clusters)) < 2:  # noqa: PLR2004  one cluster is always drawn whole
        return Estimate(value, None, None, len(scores), unscored)
    low, high = percentiles(replicates(aggregate, scores, resampling.weights(clusters)), resampling.alpha)
    return Estimate(value, low, high, len(scores), unscored)


def percentiles(drawn: Floats, alpha: float) -> tuple[float | None, float | None]:
    """The bounds between which all but `alpha` of the draws lie; draws without a figure are left out."""
    known = drawn[~np.isnan(drawn)]
    if not known.size:
        return None, None
    low, high = np.quantile(known, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)

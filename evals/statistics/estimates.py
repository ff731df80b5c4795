"""One run's figure of one metric, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.scores import Aggregate
from evals.statistics.cells import Cell
from evals.statistics.resampling import Floats, Resampling, replicates

TINY = 1e-18
"""A variance of no more than this is the noise of floating point."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` within `low`..`high`; all None when nothing could be scored. `scored` and `unscored` count cards, repeats included."""

    value: float | None
    low: float | None
    high: float | None
    scored: int
    unscored: int


def estimate(aggregate: Aggregate, cells: Sequence[Cell], resampling: Resampling, *, share: bool = False) -> Estimate:
    """The aggregate of `cells` with its interval: of a `share` (0..1) as `wilson` has it, else between percentiles of the draws.

    B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    With fewer than two clusters there is nothing to draw from, so there is a value and no interval.
    """
    scores = [cell.score for cell in cells if cell.scored]
    value = aggregate(scores) if scores else None
    unscored = len(cells) - len(scores)
    clusters = [cell.cluster for cell in cells if cell.scored]
    if value is None or len(set(clusters)) < 2:  # noqa: PLR2004  one cluster is always drawn whole
        return Estimate(value, None, None, len(scores), unscored)
    drawn = replicates(aggregate, scores, resampling.weights(clusters))
    low, high = wilson(value, drawn, len(set(clusters)), resampling.alpha) if share else percentiles(drawn, resampling.alpha)
    return Estimate(value, low, high, len(scores), unscored)


def percentiles(drawn: Floats, alpha: float) -> tuple[float | None, float | None]:
    """The bounds between which all but `alpha` of the draws lie; draws without a figure are left out."""
    known = drawn[~np.isnan(drawn)]
    if not known.size:
        return None, None
    low, high = np.quantile(known, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def wilson(value: float, drawn: Floats, clusters: int, alpha: float) -> tuple[float, float]:
    """Wilson's interval of a share, with the number of independent articles that the draws' spread stands for, and Student's quantile.

    Percentiles fail near 0 and 1: where all of twenty articles are right no draw has a wrong one, and 100% to 100% would be said of an
    engine that errs once in twenty. Without any spread each cluster counts as one article. N. Dean and M. Pagano, "Evaluating confidence
    interval methods for binomial proportions in clustered surveys", Journal of Survey Statistics and Methodology 3 (2015), 484-503;
    `python bench/verdicts.py cover` measures both.
    """
    from scipy.special import stdtrit  # heavy, and only shares need it

    known = drawn[~np.isnan(drawn)]
    variance = float(known.var(ddof=1)) if known.size > 1 else 0.0
    independent = value * (1 - value) / variance if variance > TINY and 0 < value < 1 else float(clusters)
    squared = float(stdtrit(clusters - 1, 1 - alpha / 2)) ** 2 / independent
    middle = (value + squared / 2) / (1 + squared)
    half = (squared * value * (1 - value) + squared**2 / 4) ** 0.5 / (1 + squared)
    return max(0.0, middle - half), min(1.0, middle + half)

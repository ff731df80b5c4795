"""Two runs on the same articles: what differs, how surely, and what could have been seen at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lcm
from statistics import NormalDist
from typing import Literal

import numpy as np

from evals.scores import Metric
from evals.statistics.cells import Cell, Cells
from evals.statistics.estimates import percentiles
from evals.statistics.holm import holm
from evals.statistics.resampling import Floats, Resampling, replicates

Verdict = Literal["better", "worse", "undecided", "not judged"]
POWER = 0.8
"""How often the smallest difference that a comparison can see would be seen."""
MIN_CLUSTERS = 20
"""Below so many there is no verdict: tests on few clusters find too much, which is known for 5 to 30 of them.

A. C. Cameron, J. B. Gelbach and D. L. Miller, "Bootstrap-based improvements for inference with clustered errors", Review of Economics and
Statistics 90 (2008), 414-427. Five articles that all fell by chance would otherwise be called worse.
"""
DIGITS = 12
"""Decimals of a difference that mean anything."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric of runs A and B over the articles that both have scored; `difference` is B less A, within `low`..`high`.

    Each article counts alike in A and in B, however many of its repeats are scored on either side.

    `p` is of this metric alone, `holm` with its family taken together; the verdict goes by `holm`. `smallest` is the difference that so
    many articles would have shown in 8 of 10 tries, from the draws' `standard_error`. Each is None where there is nothing to compute it
    from, `smallest` where no article differs; `p`, `holm` and `smallest` also below MIN_CLUSTERS, where no difference is seen at all.
    """

    metric: Metric
    a: float | None
    b: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    holm: float | None = None
    standard_error: float | None = None
    smallest: float | None = None
    verdict: Verdict = "undecided"
    samples: int = 0
    clusters: int = 0


def compare(metrics: Sequence[Metric], a: Cells, b: Cells, resampling: Resampling) -> list[Comparison]:
    """Each of `metrics` that both sides have cells of, with a verdict; Holm's correction over each family."""
    rows = [_pair(metric, a[metric.name], b[metric.name], resampling) for metric in metrics if metric.name in a and metric.name in b]
    adjusted: dict[str, float] = {}
    judged: dict[str, list[Comparison]] = defaultdict(list)
    for row in rows:
        if row.p is not None and row.metric.higher_is_better is not None:
            judged[row.metric.family].append(row)
    for family in judged.values():
        adjusted |= holm({row.metric.name: row.p for row in family if row.p is not None})
    return [_judged(row, adjusted.get(row.metric.name), len(judged[row.metric.family]), resampling.alpha) for row in rows]


def _pair(metric: Metric, a: Sequence[Cell], b: Sequence[Cell], resampling: Resampling) -> Comparison:
    """The figures of one metric, without a verdict."""
    both = {cell.sample for cell in a if cell.scored} & {cell.sample for cell in b if cell.scored}
    cells = [[cell for cell in side if cell.scored and cell.sample in both] for side in (a, b)]
    values = [_value(metric, side) if side else None for side in cells]
    clusters = len({cell.cluster for cell in cells[0]})
    row = Comparison(metric, values[0], values[1], samples=len(both), clusters=clusters)
    if values[0] is None or values[1] is None:
        return row
    row = replace(row, difference=round(values[1] - values[0], DIGITS))
    if clusters < 2:  # noqa: PLR2004  one cluster is always drawn whole
        return row
    drawn = _differences(metric, cells[0], cells[1], resampling)
    known = drawn[~np.isnan(drawn)]
    low, high = percentiles(known, resampling.alpha)
    spread = float(known.std(ddof=1)) if known.size > 1 else None
    return replace(row, low=low, high=high, p=two_sided(known) if clusters >= MIN_CLUSTERS else None, standard_error=spread)


def _value(metric: Metric, cells: Sequence[Cell]) -> float | None:
    """The metric over `cells`, every article as much as every other."""
    scores, times = [cell.score for cell in cells], _times(cells)
    if (times == 1).all():
        return metric.aggregate(scores)
    value = float(replicates(metric.aggregate, scores, times[None, :])[0])
    return None if np.isnan(value) else value


def _times(cells: Sequence[Cell]) -> Floats:
    """How often each cell is to be counted so that every article counts alike; all 1 where every article has as many cells.

    A run that says nothing of a hard article in two repeats of three would else be the better for it: the article would count a third.
    """
    held = Counter(cell.sample for cell in cells)
    whole = lcm(*held.values())
    return np.array([whole // held[cell.sample] for cell in cells], float)


def _differences(metric: Metric, a: Sequence[Cell], b: Sequence[Cell], resampling: Resampling) -> Floats:
    """B less A in each draw of clusters: the same clusters are drawn on both sides, which is what makes the comparison paired.

    A's clusters hold for both, since a baseline may be older than the data set's clustering. Differences below the precision of floating
    point are none: a draw without any changed article must count as no difference on every machine.
    """
    home = {cell.sample: cell.cluster for cell in a}
    first, second = (
        replicates(metric.aggregate, [cell.score for cell in side], resampling.weights([home[cell.sample] for cell in side]) * _times(side))
        for side in (a, b)
    )
    return np.round(second - first, DIGITS)


def two_sided(drawn: Floats) -> float | None:
    """How often a draw falls on the other side of zero, twice, so that p < alpha where the interval of 1 - alpha leaves zero out.

    One is added to both counts (A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application, 1997, section 4.2.5), so that no
    number of draws makes certainty.
    """
    if not drawn.size:
        return None
    beyond = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (drawn.size + 1))


def _judged(row: Comparison, adjusted: float | None, family: int, alpha: float) -> Comparison:
    """`row` with its verdict and the smallest difference that its family lets it see."""
    # Where no article differs there is no spread to tell it from; it isn't that the smallest difference would be seen.
    smallest = None if not row.standard_error or row.p is None else smallest_visible(row.standard_error, alpha / max(family, 1))
    if row.metric.higher_is_better is None:
        return replace(row, smallest=smallest, verdict="not judged")
    if adjusted is None or adjusted >= alpha or not row.difference:
        return replace(row, holm=adjusted, smallest=smallest)
    rose = row.difference > 0
    return replace(row, holm=adjusted, smallest=smallest, verdict="better" if rose is row.metric.higher_is_better else "worse")


def smallest_visible(standard_error: float, alpha: float) -> float:
    """The difference that a two-sided test at `alpha` sees with 80 % power: (z(1 - alpha/2) + z(0.8)) x standard error.

    H. S. Bloom, "Minimum detectable effects", Evaluation Review 19 (1995), 547-556. `alpha` is the family's level divided by its size,
    which is Holm's first and hardest step: so large a difference is seen whatever the other metrics do.
    """
    quantile = NormalDist().inv_cdf
    return (quantile(1 - alpha / 2) + quantile(POWER)) * standard_error

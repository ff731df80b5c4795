"""Two runs on the same articles: what differs, how surely, and what could have been seen at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from evals.scores import Metric, Score
from evals.statistics.cells import Cell, Cells
from evals.statistics.estimates import percentiles
from evals.statistics.holm import holm
from evals.statistics.resampling import Floats, Resampling, replicates

Verdict = Literal["better", "worse", "undecided", "not judged"]
POWER = 0.8
"""How often the smallest difference that a comparison can see would be seen."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric of runs A and B over the articles that both have scored; `difference` is B less A, within `low`..`high`.

    `p` is of this metric alone, `holm` with its family taken together; the verdict goes by `holm`. `smallest` is the difference that this
    many articles would have shown in 8 of 10 tries. Each is None where there is nothing to compute it from.
    """

    metric: Metric
    a: float | None
    b: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    holm: float | None = None
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
    values = [metric.aggregate([cell.score for cell in side]) if side else None for side in cells]
    clusters = len({cell.cluster for cell in cells[0]})
    row = Comparison(metric, values[0], values[1], samples=len(both), clusters=clusters)
    if values[0] is None or values[1] is None:
        return row
    row = replace(row, difference=values[1] - values[0])
    if clusters < 2:  # noqa: PLR2004  one cluster is always drawn whole
        return row
    drawn = _differences(metric, cells[0], cells[1], resampling)
    known = drawn[~np.isnan(drawn)]
    low, high = percentiles(known, resampling.alpha)
    spread = float(known.std(ddof=1)) if known.size > 1 else None
    return replace(row, low=low, high=high, p=two_sided(known), smallest=spread)


def _differences(metric: Metric, a: Sequence[Cell], b: Sequence[Cell], resampling: Resampling) -> Floats:
    """B less A in each draw of clusters: the same clusters are drawn on both sides, which is what makes the comparison paired."""
    weights = resampling.weights([cell.cluster for cell in (*a, *b)])
    sides = ((a, weights[:, : len(a)]), (b, weights[:, len(a) :]))
    first, second = (replicates(metric.aggregate, _scores(side), drawn) for side, drawn in sides)
    return second - first


def _scores(cells: Sequence[Cell]) -> list[Score]:
    return [cell.score for cell in cells]


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
    """`row` with its verdict and with `smallest` made of its standard error."""
    smallest = None if row.smallest is None else smallest_visible(row.smallest, alpha / max(family, 1))
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
    from scipy.special import ndtri

    return float((ndtri(1 - alpha / 2) + ndtri(POWER)) * standard_error)

"""Cells of made-up scores."""

from __future__ import annotations

from collections.abc import Sequence

from evals.aggregates import mean
from evals.scores import Metric, Score
from evals.statistics import Cell


def cells(values: Sequence[float | None], *, per_cluster: int = 1) -> list[Cell]:
    """A cell for each value, of samples s0, s1, ...; so many samples in a row share a cluster."""
    return [Cell(f"s{place}", f"c{place // per_cluster}", Score(value)) for place, value in enumerate(values)]


def metric(name: str = "m", *, higher_is_better: bool | None = True, family: str = "quality") -> Metric:
    """The mean of the scores; nothing is scored here, so there is no scorer to speak of."""
    return Metric(name, lambda _card, _sample: Score(None), mean(), higher_is_better=higher_is_better, family=family)

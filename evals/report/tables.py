"""The tables of a report: the scores with their intervals, slices by tag, the confusion of labels, calibration by bin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.aggregates.columns import pair
from evals.report.evaluated import Evaluated
from evals.scorers.impact import Bin, calibration
from evals.scorers.sentiment import LABELS
from evals.scores import Metric
from evals.statistics import Estimate

SLICED = (
    "tickers.f1",
    "topics.f1",
    "sentiment.accuracy",
    "entities.recall",
    "entities.accuracy",
    "impact.in_range",
    "summary.facts",
    "checks.passed",
)
"""The metrics that are shown for each tag."""
MIN_CARDS = 3
"""A slice of fewer cards says nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric: its figure, its interval, and why cards were left out of it."""

    metric: Metric
    estimate: Estimate
    shown: str
    interval: str
    unscored: Sequence[tuple[str, int]]
    bar: tuple[float, float, float] | None
    """Low, value and high as shares of the bar 0..1; None where the metric has no such scale."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One tag: how many cards carry it, and the figure of each sliced metric; None where nothing was scored."""

    tag: str
    cards: int
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """How often gold's label met the card's; `share` 0..1 of gold's row."""

    count: int
    share: float
    right: bool


def rows(evaluated: Evaluated, family: str) -> list[Row]:
    """The metrics of a family that could be scored, in their order."""
    return [
        _row(metric, evaluated)
        for metric in evaluated.metrics
        if metric.family == family and evaluated.estimates[metric.name].value is not None
    ]


def unscorable(evaluated: Evaluated) -> list[tuple[str, str]]:
    """The metrics that no card could be scored in, each with its most frequent reason."""
    found = [metric.name for metric in evaluated.metrics if evaluated.estimates[metric.name].value is None]
    return [(name, next(iter(evaluated.values[name].unscored), "no card")) for name in found]


def slices(evaluated: Evaluated) -> list[Slice]:
    """The tags that at least three cards carry, by name."""
    counted = Counter(tag for sample in evaluated.samples for tag in sample.tags)
    metrics = [metric for metric in evaluated.metrics if metric.name in SLICED]
    found = []
    for tag in sorted(tag for tag, count in counted.items() if count >= MIN_CARDS):
        inside = [place for place, sample in enumerate(evaluated.samples) if tag in sample.tags]
        values = [metric.aggregate([evaluated.scores[metric.name][place] for place in inside]) for metric in metrics]
        found.append(Slice(tag, len(inside), values))
    return found


def confusion(evaluated: Evaluated) -> list[tuple[str, list[Cell]]]:
    """Gold's labels, each with how often every label was on the card; empty where no label was scored."""
    total: Counter[tuple[str, str]] = Counter()
    for score in evaluated.scores.get("sentiment.exact", ()):
        for gold in LABELS:
            total.update({(gold, said): int(float(score.counts.get(pair(gold, said), 0))) for said in LABELS})
    if not total.total():
        return []
    return [(gold, list(_cells(total, gold))) for gold in LABELS]


def bins(evaluated: Evaluated) -> tuple[Bin, ...]:
    """Impact as the cards say it against gold's."""
    scores = evaluated.scores.get("impact.mae", ())
    return calibration(scores) if any(score.value is not None for score in scores) else ()


def figure(value: float | None, unit: str) -> str:
    """A value in its unit: shares as percentages, dollars with what digits they need."""
    if value is None:
        return "-"
    match unit:
        case "share":
            return f"{value:.1%}"
        case "usd":
            return f"${value:.4f}"
        case "kappa" | "rho" | "impact" | "steps":
            return f"{value:.2f}"
        case "s":
            return f"{value:.2f} s"
    return f"{value:,.1f}"


def _cells(total: Counter[tuple[str, str]], gold: str) -> Iterator[Cell]:
    whole = sum(total[gold, said] for said in LABELS)
    for said in LABELS:
        count = total[gold, said]
        yield Cell(count, count / whole if whole else 0.0, said == gold)


def _row(metric: Metric, evaluated: Evaluated) -> Row:
    estimate = evaluated.estimates[metric.name]
    known = estimate.low is not None and estimate.high is not None
    interval = f"{figure(estimate.low, metric.unit)} to {figure(estimate.high, metric.unit)}" if known else "-"
    bar = None
    if metric.unit == "share" and estimate.value is not None:
        bar = (
            estimate.value if estimate.low is None else estimate.low,
            estimate.value,
            estimate.value if estimate.high is None else estimate.high,
        )
    unscored = list(evaluated.values[metric.name].unscored.items())
    return Row(metric, estimate, figure(estimate.value, metric.unit), interval, unscored, bar)

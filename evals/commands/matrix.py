"""`newscard eval matrix`: models times prompts, and which of them no other beats in quality, cost and cards made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.cli.messages import say
from agent.cli.output import print_out
from agent.errors import UsageError
from evals.commands.making import Order as RunOrder
from evals.commands.making import make_run
from evals.commands.showing import loaded
from evals.report.matrix import matrix_page
from evals.report.plots import Point
from evals.report.tables import figure
from evals.runs.manifest import SplitChoice
from evals.runs.scoring import ALL_METRICS, Run
from evals.statistics import Resampling

EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True)
class Order:
    """What a matrix is made of."""

    models: Sequence[str]
    prompts: Sequence[str]
    quality: str
    data: tuple[str, ...]
    split: SplitChoice
    limit: int | None
    out: Path


def matrix(order: Order) -> int:
    """Make the runs, print the table, write the page. Raises UsageError for an unknown metric."""
    metric = next((metric for metric in ALL_METRICS if metric.name == order.quality and metric.higher_is_better), None)
    if metric is None:
        known = ", ".join(metric.name for metric in ALL_METRICS if metric.family == "quality")
        raise UsageError(f"--quality {order.quality}: no such metric of quality; there are {known}")
    points = _marked([point_of(run, name, order.quality) for name, run in _runs(order)])
    print_out(_table(points, metric.unit))
    page = order.out / "matrix.html"
    page.write_text(matrix_page(points, order.quality), "utf-8")
    say(f"the plot is {page}")
    return 0


def frontier(points: Sequence[Point]) -> set[str]:
    """The names of those that none beats: no other is at least as good, at most as dear and makes as many cards, and is better in one.

    Quality is of the cards that were made: a run whose replies to hard articles are no drafts would else beat one that answers them all.
    """
    return {point.name for point in points if not any(_beats(other, point) for other in points)}


def _beats(other: Point, point: Point) -> bool:
    one, two = ((each.quality, -each.cost, each.made) for each in (other, point))
    return one != two and all(mine >= theirs for mine, theirs in zip(one, two, strict=True))


def _runs(order: Order) -> list[tuple[str, Run]]:
    found = []
    for model in order.models:
        # The extractive engine has no prompt, so that it runs once.
        for prompt in order.prompts if model != EXTRACTIVE else order.prompts[:1]:
            name = EXTRACTIVE if model == EXTRACTIVE else f"{model} {prompt}"
            out = order.out / name.replace(" ", "-").replace("/", "-").replace(":", "-")
            flags = {"engine": "extractive"} if model == EXTRACTIVE else {"engine": "llm", "model": model, "prompt": prompt}
            path = make_run(RunOrder(order.data, order.split, 1, order.limit, out), flags)
            found.append((name, loaded(path, ())))
    return found


def point_of(run: Run, name: str, quality: str) -> Point:
    """Where a run stands. What replies took that became no card is part of what its cards cost.

    Raises UsageError for a run that is invalid, unpriced or without a figure.
    """
    if run.invalid_because:
        raise UsageError(f"{name} is invalid: {run.invalid_because}")
    value, costs = run.estimates(Resampling())[quality], [row.cost_usd for row in run.rows.values()]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        raise UsageError(f"{name} has no known price; add a row to a file like agent/prices.yaml and name it in NEWSCARD_PRICES")
    if value.value is None:
        raise UsageError(f"{quality} can't be scored on this data; give another --quality or --data")
    cards = len(run.cards)
    return Point(name, sum(known) / cards, value.value, value.low, value.high, on_frontier=False, made=cards / len(run.rows))


def _marked(points: Sequence[Point]) -> list[Point]:
    best = frontier(points)
    return [replace(one, on_frontier=one.name in best) for one in sorted(points, key=lambda one: one.cost)]


def _table(points: Sequence[Point], unit: str) -> str:
    lines = [f"{'':2}{'run':40} {'dollars a card':>15} {'quality':>9}  {'95% interval':>18} {'cards made':>11}"]
    for one in points:
        interval, mark = f"{figure(one.low, unit)} to {figure(one.high, unit)}", "* " if one.on_frontier else "  "
        told = f"{figure(one.cost, 'usd'):>15} {figure(one.quality, unit):>9}  {interval:>18} {figure(one.made, 'share'):>11}"
        lines.append(f"{mark}{one.name:40} {told}")
    return "\n".join([*lines, "* no other is at once as good, as cheap and as sure to make a card"])

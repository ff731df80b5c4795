"""Plots as SVG that stands in the page; matplotlib is imported here alone. The same figures give the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evals.scorers.impact import Bin

_INK, _ACCENT = "#7a828f", "#3b82c4"
"""Both read well on white and on black."""
_CHANGING = re.compile(r"<\?xml[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*|<metadata>.*?</metadata>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Point:
    """One run in a plane of cost (dollars a card) and quality (0..1); `made`: the share of its articles that have a card, 0..1."""

    name: str
    cost: float
    quality: float
    low: float | None
    high: float | None
    on_frontier: bool
    made: float = 1.0


def calibration_plot(bins: Sequence[Bin]) -> str:
    """What cards say of impact against what gold says, by bin; a point's size grows with its cards."""
    figure, axes = _axes(4.2, 3.8)
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=1, linestyle="--")
    axes.plot([one.said for one in bins], [one.gold for one in bins], color=_ACCENT, linewidth=1)
    axes.scatter([one.said for one in bins], [one.gold for one in bins], s=[20 + 4 * one.cards for one in bins], color=_ACCENT)
    for one in bins:
        axes.annotate(f"{one.cards}", (one.said, one.gold), textcoords="offset points", xytext=(9, -4), color=_INK, fontsize=9)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="impact on the cards", ylabel="impact in gold")
    return _svg(figure, "Market impact: cards against gold")


def frontier_plot(points: Sequence[Point], quality: str) -> str:
    """Quality against cost, the frontier joined by a line."""
    figure, axes = _axes(6.2, 4.0)
    best = sorted((point for point in points if point.on_frontier), key=lambda point: point.cost)
    axes.step([point.cost for point in best], [point.quality for point in best], where="post", color=_ACCENT, linewidth=1)
    for point in points:
        colour = _ACCENT if point.on_frontier else _INK
        if point.low is not None and point.high is not None:
            axes.plot([point.cost, point.cost], [point.low, point.high], color=colour, linewidth=1)
        axes.scatter([point.cost], [point.quality], color=colour, s=36)
        axes.annotate(point.name, (point.cost, point.quality), textcoords="offset points", xytext=(7, 5), color=_INK, fontsize=9)
    axes.set(xlabel="dollars a card", ylabel=quality)
    axes.margins(x=0.25)
    return _svg(figure, f"{quality} against dollars a card")


def _axes(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure  # no pyplot: it keeps figures and asks for a screen

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_INK)
    axes.tick_params(colors=_INK)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    return figure, axes


def _svg(figure: Any, title: str) -> str:
    """The figure as an SVG element with a name for those who can't see it, without dates and random ids."""
    import matplotlib as mpl

    # Attributes and not style="": the page's content security policy takes no inline style.
    with mpl.rc_context({"svg.hashsalt": "newscard", "svg.fonttype": "path"}):
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = _CHANGING.sub("", stream.getvalue())
    svg = re.sub(r'style="([^"]*)"', lambda style: _attributes(style[1]), svg)
    svg = re.sub(r'<style type="text/css">.*?</style>', "", svg, flags=re.DOTALL)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{title}" class="plot" stroke-linejoin="round" ', 1).strip()


def _attributes(style: str) -> str:
    pairs = (rule.split(":", 1) for rule in style.split(";") if ":" in rule)
    return " ".join(f'{name.strip()}="{value.strip()}"' for name, value in pairs)

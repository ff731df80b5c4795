"""The page of a matrix: the plot, and its figures as a table."""

from __future__ import annotations

from collections.abc import Sequence

from evals.report.page import filled
from evals.report.plots import Point, frontier_plot


def matrix_page(points: Sequence[Point], quality: str) -> str:
    """One HTML file that fetches nothing."""
    return filled("matrix.html.jinja", points=points, quality=quality, plot=frontier_plot(points, quality))

"""What a measure is, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evals.samples import Sample
from evals.scores import Aggregate
from evals.statistics import Cell, Estimate, Resampling, estimate

ENGINE = "newscard"
"""What the engine is called among the systems of a line; the others are what it is held against."""
HEAD = ("set", "measured", "cards", "aim", "newscard", "others")


class Parts(NamedTuple):
    """A set's samples: those that are measured, and those of the other part, for a baseline that must know how common a label is."""

    judged: Sequence[Sample]
    rest: Sequence[Sample]


@dataclass(frozen=True)
class Line:
    """A line of the table: one figure of several systems, each from cells of the same samples.

    `aim`: the least it should reach, None without one. `digits` behind the point. `share`: whether it is one, 0..1.
    """

    what: str
    aggregate: Aggregate
    cells: Mapping[str, Sequence[Cell]]
    aim: float | None = None
    digits: int = 2
    share: bool = True


@dataclass(frozen=True)
class Measure:
    """What is measured on the set `dataset` (its name in `evals.datasets`)."""

    dataset: str
    lines: Callable[[Parts], Iterator[Line]]


def printed(dataset: str, lines: Iterable[Line], resampling: Resampling) -> Iterator[str]:
    """The rows of one set, in Markdown."""
    for line in lines:
        estimates = {name: estimate(line.aggregate, cells, resampling, share=line.share) for name, cells in line.cells.items()}
        figures = {name: _figure(found, line.digits) for name, found in estimates.items()}
        cards = sum(cell.scored for cell in line.cells[ENGINE])
        others = "; ".join(f"{name} {figure}" for name, figure in figures.items() if name != ENGINE)
        aim = "" if line.aim is None else f">= {line.aim:.{line.digits}f}"
        yield row((dataset, line.what, str(cards), aim, figures[ENGINE], others))


def row(fields: Iterable[str]) -> str:
    """A row in Markdown."""
    return f"| {' | '.join(fields)} |"


def head() -> Iterator[str]:
    """The two rows that begin the table."""
    yield row(HEAD)
    yield f"|{'---|' * len(HEAD)}"


def _figure(found: Estimate, digits: int) -> str:
    if found.value is None:
        return "none"
    if found.low is None or found.high is None:
        return f"{found.value:.{digits}f}"
    return f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"

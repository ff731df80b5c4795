"""What statistics are made of: the score of one card, with the article and the cluster it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.scores import Score


@dataclass(frozen=True, slots=True)
class Cell:
    """What one metric says of one card. Several cells of one `sample` are its repeats."""

    sample: str
    cluster: str
    score: Score

    @property
    def scored(self) -> bool:
        """Whether there is a value; an unscored cell is counted apart and never as zero."""
        return self.score.value is not None


Cells = Mapping[str, Sequence[Cell]]
"""Metric name -> its cells."""

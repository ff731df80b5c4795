"""Drawing clusters again and again, and the aggregate of each draw.

Articles of one story or of one issuer's day are not independent, so it is clusters that are drawn with replacement, whole, with all their
articles and repeats: A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997), section 3.8; C. A. Field and
A. H. Welsh, "Bootstrapping clustered data", JRSS B 69 (2007), 369-390.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from evals.scores import Aggregate, Score

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@runtime_checkable
class Weighing(Protocol):
    """An aggregate that can do many draws at once. Any other is called once a draw, which gives the same figures more slowly."""

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """The aggregate of `scores` (all scored) for each row of `weights` (draws x scores: how often each is in the draw).

        nan where a draw has nothing to make a figure of.
        """
        ...


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often is drawn, from which seed, and at which level: 0.05 gives intervals of 95 %."""

    draws: int = 2_000
    seed: int = 20_250_618
    alpha: float = 0.05

    def weights(self, clusters: Sequence[str]) -> Counts:
        """Draws x cells: how often each cell is in each draw, for the clusters that the cells belong to, in the cells' order."""
        names, place = np.unique(np.asarray(clusters), return_inverse=True)
        rng = np.random.default_rng(self.seed)
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=self.draws)
        return drawn[:, place]


def replicates(aggregate: Aggregate, scores: Sequence[Score], weights: Counts) -> Floats:
    """The aggregate of each draw; nan where it has none."""
    if isinstance(aggregate, Weighing):
        return aggregate.resampled(scores, weights.astype(np.float64))
    cells = np.arange(len(scores))
    values = (aggregate([scores[i] for i in np.repeat(cells, row).tolist()]) for row in weights)
    return np.fromiter((np.nan if value is None else value for value in values), np.float64, len(weights))

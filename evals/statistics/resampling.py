"""Drawing clusters again and again, and the aggregate of each draw.

Articles of one story or of one issuer's day are not independent, so it is clusters that are drawn with replacement, whole, with all their
articles and repeats: A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997), section 3.8; C. A. Field and
A. H. Welsh, "Bootstrapping clustered data", JRSS B 69 (2007), 369-390.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from evals.scores import Aggregate, Score

Floats = NDArray[np.float64]


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

    def weights(self, clusters: Sequence[str]) -> Floats:
        """Draws x cells: how often each cell is in each draw, for the clusters that the cells belong to, in the cells' order.

        The same set of clusters is drawn the same way whatever cells are in them, which is what pairs two runs. Not to be written to.
        """
        return _weights(tuple(clusters), self.draws, self.seed)


# Most metrics score the same cards, and drawing costs more than most aggregates: a run has few distinct sets of scored cards.
@lru_cache(maxsize=16)
def _weights(clusters: tuple[str, ...], draws: int, seed: int) -> Floats:
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    weights: Floats = drawn[:, place].astype(np.float64)
    weights.flags.writeable = False
    return weights


def replicates(aggregate: Aggregate, scores: Sequence[Score], weights: Floats) -> Floats:
    """The aggregate of each draw; nan where it has none."""
    if isinstance(aggregate, Weighing):
        return aggregate.resampled(scores, weights)
    cells = np.arange(len(scores))
    values = (aggregate([scores[i] for i in np.repeat(cells, row.astype(int)).tolist()]) for row in weights)
    return np.fromiter((np.nan if value is None else value for value in values), np.float64, len(weights))

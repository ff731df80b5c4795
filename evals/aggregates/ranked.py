"""Aggregates of ranks: Spearman's correlation and quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.aggregates.columns import column, nothing, number, quotient, scored_only, values_of
from evals.scores import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """Spearman's rank correlation of two counts, ties at their mean rank; undefined where either is the same everywhere."""

    one: str
    other: str

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The correlation over all `scores`."""
        import numpy as np

        return number(self.resampled(scores, np.ones((1, len(scores))))[0])

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        scored, weights = scored_only(scores, weights)
        if not scored:
            return nothing(weights)
        one, other = (_centred(_ranks(column(scored, key), weights), weights) for key in (self.one, self.other))
        both = (weights * one * other).sum(axis=-1)
        spread = (weights * one**2).sum(axis=-1) * (weights * other**2).sum(axis=-1)
        return quotient(both, spread**0.5)


@dataclass(frozen=True)
class Quantile:
    """The smallest value that at least `share` (0..1) of the cards don't exceed."""

    share: float

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The quantile over all `scores`."""
        import numpy as np

        return number(self.resampled(scores, np.ones((1, len(scores))))[0])

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        import numpy as np

        scored, weights = scored_only(scores, weights)
        if not scored:
            return nothing(weights)
        values = values_of(scored)
        order = np.argsort(values, kind="stable")
        reached = weights[:, order].cumsum(axis=-1)
        total = reached[:, -1:]
        # The nudge keeps 0.95 * 20 from being a little more than 19.
        found = values[order][(reached < self.share * total - 1e-9).sum(axis=-1).clip(max=len(values) - 1)]
        return np.where(total[:, 0] > 0, found, np.nan)


def _ranks(values: Floats, weights: Floats) -> Floats:
    """Mean rank of each value in each resample (R x values)."""
    import numpy as np

    distinct, place = np.unique(values, return_inverse=True)
    held = weights @ np.eye(len(distinct))[place]
    ranks: Floats = (held.cumsum(axis=-1) - held + (held + 1) / 2)[:, place]
    return ranks


def _centred(values: Floats, weights: Floats) -> Floats:
    return values - quotient((values * weights).sum(axis=-1), weights.sum(axis=-1))[:, None]

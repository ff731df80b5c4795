"""How far what cards say agrees with gold: kappa of labels, calibration of a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.aggregates.columns import column, pairs, quotient
from evals.aggregates.summed import Summed
from evals.scores import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def kappa(labels: Sequence[str]) -> Summed:
    """Cohen's kappa with quadratic weights over `labels`, which stand in order; undefined where all pairs are of one label."""

    def finish(sums: Floats) -> Floats:
        import numpy as np

        table = sums.reshape(*sums.shape[:-1], len(labels), len(labels))
        steps = np.arange(len(labels))
        weights = (steps[:, None] - steps[None, :]) ** 2.0
        total = table.sum(axis=(-2, -1))
        chance = table.sum(axis=-1)[..., :, None] * table.sum(axis=-2)[..., None, :]
        expected = (weights * chance).sum(axis=(-2, -1))
        return 1 - quotient((weights * table).sum(axis=(-2, -1)) * total, expected)

    return Summed(lambda scored: pairs(scored, labels), finish)


def calibration_error(bins: int) -> Summed:
    """Mean distance, weighted by cards, between what the cards say and what gold says in each of `bins` equal bins of what they say (0..1).

    The expected calibration error (Naeini et al. 2015) for a value in place of a probability.
    """

    def rows(scored: Sequence[Score]) -> Floats:
        import numpy as np

        said, gold = column(scored, "said"), column(scored, "gold")
        inside = np.eye(bins)[bin_of(said, bins)]
        return np.concatenate([inside * (said - gold)[:, None], inside], axis=1)

    def finish(sums: Floats) -> Floats:
        return quotient(abs(sums[..., :bins]).sum(axis=-1), sums[..., bins:].sum(axis=-1))

    return Summed(rows, finish)


def bin_of(values: Floats, bins: int) -> NDArray[np.int64]:
    """Which of `bins` equal parts of 0..1 each value falls in, from 0; the upper end of a bin belongs to the next, but for 1."""
    import numpy as np

    # The nudge puts 0.6, which is 2.9999999999999996 fifths, where it belongs.
    return np.minimum((values * bins + 1e-9).astype(np.int64), bins - 1)

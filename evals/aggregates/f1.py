"""F1 over sets and over labels, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.aggregates.columns import column, columns, members, pairs
from evals.aggregates.summed import Summed
from evals.scores import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def micro_f1() -> Summed:
    """F1 over all hits, extras and misses of all cards; 1 where nothing was to be found and nothing was."""
    return Summed(lambda scored: columns(*(column(scored, key) for key in ("hits", "extras", "misses"))), _f1_or_one)


def macro_f1() -> Summed:
    """Mean of the F1 of each member that was to be found or was found anywhere: a rare topic counts as much as a frequent one."""
    return Summed(_by_member, lambda sums: _mean_f1(sums.reshape(*sums.shape[:-1], -1, 3)))


def label_f1(labels: Sequence[str]) -> Summed:
    """Mean F1 of the labels that occur, on the card or in gold."""

    def finish(sums: Floats) -> Floats:
        import numpy as np

        table = sums.reshape(*sums.shape[:-1], len(labels), len(labels))
        hits = np.diagonal(table, axis1=-2, axis2=-1)
        return _mean_f1(np.stack([hits, table.sum(axis=-2) - hits, table.sum(axis=-1) - hits], axis=-1))

    return Summed(lambda scored: pairs(scored, labels), finish)


def _by_member(scored: Sequence[Score]) -> Floats:
    """Hits, extras and misses of each member, three columns a member."""
    import numpy as np

    places: dict[str, int] = {}
    found = [
        (row, 3 * places.setdefault(member, len(places)) + column)
        for row, score in enumerate(scored)
        for column, kind in enumerate(("hit", "extra", "missed"))
        for member in members(score, kind)
    ]
    table = np.zeros((len(scored), 3 * len(places)))
    if found:
        table[tuple(np.array(found).T)] = 1
    return table


def _mean_f1(counts: Floats) -> Floats:
    """Hits, extras and misses (... x classes x 3) to the mean F1 of the classes that occur; 1 where none does, as `micro_f1`."""
    import numpy as np

    total = 2 * counts[..., 0] + counts[..., 1] + counts[..., 2]
    occurs = total > 0
    summed = np.divide(2 * counts[..., 0], total, out=np.zeros_like(total), where=occurs).sum(axis=-1)
    classes = occurs.sum(axis=-1)
    return np.where(classes > 0, summed / np.maximum(classes, 1), 1.0)


def _f1_or_one(sums: Floats) -> Floats:
    import numpy as np

    total = 2 * sums[..., 0] + sums[..., 1] + sums[..., 2]
    return np.divide(2 * sums[..., 0], total, out=np.ones_like(total), where=total > 0)

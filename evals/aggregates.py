"""What a metric makes of many scores: means, ratios, F1, kappa, rank correlation, quantiles.

Each is an `Aggregate`, and beyond that knows `resampled`: its values over many resamples at once, each of which counts a card as often
as a row of weights says. That is the bootstrap as a few products of matrices, and gives the same as calling it on repeated scores.
Formulas are the ones of scikit-learn and SciPy, which the tests hold them to; computing from sums makes them quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evals.scores import Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEPARATOR = "\t"
"""Between the members of a set in `Score.counts`."""


class Resampling(Protocol):
    """An aggregate that can be taken over many resamples at once."""

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The value over `scores`; None when nothing could be scored, or nothing follows from what was."""
        ...

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """The value (R) of each of R resamples; `weights` (R x scores) says how often each score counts; NaN where there is no value."""
        ...


@dataclass(frozen=True)
class Summed:
    """An aggregate that needs no more than sums over cards.

    `rows`: the scored cards as a matrix, a row each. `finish`: sums of rows (... x columns) to values (...), NaN where undefined.
    """

    rows: Callable[[Sequence[Score]], Floats]
    finish: Callable[[Floats], Floats]

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The value over all `scores`."""
        scored = [score for score in scores if score.value is not None]
        return _number(self.finish(self.rows(scored).sum(axis=0))) if scored else None

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        scored, weights = _scored(scores, weights)
        return self.finish(weights @ self.rows(scored)) if scored else _nothing(weights)


@dataclass(frozen=True)
class Ranked:
    """Spearman's rank correlation of two counts, ties at their mean rank; undefined where either is the same everywhere."""

    one: str
    other: str

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The correlation over all `scores`."""
        import numpy as np

        return _number(self.resampled(scores, np.ones((1, len(scores))))[0])

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        scored, weights = _scored(scores, weights)
        if not scored:
            return _nothing(weights)
        one, other = (_centred(_ranks(_column(scored, key), weights), weights) for key in (self.one, self.other))
        both = (weights * one * other).sum(axis=-1)
        spread = (weights * one**2).sum(axis=-1) * (weights * other**2).sum(axis=-1)
        return _ratio(both, spread**0.5)


@dataclass(frozen=True)
class Quantile:
    """The smallest value that at least `share` (0..1) of the cards don't exceed."""

    share: float

    def __call__(self, scores: Sequence[Score]) -> float | None:
        """The quantile over all `scores`."""
        import numpy as np

        return _number(self.resampled(scores, np.ones((1, len(scores))))[0])

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """As `Resampling` says."""
        import numpy as np

        scored, weights = _scored(scores, weights)
        if not scored:
            return _nothing(weights)
        values = _values(scored)
        order = np.argsort(values, kind="stable")
        reached = weights[:, order].cumsum(axis=-1)
        total = reached[:, -1:]
        # The nudge keeps 0.95 * 20 from being a little more than 19.
        found = values[order][(reached < self.share * total - 1e-9).sum(axis=-1).clip(max=len(values) - 1)]
        return np.where(total[:, 0] > 0, found, np.nan)


def mean() -> Summed:
    """The mean of the values."""
    return Summed(lambda scored: _columns(_values(scored), _ones(scored)), lambda sums: _ratio(sums[..., 0], sums[..., 1]))


def ratio(part: str, whole: str) -> Summed:
    """Sum of one count over sum of another, so that a card with much to find weighs more."""
    return Summed(lambda scored: _columns(_column(scored, part), _column(scored, whole)), lambda sums: _ratio(sums[..., 0], sums[..., 1]))


def micro_f1() -> Summed:
    """F1 over all hits, extras and misses of all cards; 1 where nothing was to be found and nothing was."""
    return Summed(lambda scored: _columns(*(_column(scored, key) for key in ("hits", "extras", "misses"))), _f1_or_one)


def macro_f1() -> Summed:
    """Mean of the F1 of each member that was to be found or was found anywhere: a rare topic counts as much as a frequent one."""
    return Summed(_by_member, lambda sums: _mean_f1(sums.reshape(*sums.shape[:-1], -1, 3)))


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
        return 1 - _ratio((weights * table).sum(axis=(-2, -1)) * total, expected)

    return Summed(lambda scored: pairs(scored, labels), finish)


def label_f1(labels: Sequence[str]) -> Summed:
    """Mean F1 of the labels that occur, on the card or in gold."""

    def finish(sums: Floats) -> Floats:
        import numpy as np

        table = sums.reshape(*sums.shape[:-1], len(labels), len(labels))
        hits = np.diagonal(table, axis1=-2, axis2=-1)
        return _mean_f1(np.stack([hits, table.sum(axis=-2) - hits, table.sum(axis=-1) - hits], axis=-1))

    return Summed(lambda scored: pairs(scored, labels), finish)


def calibration_error(bins: int) -> Summed:
    """Mean distance, weighted by cards, between what the cards say and what gold says in each of `bins` equal bins of what they say (0..1).

    The expected calibration error (Naeini et al. 2015) for a value in place of a probability.
    """

    def rows(scored: Sequence[Score]) -> Floats:
        import numpy as np

        said, gold = _column(scored, "said"), _column(scored, "gold")
        inside = np.eye(bins)[bin_of(said, bins)]
        return np.concatenate([inside * (said - gold)[:, None], inside], axis=1)

    def finish(sums: Floats) -> Floats:
        return _ratio(abs(sums[..., :bins]).sum(axis=-1), sums[..., bins:].sum(axis=-1))

    return Summed(rows, finish)


def bin_of(values: Floats, bins: int) -> NDArray[np.int64]:
    """Which of `bins` equal parts of 0..1 each value falls in, from 0; the upper end of a bin belongs to the next, but for 1."""
    import numpy as np

    # The nudge puts 0.6, which is 2.9999999999999996 fifths, where it belongs.
    return np.minimum((values * bins + 1e-9).astype(np.int64), bins - 1)


def pairs(scored: Sequence[Score], labels: Sequence[str]) -> Floats:
    """Each card's confusion matrix of gold (rows) against card (columns), flattened: one column a count called `gold label > card label`."""
    return _columns(*(_column(scored, pair(gold, said)) for gold in labels for said in labels))


def pair(gold: str, said: str) -> str:
    """What the count of entities or cards with these two labels is called."""
    return f"{gold} > {said}"


def members(score: Score, kind: str) -> list[str]:
    """The members of a set under `kind` in a score's counts."""
    held = str(score.counts.get(kind, ""))
    return held.split(SEPARATOR) if held else []


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


def _ranks(values: Floats, weights: Floats) -> Floats:
    """Mean rank of each value in each resample (R x values)."""
    import numpy as np

    distinct, place = np.unique(values, return_inverse=True)
    held = weights @ np.eye(len(distinct))[place]
    ranks: Floats = (held.cumsum(axis=-1) - held + (held + 1) / 2)[:, place]
    return ranks


def _centred(values: Floats, weights: Floats) -> Floats:
    return values - _ratio((values * weights).sum(axis=-1), weights.sum(axis=-1))[:, None]


def _ratio(part: Floats, whole: Floats) -> Floats:
    import numpy as np

    return np.divide(part, whole, out=np.full_like(np.asarray(part, float), np.nan), where=np.asarray(whole) > 0)


def _number(value: Floats) -> float | None:
    number = float(value)
    return None if number != number else number  # noqa: PLR0124  that is how NaN is told


def _scored(scores: Sequence[Score], weights: Floats) -> tuple[list[Score], Floats]:
    kept = [place for place, score in enumerate(scores) if score.value is not None]
    return [scores[place] for place in kept], weights[:, kept]


def _nothing(weights: Floats) -> Floats:
    import numpy as np

    return np.full(len(weights), np.nan)


def _columns(*columns: Floats) -> Floats:
    import numpy as np

    return np.stack(columns, axis=1)


def _column(scored: Sequence[Score], key: str) -> Floats:
    import numpy as np

    return np.array([score.counts.get(key, 0.0) for score in scored], float)


def _values(scored: Sequence[Score]) -> Floats:
    import numpy as np

    return np.array([score.value for score in scored], float)


def _ones(scored: Sequence[Score]) -> Floats:
    import numpy as np

    return np.ones(len(scored))

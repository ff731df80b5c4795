"""Counts of scores as columns of numbers, and arithmetic that says NaN where there is nothing to divide by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.scores import Score

SEPARATOR = "\t"
"""Between the members of a set in `Score.counts`."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def pair(gold: str, said: str) -> str:
    """What the count of entities or cards with these two labels is called."""
    return f"{gold} > {said}"


def members(score: Score, kind: str) -> list[str]:
    """The members of a set under `kind` in a score's counts."""
    held = str(score.counts.get(kind, ""))
    return held.split(SEPARATOR) if held else []


def pairs(scored: Sequence[Score], labels: Sequence[str]) -> Floats:
    """Each card's confusion matrix of gold (rows) against card (columns), flattened: one column a `pair` of labels."""
    return columns(*(column(scored, pair(gold, said)) for gold in labels for said in labels))


def columns(*columns: Floats) -> Floats:
    """Columns side by side: cards x columns."""
    import numpy as np

    return np.stack(columns, axis=1)


def column(scored: Sequence[Score], key: str) -> Floats:
    """One count of each card; 0 where a card has none."""
    import numpy as np

    return np.array([score.counts.get(key, 0.0) for score in scored], float)


def values_of(scored: Sequence[Score]) -> Floats:
    """The value of each card."""
    import numpy as np

    return np.array([score.value for score in scored], float)


def ones(scored: Sequence[Score]) -> Floats:
    """A one for each card."""
    import numpy as np

    return np.ones(len(scored))


def scored_only(scores: Sequence[Score], weights: Floats) -> tuple[list[Score], Floats]:
    """The scored cards, and the weights of these."""
    kept = [place for place, score in enumerate(scores) if score.value is not None]
    return [scores[place] for place in kept], weights if len(kept) == len(scores) else weights[:, kept]


def nothing(weights: Floats) -> Floats:
    """No value for any resample."""
    import numpy as np

    return np.full(len(weights), np.nan)


def quotient(part: Floats, whole: Floats) -> Floats:
    """`part` over `whole`, NaN where `whole` is 0."""
    import numpy as np

    shares: Floats = np.divide(part, whole, out=np.full_like(np.asarray(part, float), np.nan), where=np.asarray(whole) > 0)
    return shares


def number(value: Floats) -> float | None:
    """A float, None for NaN."""
    number = float(value)
    return None if number != number else number  # noqa: PLR0124  that is how NaN is told

"""How sure a rate is: 95% intervals, of independent trials and of trials that come in clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from evals.planted.plant import seeded

_Z = 1.959964
_RESAMPLES = 2_000

Interval = tuple[float, float]


def wilson(hits: float, trials: int) -> Interval:
    """Wilson's interval for `hits` of `trials` independent ones, 0..1; (0, 1) when there were none."""
    if not trials:
        return 0.0, 1.0
    rate, squared = hits / trials, _Z * _Z / trials
    middle = (rate + squared / 2) / (1 + squared)
    half = _Z * sqrt(rate * (1 - rate) / trials + squared / (4 * trials)) / (1 + squared)
    return max(0.0, middle - half), min(1.0, middle + half)


def clustered(by_cluster: Mapping[str, Sequence[bool]], *, seed: int) -> Interval:
    """The percentile bootstrap of whole clusters: what hits in one article tends to hit in all its trials.

    With no spread between clusters it has no width; Wilson's interval is the one to read then.
    """
    counts = [(sum(outcomes), len(outcomes)) for _, outcomes in sorted(by_cluster.items()) if outcomes]
    if not counts:
        return 0.0, 1.0
    rng = seeded(seed, "bootstrap")
    rates = []
    for _ in range(_RESAMPLES):
        drawn = rng.choices(counts, k=len(counts))
        rates.append(sum(hits for hits, _ in drawn) / sum(trials for _, trials in drawn))
    rates.sort()
    return rates[int(0.025 * _RESAMPLES)], rates[int(0.975 * _RESAMPLES) - 1]

"""How many requests at once: found by asking for more until the endpoint says that it is too much, or only gets slower.

Additive increase and multiplicative decrease, as in Netflix's AIMDLimit, with three changes: one decrease for all that was sent before it;
fast growth while far from where trouble was last met (after the start, after an outage, when a limit was lifted); and no growth while
replies take twice as long as they did with fewer in flight, since a server that only queues never says no.
"""

from __future__ import annotations

from dataclasses import dataclass

START = 8
DECREASE = 0.9
NEAR = (0.85, 1.1)
"""Within these shares of the level where trouble was met, growth is additive."""
FAST = 0.5
"""Growth a reply elsewhere: half as much again each round trip."""
STEP_SHARE = 0.01
"""Growth of a round trip near the ceiling, of the limit; at least 1."""
IN_USE = 0.75
"""The limit is raised only while so much of it is used."""
SLOWER = 2.0
LEAST_SAMPLES = 16


@dataclass(slots=True)
class _Quiet:
    """The quickest mean reply so far, and the limit it was measured at."""

    seconds: float
    limit: float


class Concurrency:
    """The limit, from 1 up to `cap`."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._limit = float(min(START, cap))
        self._ceiling: float | None = None
        self._decreased_at = float("-inf")
        self._quiet: _Quiet | None = None
        self._slow = False
        self._sum_s = 0.0
        self._samples = 0
        self._round_trip_s = 0.0

    @property
    def round_trip_s(self) -> float:
        """How long a reply takes lately; 0 before the first ones."""
        return self._round_trip_s

    @property
    def limit(self) -> int:
        """Requests that may be in flight."""
        return int(self._limit)

    def answered(self, seconds: float, in_flight: int) -> None:
        """A reply came after so many seconds; `in_flight` counts it."""
        self._time(seconds)
        limit = self._limit
        if self._slow or limit >= self._cap or in_flight < IN_USE * limit:
            return
        self._limit = min(limit + (max(1.0, STEP_SHARE * limit) / limit if self._is_near(limit) else FAST), float(self._cap))

    def congested(self, sent_at: float, in_flight: int, now: float) -> None:
        """A request that was sent at `sent_at` was too much; `in_flight` counts it."""
        if sent_at < self._decreased_at:
            return  # it left before the last decrease, so it says nothing about the limit in force
        self._decreased_at = now
        self._ceiling = min(self._limit, float(in_flight))
        self._limit = max(1.0, DECREASE * self._ceiling)

    def restart(self) -> None:
        """Begin again from few, up to where the limit was."""
        self._ceiling = max(self._limit, self._ceiling or 0.0)
        self._limit = min(self._limit, float(START))

    def _is_near(self, limit: float) -> bool:
        return self._ceiling is not None and NEAR[0] * self._ceiling <= limit <= NEAR[1] * self._ceiling

    def _time(self, seconds: float) -> None:
        self._sum_s += seconds
        self._samples += 1
        if self._samples < max(LEAST_SAMPLES, self._limit):
            return
        mean = self._sum_s / self._samples
        self._sum_s, self._samples = 0.0, 0
        self._round_trip_s = mean
        # At the same or a lower limit a longer time isn't a queue of ours: the endpoint, or the articles, have changed.
        if self._quiet is None or mean < self._quiet.seconds or self._limit <= self._quiet.limit:
            self._quiet = _Quiet(mean, self._limit)
        self._slow = mean > SLOWER * self._quiet.seconds

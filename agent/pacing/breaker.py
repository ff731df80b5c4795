"""The circuit breaker of one model at one endpoint: when it is out, one request at a time finds out whether it is back."""

from __future__ import annotations

import math

from agent.pacing.clock import Clock

MOST_FAILURES = 5
LEAST_FAILURES = 2
"""Failures in a row that open it; between the two as many as there are requests in flight."""
FIRST_PROBE_S = 1.0
LONGEST_PROBE_S = 15.0


class Breaker:
    """Closed while things go well. Open it lets a probe through after 1 s, 2 s, 4 s ... 15 s, a little earlier or later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._answered = False
        self._probes = 0
        self._probing = False
        self._probe_at = math.inf
        self.opened_at = math.inf
        """When the outage was noticed, in the clock's time; infinite while closed."""

    @property
    def is_open(self) -> bool:
        """Whether only probes go through."""
        return self.opened_at < math.inf

    def wait_s(self, now: float) -> float:
        """Seconds until a probe may go, infinite while one is under way. Asked only while open."""
        return math.inf if self._probing else max(0.0, self._probe_at - now)

    def begin_probe(self) -> None:
        """A request goes as the probe."""
        self._probing = True

    def answered(self) -> bool:
        """The endpoint is there: it answered. Whether this ended an outage."""
        was_open = self.is_open
        self._answered = True
        self._failures = self._probes = 0
        self._probing = False
        self.opened_at = math.inf
        return was_open

    def failed(self, in_flight: int, *, reached: bool, probe: bool, asked_s: float = 0.0) -> bool:
        """Nothing usable came back. Whether this opened it.

        An endpoint that nobody has reached yet isn't out, it is wrongly set up: waiting wouldn't help, so it isn't begun.
        """
        self._answered = self._answered or reached
        self._failures += 1
        if self.is_open:
            if probe:
                self._schedule(asked_s)
            return False
        if not self._answered or self._failures < min(MOST_FAILURES, max(LEAST_FAILURES, in_flight)):
            return False
        self.opened_at = self._clock.now()
        self._schedule(asked_s)
        return True

    def abandoned(self) -> None:
        """A probe ended without a word, because its article did; the next one may go."""
        self._probing = False

    def _schedule(self, asked_s: float) -> None:
        self._probing = False
        wait = min(LONGEST_PROBE_S, FIRST_PROBE_S * 2.0 ** min(self._probes, 16)) * (0.75 + 0.5 * self._clock.random())
        self._probe_at = self._clock.now() + max(wait, min(asked_s, LONGEST_PROBE_S))
        self._probes += 1

"""The retry budget: at most a tenth of what is sent may be retries, however many articles are in trouble at once.

Retries that every client allows itself turn a stumble of the endpoint into an outage (sre.google/sre-book/handling-overload).
"""

from __future__ import annotations

SHARE = 0.1
FLOOR = 10.0
"""Retries that may always be made, so that few articles aren't held up; one comes back each FLOOR_S seconds."""
FLOOR_S = 1.0
MOST_SAVED = 2_000.0


class RetryBudget:
    """Each first request earns a tenth of a retry, up to MOST_SAVED; on top there is a small floor."""

    def __init__(self) -> None:
        self._earned = 0.0
        self._floor = FLOOR
        self._at: float | None = None

    def sent_first(self) -> None:
        """A request that is no retry went out."""
        if self._earned < MOST_SAVED:
            self._earned += SHARE

    def wait_s(self, now: float) -> float:
        """Seconds until a retry may go; fewer if first requests go meanwhile."""
        self._refill(now)
        return 0.0 if max(self._earned, self._floor) >= 1 else (1 - self._floor) * FLOOR_S

    def spend(self, now: float) -> None:
        """A retry goes out."""
        self._refill(now)
        if self._earned >= 1:
            self._earned -= 1
        else:
            self._floor = max(0.0, self._floor - 1)

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._floor = min(FLOOR, self._floor + (now - self._at) / FLOOR_S)
        self._at = now

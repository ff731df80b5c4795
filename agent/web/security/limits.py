"""How often and how many at once: what a key may ask for, counted within this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from agent.web.callers import Caller
from agent.web.problems import Problem

_MINUTE_S = 60.0
_SOON_S = 1.0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Gates:
    """Two gates that every request of a key passes. For one event loop; counts begin anew with the process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[str, _Bucket] = {}
        self._inside: dict[str, int] = {}

    @contextmanager
    def passed(self, caller: Caller) -> Iterator[None]:
        """One request in hand, for as long as the context lasts. Raises Problem (429) that says when to come again."""
        self._take_turn(caller)
        self._enter(caller)
        try:
            yield
        finally:
            self._leave(caller)

    def _take_turn(self, caller: Caller) -> None:
        """A token bucket: as many at once as a minute allows, refilled evenly."""
        allowed = caller.limits.requests_per_minute
        if allowed is None:
            return
        now = self._now()
        bucket = self._buckets.setdefault(caller.key, _Bucket(allowed, now))
        bucket.tokens = min(allowed, bucket.tokens + (now - bucket.at) * allowed / _MINUTE_S)
        bucket.at = now
        if bucket.tokens < 1:
            wait_s = (1 - bucket.tokens) * _MINUTE_S / allowed
            raise Problem("too_many_requests", f"this key may make {allowed} requests a minute", retry_after_s=wait_s)
        bucket.tokens -= 1

    def _enter(self, caller: Caller) -> None:
        inside, allowed = self._inside.get(caller.key, 0), caller.limits.concurrency
        if allowed is not None and inside >= allowed:
            raise Problem("too_many_requests", f"this key may have {allowed} requests in hand at once", retry_after_s=_SOON_S)
        self._inside[caller.key] = inside + 1

    def _leave(self, caller: Caller) -> None:
        left = self._inside[caller.key] - 1
        if left:
            self._inside[caller.key] = left
        else:
            del self._inside[caller.key]

"""How much the service takes in hand at once: beyond it comes 503, beyond a caller's own limit 429, both with Retry-After."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from agent.web.callers import Caller
from agent.web.metrics import Metrics
from agent.web.problems import Problem

_LONGEST_S = 60.0
_SMOOTH = 0.1


class Admission:
    """Counts the requests for a card that are in hand. For one event loop."""

    def __init__(self, most: int, metrics: Metrics) -> None:
        self._most = most
        self._metrics = metrics
        self._by_caller: Counter[Caller] = Counter()
        self._in_hand = 0
        self._usual_s = 1.0
        self._idle = asyncio.Event()
        self._idle.set()
        self.draining = False
        """Whether the service is shutting down: nothing more is begun."""

    @property
    def in_hand(self) -> int:
        """Requests that were let in and haven't ended."""
        return self._in_hand

    @contextmanager
    def enter(self, caller: Caller) -> Iterator[None]:
        """While this lasts the request is in hand. Raises Problem when it can't be taken."""
        self._check(caller)
        self._in_hand += 1
        self._by_caller[caller] += 1
        self._idle.clear()
        self._metrics.queue.set(self._in_hand)
        started = time.perf_counter()
        try:
            yield
        finally:
            self._usual_s += _SMOOTH * (time.perf_counter() - started - self._usual_s)
            self._in_hand -= 1
            self._by_caller[caller] -= 1
            if not self._by_caller[caller]:
                del self._by_caller[caller]
            if not self._in_hand:
                self._idle.set()
            self._metrics.queue.set(self._in_hand)

    async def idle(self) -> None:
        """Wait until nothing is in hand."""
        await self._idle.wait()

    def _check(self, caller: Caller) -> None:
        if self.draining:
            raise Problem("draining", "the service is shutting down; ask again, of another one if there is one", retry_after_s=5)
        own = caller.limits.concurrency
        if own is not None and self._by_caller[caller] >= own:
            raise Problem("too_many_requests", f"{own} requests of this key are in hand, which is its limit", retry_after_s=self._wait_s)
        if self._in_hand >= self._most:
            raise Problem("queue_full", f"{self._most} requests are in hand; ask again later", retry_after_s=self._wait_s)

    @property
    def _wait_s(self) -> float:
        """About how long until one of those in hand has ended."""
        return min(max(self._usual_s, 1.0), _LONGEST_S)

"""How much the service takes in hand at once: beyond it comes 503 with Retry-After. What one key may have in hand, the door sees to."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.web.metrics import Metrics
from agent.web.problems import Problem, disk_fault

ROOM_BYTES = 16_000_000
"""Left on a disk, for a card and what the store writes beside it."""
_LONGEST_S = 60.0
_SMOOTH = 0.1


def check_room(folder: Path) -> None:
    """Raise Problem where the disk of `folder` has no room for a card: it would be paid for first, and again at each retry."""
    if shutil.disk_usage(folder).free < ROOM_BYTES:
        raise disk_fault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)))


class Admission:
    """Counts the requests for a card that are in hand. For one event loop."""

    def __init__(self, most: int, metrics: Metrics) -> None:
        self._most = most
        self._metrics = metrics
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
    def enter(self) -> Iterator[None]:
        """While this lasts the request is in hand. Raises Problem when it can't be taken."""
        self._check()
        self._in_hand += 1
        self._idle.clear()
        self._metrics.queue.set(self._in_hand)
        started = time.perf_counter()
        try:
            yield
        finally:
            self._usual_s += _SMOOTH * (time.perf_counter() - started - self._usual_s)
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()
            self._metrics.queue.set(self._in_hand)

    async def idle(self) -> None:
        """Wait until nothing is in hand."""
        await self._idle.wait()

    def _check(self) -> None:
        if self.draining:
            raise Problem("draining", "the service is shutting down; ask again, of another one if there is one", retry_after_s=5)
        if self._in_hand >= self._most:
            raise Problem("queue_full", f"{self._most} requests are in hand; ask again later", retry_after_s=self._wait_s)

    @property
    def _wait_s(self) -> float:
        """About how long until one of those in hand has ended."""
        return min(max(self._usual_s, 1.0), _LONGEST_S)

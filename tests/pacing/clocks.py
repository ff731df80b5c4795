"""Clocks that tests hold still, wind on, or let skip what would be waited for."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable
from itertools import count

from agent.pacing import Clock


def skipping(sleep: Callable[[float], Awaitable[None]], chance: float = 0.5) -> Clock:
    """Real time, on top of all that was slept; sleeping calls `sleep`, and takes no time. `chance` is every random number."""
    slept = 0.0

    async def skip(seconds: float) -> None:
        nonlocal slept
        await sleep(seconds)
        slept += max(seconds, 0.0)
        await asyncio.sleep(0)

    return Clock(lambda: time.monotonic() + slept, skip, lambda: chance)


class HandClock:
    """Time that stands still until `pass_`. `clock` is what it looks like to the code."""

    def __init__(self, chance: float = 0.5) -> None:
        self.now = 1_000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self.clock = Clock(lambda: self.now, self._sleep, lambda: chance)

    async def _sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), future))
        await future

    async def pass_(self, seconds: float) -> None:
        """Let so much time pass, waking each sleeper at its moment."""
        end = self.now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self.now = max(self.now, at)
            future.set_result(None)
            await settle()
        self.now = end


async def settle() -> None:
    """Let everyone run who can."""
    for _ in range(6):
        await asyncio.sleep(0)

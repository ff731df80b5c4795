"""Single flight: equal questions that are asked at the same time are asked once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiters: int = 0


class SingleFlight(Generic[T]):
    """Calls with equal keys share one call while it runs. Within one process and one event loop."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight[T]] = {}

    def __len__(self) -> int:
        """How many calls are under way."""
        return len(self._flights)

    async def run(self, key: str, make: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """What `make` returns, and whether another caller's `make` made it.

        The call belongs to all who wait for it: whoever is cancelled just leaves, the one that began it included. When the last one
        leaves, the call is cancelled and has ended before `run` raises. An error goes to everyone who waits.
        """
        flight = self._flights.get(key)
        shared = flight is not None
        if flight is None:
            flight = _Flight(asyncio.create_task(_call(make)))
            self._flights[key] = flight
            flight.task.add_done_callback(lambda _: self._remove(key, flight))
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task), shared
        finally:
            flight.waiters -= 1
            if not flight.waiters and not flight.task.done():
                # Whoever comes now must not join a call that is being cancelled.
                self._remove(key, flight)
                await _end(flight.task)

    def _remove(self, key: str, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]


async def _call(make: Callable[[], Awaitable[T]]) -> T:
    return await make()


async def _end(task: asyncio.Task[T]) -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # looked at, so that asyncio doesn't report it: nobody is left to hear of it

"""The input, read ahead by one thread: a file, a pipe or an address may keep it waiting while articles are worked on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from agent.sources import Placed

AT_ONCE = 32
"""Articles handed over together: what the cache finds with one look."""
AHEAD = 4 * AT_ONCE


class Feed:
    """`items`, in their order, some at a time. For one event loop."""

    def __init__(self, items: Iterator[Placed]) -> None:
        self._items = items
        self._ready: deque[Placed] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._closed = False
        self._error: BaseException | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        # A daemon, because a thread that waits for a pipe's other end can't be told to stop.
        threading.Thread(target=self._read, name="newscard-read", daemon=True).start()

    async def take(self) -> list[Placed]:
        """The next items, as many as are there but AT_ONCE at most; none at the end, and after `close`. Raises what reading raises."""
        while True:
            with self._changed:
                if self._ready and not self._closed:
                    taken = [self._ready.popleft() for _ in range(min(AT_ONCE, len(self._ready)))]
                    self._changed.notify()
                    return taken
                if self._closed:
                    return []
                if self._error is not None:
                    raise self._error
                if self._ended:
                    return []
                self._waiting = self._loop.create_future()
            await self._waiting

    def close(self) -> None:
        """Read no further. Called in the event loop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            self._wake()

    def _read(self) -> None:
        try:
            for item in self._items:
                with self._changed:
                    while len(self._ready) >= AHEAD and not self._closed:
                        self._changed.wait()
                    if self._closed:
                        return
                    self._ready.append(item)
                    self._call_loop()
        except BaseException as exc:  # noqa: BLE001  it is raised again where the items are taken
            self._error = exc
        with self._changed:
            self._ended = True
            self._call_loop()

    def _call_loop(self) -> None:
        if self._waiting is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

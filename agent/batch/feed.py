"""The input, read ahead by one thread: a file, a pipe or an address may keep it waiting while articles are worked on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from agent.article import Article
from agent.sources import Placed

AT_ONCE = 128
"""Articles handed over together: what the cache finds with one look, and what each step of the runner is done for in a row. A cached
article takes a sixth less CPU beside grounding than by 32; more would wait for each other longer than they gain."""
AHEAD = 2 * AT_ONCE


class Feed:
    """`items`, in their order, some at a time. For one event loop.

    Items go through a deque, whose two ends need no lock; the two sides call each other only when one of them waits.
    """

    def __init__(self, items: Iterator[Placed]) -> None:
        self._items = items
        self._ready: deque[Placed] = deque()
        self._changed = threading.Condition()
        self._is_full = False
        self._ended = False
        self._closed = False
        self._error: BaseException | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        # A daemon, because a thread that waits for a pipe's other end can't be told to stop.
        threading.Thread(target=self._read, name="newscard-read", daemon=True).start()

    async def take(self) -> list[Placed]:
        """The next items, as many as are there but AT_ONCE at most; none at the end, and after `close`. Raises what reading raises."""
        while not self._closed:
            # Looked at in this order: what is read last before an error or the end is there when they are seen.
            error, ended = self._error, self._ended
            if self._ready or ended:
                return self._taken()
            if error is not None:
                raise error
            with self._changed:
                self._waiting = waiting = self._loop.create_future()
            if self._ready or self._error is not None or self._ended:  # come before anybody could know that it is waited for
                continue
            await waiting
        return []

    def close(self) -> None:
        """Read no further. Called in the event loop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._call()

    def _taken(self) -> list[Placed]:
        ready = self._ready
        taken = [ready.popleft() for _ in range(min(AT_ONCE, len(ready)))]
        if self._is_full and len(ready) <= AHEAD - AT_ONCE:
            with self._changed:
                self._changed.notify()
        return taken

    def _read(self) -> None:
        try:
            for item in self._items:
                if self._closed:
                    return
                if isinstance(item.item, Article):
                    _ = item.item.digest  # made here, while the text is still in this processor's memory
                self._ready.append(item)
                if self._waiting is not None:
                    self._call()
                if len(self._ready) >= AHEAD:
                    self._wait()
            self._ended = True
        except BaseException as exc:  # noqa: BLE001  it is raised again where the items are taken
            self._error = exc
        self._call()

    def _wait(self) -> None:
        """Until there is room for as many as are taken at once."""
        with self._changed:
            self._is_full = True
            while len(self._ready) > AHEAD - AT_ONCE and not self._closed:
                self._changed.wait()
            self._is_full = False

    def _call(self) -> None:
        """Wake who waits for something to be there, once."""
        with self._changed:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(_set, waiting)


def _set(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)

"""Articles enriched at once, and their outcomes in the order of the input."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any, NamedTuple

from agent.article import Article
from agent.card import Card
from agent.errors import ArticleError, BudgetExceeded, EndpointError, SourceError

WINDOW = 4
"""Articles in hand per article in flight: a slow one at the head holds the others up only when that many wait behind it."""
COUNTED = 1_000
"""After a stop, the rest of the input is counted up to here."""

Item = Article | SourceError | ArticleError


class Made(NamedTuple):
    """An article and its card."""

    article: Article
    card: Card


class NotTried(NamedTuple):
    """An article that was read after the run had stopped."""

    article: Article


Outcome = Made | NotTried | SourceError | ArticleError | EndpointError | BudgetExceeded


class InOrder:
    """`make` runs on up to `at_once` of `items`; iterating gives an outcome for each, in their order.

    An EndpointError or a BudgetExceeded stops the run: what is in flight ends, nothing new begins. Where `count_rest`, the articles left
    are still read, and come out as NotTried. Memory holds a window of the input, never the whole.
    """

    def __init__(self, items: Iterator[Item], make: Callable[[Article], Awaitable[Card]], *, at_once: int, count_rest: bool) -> None:
        self._items = items
        self._make = make
        self._gate = asyncio.Semaphore(at_once)
        self._window = WINDOW * at_once
        self._count_rest = count_rest
        self._waiting: deque[asyncio.Task[Outcome]] = deque()
        self._stopped = False
        self._not_tried = 0
        self.exhausted = False
        """Whether every item was read."""

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        """One outcome per item. Close the iterator (`contextlib.aclosing`) to cancel what is in flight."""
        reading: asyncio.Future[Item | None] | None = None
        try:
            while True:
                if reading is None and self._wants_more():
                    reading = _read(self._items)
                if self._stopped and not self._count_rest:
                    reading = None  # a terminal or a pipe may never say another word
                pending: list[asyncio.Future[Any]] = [reading] if reading else []
                if self._waiting:
                    pending.append(self._waiting[0])
                if not pending:
                    return
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                if reading is not None and reading.done():
                    self._take(reading.result())
                    reading = None
                while self._waiting and self._waiting[0].done():
                    yield self._waiting.popleft().result()
        finally:
            await self._cancel()

    def _wants_more(self) -> bool:
        if self.exhausted or len(self._waiting) >= self._window:
            return False
        return not self._stopped or (self._count_rest and self._not_tried < COUNTED)

    def _take(self, item: Item | None) -> None:
        if item is None:
            self.exhausted = True
        else:
            self._waiting.append(asyncio.create_task(self._outcome(item)))

    async def _outcome(self, item: Item) -> Outcome:
        if not isinstance(item, Article):
            return item
        async with self._gate:
            if self._stopped:
                self._not_tried += 1
                return NotTried(item)
            try:
                return Made(item, await self._make(item))
            except ArticleError as exc:
                return exc
            except (EndpointError, BudgetExceeded) as exc:
                self._stopped = True
                return exc

    async def _cancel(self) -> None:
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)


def _read(items: Iterator[Item]) -> asyncio.Future[Item | None]:
    """The next item, read in a thread: an address or a pipe may keep us waiting while other articles are ready.

    The thread is a daemon, because one that waits for a pipe's other end can't be told to stop.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Item | None] = loop.create_future()

    def settle(item: Item | None, error: BaseException | None) -> None:
        if not future.done():
            future.set_exception(error) if error else future.set_result(item)

    def read() -> None:
        item, error = None, None
        try:
            item = next(items, None)
        except BaseException as exc:  # noqa: BLE001  it is raised again where the future is awaited
            error = exc
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, item, error)

    threading.Thread(target=read, name="newscard-read", daemon=True).start()
    return future

"""The threads in which the store is asked: several that read, one that writes, since SQLite has room for one writer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from agent.web.problems import Problem, own_fault

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
AGAIN_S = 5


class Threads:
    """For one event loop at a time."""

    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="newscard-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="newscard-write")

    async def read(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns, which only reads. Raises Problem when the database fails."""
        return await self._ask(self._readers, partial(call, *args, **kwargs))

    async def write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns. Begun, it is done to its end, whoever waits. Raises Problem when the database fails."""
        return await self._ask(self._writer, partial(call, *args, **kwargs))

    async def _ask(self, threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, call)
        except SQLAlchemyError as exc:
            _tell(exc)
            raise Problem("not_ready", "the store of cards doesn't answer as it should; ask again", retry_after_s=AGAIN_S) from None

    def close(self) -> None:
        """Wait for what was begun; in a thread, or when the loop has nothing else to do."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)


def _tell(exc: SQLAlchemyError) -> None:
    """Into the log: the database's own code, such as SQLITE_FULL or 53100. What it says may hold a card, so it isn't told."""
    cause = getattr(exc, "orig", None)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code is None:
        own_fault(exc)
    else:
        logging.getLogger("newscard").error("the store of cards fails: %s (%s)", code, type(exc).__name__)

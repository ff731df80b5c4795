"""The threads in which the store is asked: several that read, one that writes, since SQLite has room for one writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4


class Threads:
    """For one event loop at a time."""

    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="newscard-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="newscard-write")

    async def read(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns, which only reads."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(call, *args, **kwargs))

    async def write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns. Begun, it is done to its end, whoever waits."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(call, *args, **kwargs))

    def close(self) -> None:
        """Wait for what was begun; in a thread, or when the loop has nothing else to do."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

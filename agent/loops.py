"""The event loop of the command line: uvloop where it is installed, asyncio's own elsewhere."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


COLLECT_AFTER = 20_000
"""New objects before Python looks for cycles among them. At its own 700 it goes through those of a thousand articles in flight, which all
live until their replies, again and again: a sixth of the CPU."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """What `main` returns. As asyncio.run, Ctrl-C cancels it and raises KeyboardInterrupt."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        with asyncio.Runner(loop_factory=_factory()) as runner:
            return runner.run(main)
    finally:
        gc.set_threshold(*before)


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if None in (sys.stdin, sys.stdout, sys.stderr):
        return None  # libuv aborts the process when a file of its own gets the number of a standard stream
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = new_event_loop
    return factory

"""The end of a job's life: what ended long enough ago is removed. Its cards are in the list, and stay there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from agent.web.jobs.book import JobBook
from agent.web.problems import disk_fault

EACH_S = 3_600.0


@contextmanager
def forgetting(book: JobBook, kept: timedelta) -> Iterator[None]:
    """While this lasts, jobs are removed that ended as long ago as they are `kept`; they are looked for now and every hour."""
    task = asyncio.create_task(_forget(book, kept))
    try:
        yield
    finally:
        task.cancel()


async def _forget(book: JobBook, kept: timedelta) -> None:
    while True:
        try:
            await asyncio.to_thread(book.forget_ended, datetime.now(UTC) - kept)
        except OSError as exc:
            disk_fault(exc)
        await asyncio.sleep(EACH_S)

"""Idempotency-Key: a request that is sent again gets the answer that it got, and nothing is done twice.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from fastapi import Header
from starlette.responses import Response

from agent.web.problems import Problem
from agent.web.store import AnswerStore, Remembered
from agent.web.threads import Threads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[!-~]+$",
        description="Any text of your own. The same key with the same request gets the same answer for a day, and costs nothing.",
    ),
]


class Once:
    """Remembers answers of status 2xx. For one event loop."""

    def __init__(self, answers: AnswerStore, threads: Threads) -> None:
        self._answers = answers
        self._threads = threads
        self._locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    async def answer(self, tenant: str, key: str, digest: str, make: Callable[[], Awaitable[Response]]) -> Response:
        """What was answered under `key`, else what `make` answers. Raises Problem when the key was another request's.

        A second request under a key that is being worked on waits for its answer.
        """
        async with self._alone(tenant, key):
            found = await self._threads.read(self._answers.find, tenant, key)
            if found is not None:
                if found.digest != digest:
                    raise Problem("idempotency_key_reused", "the key came with another request before; take a new one for this")
                return Response(found.body, found.status, {**found.headers, "idempotency-replayed": "true"})
            response = await make()
            if 200 <= response.status_code < 300:  # noqa: PLR2004  what was done; anything else may be tried again
                headers = {name: value for name, value in response.headers.items() if name != "content-length"}
                remembered = Remembered(digest, response.status_code, headers, bytes(response.body))
                await self._threads.write(self._answers.keep, tenant, key, remembered)
            return response

    @asynccontextmanager
    async def _alone(self, *name: str) -> AsyncIterator[None]:
        mine: tuple[str, str] = (name[0], name[1])
        lock, users = self._locks.get(mine, (asyncio.Lock(), 0))
        self._locks[mine] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[mine]
            if users == 1:
                del self._locks[mine]
            else:
                self._locks[mine] = lock, users - 1

"""Server-sent events: a card told while it is made.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TypeVar

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.engines.aloud import AskedAgain, Hear, Told
from agent.web.desk import told_as_json
from agent.web.problems import Problem, own_fault

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 10.0
"""After so long a silence a comment is sent, so that proxies don't take the connection for dead."""
STALLED_S = 60.0
"""A client that takes nothing for so long is taken to have gone."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_BEAT = b": \n\n"

T = TypeVar("T")


def event(name: str, data: bytes) -> bytes:
    """One event. JSON from orjson has no line ends, which would end the data."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


class CardStream(Response):
    """`make`, told: an event `field` for each field, `reask` when the model is asked again, `card` or `problem` at the end.

    `hand` is entered by now and left when the stream has ended, however it ends. A client that leaves cancels `make`.
    """

    media_type = MEDIA_TYPE

    def __init__(self, make: Callable[[Hear], Awaitable[Response]], hand: ExitStack) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._make = make
        self._hand = hand
        self._told: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all, or until the client has gone."""
        del scope
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await unless_gone(receive, self._send_all(send))
        finally:
            self._hand.close()

    def _hear(self, what: Told | AskedAgain) -> None:
        name, data = told_as_json(what)
        self._told.put_nowait(event(name, orjson.dumps(data)))

    async def _send_all(self, send: Send) -> None:
        making = asyncio.ensure_future(self._last())
        try:
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        piece = await self._told.get()
                except TimeoutError:
                    piece = _BEAT
                while not self._told.empty():
                    piece += self._told.get_nowait()
                try:
                    async with asyncio.timeout(STALLED_S):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    return  # without the end of the answer, so that the connection is closed
                if making.done() and self._told.empty():
                    break
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            making.cancel()
            await asyncio.wait([making])

    async def _last(self) -> None:
        try:
            made = await self._make(self._hear)
            self._told.put_nowait(event("card", bytes(made.body)))
        except Problem as problem:
            self._told.put_nowait(event("problem", problem.body()))
        except Exception as exc:  # noqa: BLE001  whoever listens must hear of the end
            self._told.put_nowait(event("problem", own_fault(exc).body()))


async def unless_gone(receive: Receive, work: Awaitable[T]) -> T | None:
    """What `work` returns; None, and the work cancelled, when the client leaves before."""
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait([task, watch], return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, watch):
            one.cancel()
        await asyncio.wait([task, watch])
        if task.done() and not task.cancelled():
            task.exception()  # looked at: nobody may be left to hear of it


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

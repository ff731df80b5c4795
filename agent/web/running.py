"""The process that serves: uvicorn, what it says when it listens, and how it ends.

The first SIGTERM or SIGINT drains: /readyz says 503, nothing more is begun, what is in hand ends within NEWSCARD_DRAIN_S, batches stop
where they can be gone on with. The second one ends at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from agent.errors import UsageError
from agent.settings import Settings
from agent.web.app import create_app
from agent.web.security import check_listening
from agent.web.security.connections import GuardedProtocol
from agent.web.state import store_address

if TYPE_CHECKING:
    from agent.web.state import Service

Say = Callable[[str], None]

LAST_S = 1
"""After draining, how long connections may still take to be closed."""
BACKLOG = 2_048
ACCEPTED_AT_ONCE = 16
"""uvloop takes one new connection a turn from each listening socket (libuv since 1.45), and every other request goes before it: of 64
callers who come at once the last would wait for two thousand answers to the others. The socket is therefore listened to so many times."""
SWITCH_S = 0.001
"""Drafts are checked in a thread: the event loop waits no longer than this for its turn (Python's own is 5 ms)."""


def run(settings: Settings, say: Say | None) -> int:
    """Serve until a signal comes; the exit code. Raises NewscardError when it can't begin."""
    check_listening(settings, store_address(settings))
    listening = _listen(settings)
    app = create_app(settings)
    server = Server(app, settings.drain_s, say)
    sys.setswitchinterval(SWITCH_S)
    try:
        server.run([listening, *(listening.dup() for _ in range(ACCEPTED_AT_ONCE - 1))])
    except SystemExit:
        if server.failure is None:
            raise
    if server.failure is not None:
        raise server.failure
    return 0


class Server(uvicorn.Server):
    """uvicorn with a drain before its end."""

    def __init__(self, app: FastAPI, drain_s: float, say: Say | None) -> None:
        self._app = Opening(app)
        config = uvicorn.Config(
            self._app,
            http=GuardedProtocol,
            log_level="critical",  # what there is to say is said by us
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LAST_S,
            backlog=BACKLOG,
        )
        super().__init__(config)
        self._drain_s = drain_s
        self._say = say or (lambda _: None)
        self._draining: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def failure(self) -> BaseException | None:
        """Why the service couldn't be opened."""
        return self._app.failure

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say where."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.should_exit:
            return
        gc.collect()
        gc.freeze()  # what is there now stays; looking it through again and again would hold requests up
        for listening in (sockets or [])[:1]:
            host, port = listening.getsockname()[:2]
            self._say(f"serving on http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C ends it)")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """In the signal's handler, which may interrupt anything."""
        del frame
        if self._loop is None or self._draining is not None:
            os._exit(128 + sig)  # whatever is kept, is kept so that a killed process does it no harm
        else:
            self._loop.call_soon_threadsafe(self._begin_to_drain, signal.Signals(sig).name)

    def _begin_to_drain(self, name: str) -> None:
        if self._draining is None:
            self._draining = asyncio.ensure_future(self._drain(name))

    async def _drain(self, name: str) -> None:
        service: Service = self._app.app.state.service
        service.admission.draining = True
        if service.admission.in_hand or service.jobs.are_running:
            self._say(f"{name}: waiting up to {self._drain_s:g} s for what is in hand; again ends at once")
        jobs = asyncio.ensure_future(service.jobs.drain())
        try:
            async with asyncio.timeout(self._drain_s):
                await service.admission.idle()
        except TimeoutError:
            self._say(f"{service.admission.in_hand} requests had no answer in time")
        await jobs
        self.should_exit = True


class Opening:
    """The application; what keeps it from being opened is kept, to be said in one line."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.failure: BaseException | None = None

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  ASGI's
        """Pass it on."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except BaseException as exc:
            self.failure = exc
            raise


def _listen(settings: Settings) -> socket.socket:
    """The socket; opened first, so that an address in use is told before anything else is done."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as exc:
        raise UsageError(f"can't listen on {settings.host} port {settings.port}: {exc.strerror}; choose another --host or --port") from None
    return listening

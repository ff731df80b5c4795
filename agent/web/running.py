"""The process that serves: uvicorn, and what it says when it listens."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.security import check_listening
from agent.web.security.connections import GuardedProtocol
from agent.web.state import store_address

Say = Callable[[str], None]


def run(settings: Settings, say: Say | None) -> int:
    """Serve until a signal comes; the exit code. Raises NewscardError when it can't begin."""
    check_listening(settings, store_address(settings))
    server = Server(settings, say)
    server.run()
    return 0


class Server(uvicorn.Server):
    """uvicorn, with one line for the user when it listens."""

    def __init__(self, settings: Settings, say: Say | None) -> None:
        config = uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            http=GuardedProtocol,
            server_header=False,
            log_level="warning",
            access_log=False,
        )
        super().__init__(config)
        self._say = say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say where."""
        await super().startup(sockets)
        if self.should_exit or self._say is None:
            return
        for server in self.servers:
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                self._say(f"serving on http://{host}:{port}")

"""The service on a loopback port, for tests: uvicorn in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from agent.web.security.connections import GuardedProtocol


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of the running service."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, http=GuardedProtocol, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, name="service", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    assert server.started, "the service didn't start"
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()

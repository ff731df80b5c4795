"""The service on a loopback port, for tests: uvicorn in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from agent.article import Article
from agent.web.security.connections import GuardedProtocol

STORY = (
    "Halden Semiconductor raised its revenue outlook for the year to $4.2 billion on Wednesday, from $3.9 billion, and said that orders "
    "for its memory chips had doubled since March. Its shares rose 8% in New York. Analysts had expected less, and some of them said so."
)
Serve = Callable[..., AbstractContextManager[httpx.Client]]


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of the running service."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, http=GuardedProtocol, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, name="service", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    assert server.started, "the service didn't start"
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def an_order(number: int = 1, **options: Any) -> dict[str, Any]:
    """The body of a request for a card; each number is another article."""
    text = f"{STORY} The plant in town {number} employs {number + 100} people, the mayor of town {number} said in letter {number}."
    article = {
        "id": f"story-{number}",
        "title": f"Halden raises its outlook ({number})",
        "text": text,
        "published_at": "2025-06-18T21:00:00Z",
    }
    return {"article": article, **({"options": options} if options else {})}


def an_article(number: int = 1) -> Article:
    """The same article."""
    return Article.model_validate(an_order(number)["article"])


def events(response: httpx.Response) -> Iterator[tuple[str, str]]:
    """The events of a stream, name and data, as they come; comments are left out."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, line.removeprefix("data: ")


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)

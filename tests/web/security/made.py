"""Keys, requests and raw connections for the tests of what stands before the routes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx

from agent.settings import Settings
from agent.web.callers import Limits
from agent.web.security.keys import new_key
from agent.web.state import store_address
from agent.web.store import open_database
from agent.web.store.access import AccessStore
from tests.present.sample import ARTICLE

JSON = {"content-type": "application/json"}


class Closed(NamedTuple):
    """A running service that wants a key."""

    client: httpx.Client
    key: str
    settings: Settings


@contextmanager
def access_store(settings: Settings) -> Iterator[AccessStore]:
    """The keys of the service with those settings, as the command line reaches them."""
    database = open_database(store_address(settings))
    try:
        yield AccessStore(database)
    finally:
        database.dispose()


def a_key(settings: Settings, tenant: str = "", **limits: Any) -> str:
    """A key of that service."""
    secret, key = new_key("a test", tenant, Limits(**limits))
    with access_store(settings) as store:
        store.add_key(key)
    return secret


def prefix_of(secret: str) -> str:
    """Its public part."""
    return secret.split("_")[1]


def bearer(secret: str) -> dict[str, str]:
    """The headers of a caller that has it."""
    return {"authorization": f"Bearer {secret}"}


def body(**changes: Any) -> bytes:
    """The sample article, as it is sent."""
    return json.dumps({"article": ARTICLE.model_copy(update=changes).model_dump(mode="json")}).encode()


def post_card(client: httpx.Client, headers: dict[str, str] | None = None, **changes: Any) -> httpx.Response:
    """Ask for a card of the sample article."""
    return client.post("/v1/cards", content=body(**changes), headers=JSON | (headers or {}))


def port_of(client: httpx.Client) -> int:
    """Where the service listens."""
    assert client.base_url.port is not None
    return client.base_url.port


@contextmanager
def connected(client: httpx.Client) -> Iterator[socket.socket]:
    """A bare connection to the service."""
    with socket.create_connection(("127.0.0.1", port_of(client)), timeout=10) as sock:
        yield sock


def answer(sock: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and body of the next answer, which says its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(sock)
    head, _, found = data.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
    while len(found) < int(headers["content-length"]):
        found += _more(sock)
    return int(head.split(b" ", 2)[1]), json.loads(found)


def _more(sock: socket.socket) -> bytes:
    part = sock.recv(65536)
    assert part, "the service hung up"
    return part


def wait_for(done: Callable[[], bool]) -> None:
    """Until it is so, half a minute at most: the machine may be busy."""
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)

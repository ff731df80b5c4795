"""Clients that never get to the end of their headers."""

from __future__ import annotations

import asyncio
import socket
from typing import cast

import httpx
import pytest

from agent.web.security.bodies import MAX_HEADER_BYTES
from agent.web.security.connections import GuardedProtocol, Together
from tests.web.security.made import answer, body, connected

WHOLE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers must be there within a fifth of a second."""
    monkeypatch.setattr(GuardedProtocol, "headers_s", 0.2)


def ends(sock: socket.socket) -> bytes:
    """What comes until the service closes the connection."""
    data = b""
    while part := sock.recv(65536):
        data += part
    return data


@pytest.mark.usefixtures("_quickly")
@pytest.mark.parametrize("sent", [b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\n"])
def test_d38_headers_that_do_not_end_are_408(client: httpx.Client, sent: bytes) -> None:
    """However far they got."""
    with connected(client) as sock:
        sock.sendall(sent)
        status, said = answer(sock)
    assert (status, said["code"]) == (408, "too_slow")


@pytest.mark.usefixtures("_quickly")
def test_d38_a_connection_that_says_nothing_is_closed(client: httpx.Client) -> None:
    """Without a word."""
    with connected(client) as sock:
        assert ends(sock) == b""


@pytest.mark.usefixtures("_quickly")
def test_d38_half_a_second_request_is_no_better(client: httpx.Client) -> None:
    """The time begins anew with each request, and ends as well."""
    with connected(client) as sock:
        sock.sendall(WHOLE)
        assert sock.recv(65536).startswith(b"HTTP/1.1 200")
        sock.sendall(b"GET /heal")
        assert answer(sock)[0] == 408


@pytest.mark.usefixtures("_quickly")
def test_whole_requests_are_answered_on_one_connection(client: httpx.Client) -> None:
    """The time for headers is not the time for answers, nor for what comes between them."""
    with connected(client) as sock:
        for _ in range(3):
            sock.sendall(WHOLE)
            assert sock.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n" + b"A: b\r\n"])
def test_d38_headers_without_an_end_are_431(client: httpx.Client, sent: bytes) -> None:
    """They are counted as they come, and not kept until they end."""
    with connected(client) as sock:
        said = b""
        try:
            sock.sendall(sent)
            for _ in range(50):
                sock.sendall(b"x" * MAX_HEADER_BYTES)
            said = sock.recv(65536)
        except ConnectionError:
            return  # it has hung up on what was still coming
    assert said.startswith(b"HTTP/1.1 431")


CHUNKED = b"POST /v1/cards HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_what_stands_behind_a_body_is_no_header(client: httpx.Client) -> None:
    """The door looked at the headers and let the request in; a trailer that came later can't add to them."""
    with connected(client) as sock:
        sock.sendall(CHUNKED + b"%x\r\n%b\r\n" % (len(body()), body()) + b"0\r\nIdempotency-Key: no key\r\n\r\n")
        assert answer(sock)[0] == 200


@pytest.mark.parametrize("begin", [b"0\r\nX-Trailer: ", b"2;extension="], ids=["trailer", "chunk's extension"])
def test_d38_what_stands_beside_a_body_has_an_end(client: httpx.Client, begin: bytes) -> None:
    """It is no part of the body that is counted, so it is counted by itself."""
    with connected(client) as sock:
        sock.sendall(CHUNKED + begin)
        with pytest.raises(ConnectionError):
            sock.sendall(b"x" * MAX_HEADER_BYTES * 1_000)


def test_a_body_in_chunks_of_one_byte_is_taken(client: httpx.Client) -> None:
    """Though most of what comes are the chunks' lengths."""
    with connected(client) as sock:
        sock.sendall(CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in body()) + b"0\r\n\r\n")
        assert answer(sock)[0] == 200


class Wire:
    """A transport that keeps what it is given, a packet an entry."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """One packet."""
        self.packets.append(data)

    def writelines(self, parts: tuple[bytes, ...]) -> None:
        """One packet too."""
        self.packets.append(b"".join(parts))

    def is_closing(self) -> bool:
        """After `close`."""
        return self.closed

    def close(self) -> None:
        """Nothing more may be written."""
        self.closed = True


def together(wire: Wire) -> Together:
    """What uvicorn writes to."""
    return Together(cast("asyncio.Transport", wire), asyncio.get_running_loop())


async def test_an_answers_head_leaves_with_the_first_of_its_body() -> None:
    """In one packet, and nothing more comes of it at the next turn."""
    wire = Wire()
    transport = together(wire)
    for data in (b"HTTP/1.1 200 OK\r\n\r\n", b"body", b"more"):
        transport.write(data)
    await asyncio.sleep(0)
    assert wire.packets == [b"HTTP/1.1 200 OK\r\n\r\nbody", b"more"]


async def test_a_head_that_no_body_follows_leaves_at_the_next_turn() -> None:
    """A stream's reader sees that it began."""
    wire = Wire()
    together(wire).write(b"HTTP/1.1 200 OK\r\n\r\n")
    assert wire.packets == []
    await asyncio.sleep(0)
    assert wire.packets == [b"HTTP/1.1 200 OK\r\n\r\n"]


async def test_what_is_held_leaves_before_the_end() -> None:
    """Closing loses nothing."""
    wire = Wire()
    transport = together(wire)
    transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    transport.close()
    await asyncio.sleep(0)
    assert (wire.packets, wire.closed) == ([b"HTTP/1.1 204 No Content\r\n\r\n"], True)


async def test_nothing_is_written_to_who_has_gone() -> None:
    """The connection was lost in between."""
    wire = Wire()
    together(wire).write(b"HTTP/1.1 200 OK\r\n\r\n")
    wire.closed = True
    await asyncio.sleep(0)
    assert wire.packets == []

"""HTTP/1.1 for the fault server: an asyncio protocol over httptools' parser, which is quick enough for thousands of requests a second."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httptools

from tests.faults.answers import Answer


@dataclass(frozen=True)
class Received:
    """One request. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body, read."""
        data: dict[str, Any] = json.loads(self.body)
        return data


class Connection(asyncio.Protocol):
    """One client. `serve` is called with each whole request and answers through `send`, at once or later."""

    def __init__(self, serve: Callable[[Connection, Received], None], opened: set[Connection]) -> None:
        self._serve = serve
        self._opened = opened
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self.transport: asyncio.Transport | None = None
        self.pending: asyncio.TimerHandle | None = None
        self.on_lost: Callable[[], None] | None = None
        self.on_told: Callable[[], None] | None = None
        """Called once the last piece of an answer with pauses is sent."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's isn't one by inheritance
        self._opened.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The client is gone, or was sent away."""
        self._opened.discard(self)
        self.transport = None
        if self.pending is not None:
            self.pending.cancel()
        if self.on_lost is not None:
            lost, self.on_lost = self.on_lost, None
            lost()

    def data_received(self, data: bytes) -> None:
        """Some bytes."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.reset()

    def on_url(self, url: bytes) -> None:
        """The parser's."""
        self._path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """The parser's."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """The parser's."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The parser's: the request is whole."""
        received = Received(self._parser.get_method().decode(), self._path.decode(), self._headers, b"".join(self._body))
        self._path, self._headers, self._body = b"", {}, []
        self._serve(self, received)

    def send(self, answer: Answer, more_headers: bytes = b"") -> None:
        """Send `answer`, with headers that are its only here."""
        if self.transport is None:
            return
        if answer.then == "hang":
            return
        if answer.then == "reset":
            self.reset()
        elif answer.parts:
            self.transport.write(answer.head + more_headers + b"\r\n")
            self._chunk(answer, 0)
        elif answer.trickle_s:
            self.transport.write(answer.head + more_headers + b"\r\n")
            self._trickle(answer, 0)
        else:
            wire = answer.wire if not more_headers else answer.head + more_headers + b"\r\n" + answer.body
            self.transport.write(wire * answer.copies)
            if answer.then == "close":
                self.transport.close()

    def reset(self) -> None:
        """Break the connection off."""
        if self.transport is not None:
            # Without lingering, closing sends RST at once.
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()

    def _chunk(self, answer: Answer, at: int) -> None:
        for place in range(at, len(answer.parts)):
            if self.transport is None:
                return
            part = answer.parts[place]
            self.transport.write(b"%x\r\n%b\r\n" % (len(part), part))
            if answer.pause_s:
                self.pending = asyncio.get_running_loop().call_later(answer.pause_s, self._chunk, answer, place + 1)
                return
        self.on_lost = None
        if self.on_told is not None:
            told, self.on_told = self.on_told, None
            told()
        if self.transport is None:
            return
        if answer.then == "close":
            self.transport.close()  # without the end of the body
        else:
            self.transport.write(b"0\r\n\r\n")

    def _trickle(self, answer: Answer, at: int) -> None:
        if self.transport is None or at >= len(answer.body):
            return
        self.transport.write(answer.body[at : at + 1])
        self.pending = asyncio.get_running_loop().call_later(answer.trickle_s, self._trickle, answer, at + 1)

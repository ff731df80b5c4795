"""uvicorn's HTTP protocol with two bounds that it has none of its own for: how long headers may be, and how long they may take."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from agent.web.problems import MEDIA_TYPE, Problem
from agent.web.security.bodies import MAX_HEADER_BYTES

FRAMING = 8
"""Bytes that may come beside each byte of a body: in chunks of one byte, five do."""


class Together:
    """A transport on which an answer's head leaves with the first of its body, in one packet; uvicorn writes the two one after the other.

    A head that no body follows leaves at the event loop's next turn. All else is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Of the transport; asked with every request."""
        return self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Hold a head back, or send what is held and `data`."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))
        elif data.startswith(b"HTTP/1."):
            self._head = data
            self._loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Once all of it is sent."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            if not self._transport.is_closing():
                self._transport.write(head)


class GuardedProtocol(HttpToolsProtocol):
    """A client that sends half a request and waits, or headers without an end, is let go.

    Bodies are BodyGuard's; what comes beside them isn't.
    """

    headers_s: ClassVar[float] = 10.0
    """Seconds from a connection's beginning, or from the first byte of its next request, until all headers are there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heading = True
        self._heading_bytes = 0
        self._heading_timer: asyncio.TimerHandle | None = None
        self._sent_bytes = 0
        self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(cast("asyncio.Transport", Together(transport, self.loop)))
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes while headers are not yet whole."""
        if self._heading:
            self._heading_bytes += len(data)
        else:
            self._sent_bytes += len(data)
        super().data_received(data)
        # Most headers come in one piece: a timer for each request, set and stopped again, would cost more than all other bounds.
        if self._heading and self._heading_bytes and self._heading_timer is None and not self.transport.is_closing():
            self._wait_for_headers()
        # The last piece may hold the beginning of a body; a little more than the limit is therefore let through to BodyGuard.
        if self._heading and self._heading_bytes > MAX_HEADER_BYTES and not self.transport.is_closing():
            self._let_go(Problem("headers_too_large", f"headers and address may have {MAX_HEADER_BYTES} bytes together"))
        # Chunks may have extensions, and trailers behind them: neither is of the body that BodyGuard counts.
        if not self._heading and self._sent_bytes > MAX_HEADER_BYTES + (1 + FRAMING) * self._body_bytes and not self.transport.is_closing():
            self._let_go(Problem("too_large", "more came beside the body than belongs to it"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header. What comes behind a body as one (a trailer) is none: the request was let in by those before."""
        if self._heading:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The headers are there."""
        self._stop_waiting()
        self._heading = False
        self._sent_bytes = self._body_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what is of the body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What comes next are headers again."""
        super().on_message_complete()
        self._heading, self._heading_bytes = True, 0

    def _wait_for_headers(self) -> None:
        self._heading_timer = self.loop.call_later(self.headers_s, self._too_late)

    def _stop_waiting(self) -> None:
        if self._heading_timer is not None:
            self._heading_timer.cancel()
            self._heading_timer = None

    def _too_late(self) -> None:
        self._heading_timer = None
        if self.transport.is_closing():
            return
        if self._heading_bytes:
            self._let_go(Problem("too_slow", "the headers came too slowly; send them at once"))
        else:
            self.transport.close()

    def _let_go(self, problem: Problem) -> None:
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()  # an earlier request's answer is on its way; nothing may be written into it
            return
        body = problem.body()
        headers = problem.headers() | {"content-type": MEDIA_TYPE, "content-length": str(len(body)), "connection": "close"}
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[problem.kind.status] + lines + b"\r\n" + body)
        self.transport.close()

"""A request over a connection of aiohttp's pool, without aiohttp's session; docs/decisions has why.

Pool, TLS, parser and time-outs are aiohttp's. What isn't done again at each request: an address taken apart, headers merged and written,
cookies and redirects thought of, a task made to write the body. Apart from transport.py because aiohttp is imported no sooner than it is
used.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from yarl import URL

from agent.engines.wire import Body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.connector import Connection

_FRAMING = frozenset({"content-length", "transfer-encoding", "content-encoding", "expect", "connection", "host"})
_ASKED = ("read_until_eof", "auto_decompress", "read_timeout", "read_bufsize", "max_line_size", "max_field_size")
_READ_AT_ONCE = 2**16
_ENCRYPTED_AT_ONCE = 2**13
"""Bytes. OpenSSL keeps room for the most that a connection encrypted at once: 37 kB for a request of 28 kB written whole, 11 kB so."""
_SWITCHING = 101


def is_known(headers: Mapping[str, str]) -> bool:
    """Whether requests with these headers can go this way: they leave a body's framing to us, and this aiohttp is as we know it."""
    known = inspect.signature(ResponseHandler.set_response_params).parameters
    return all(name in known for name in _ASKED) and _FRAMING.isdisjoint(name.lower() for name in headers)


class Pool(aiohttp.TCPConnector):
    """aiohttp's, without connections over which something came while nobody had asked: a gateway that stutters says an answer twice,
    and aiohttp would take the second time for the answer to whatever is asked next, another article's card.
    """  # noqa: D205  one sentence

    async def connect(self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout) -> Connection:  # noqa: ASYNC109  aiohttp's name
        """A connection on which nothing is left over."""
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is None or not connection.protocol.should_close:
                return connection
            connection.close()


class Direct:
    """Posts to one address. `session` is only the pool's owner, and what its time-outs, headers and bounds are read from."""

    def __init__(self, session: aiohttp.ClientSession, url: str, *, longest_line: int) -> None:
        assert session.connector is not None
        self._connector = session.connector
        self._timeout = session.timeout
        self._longest_line = longest_line
        # The pool asks it where to connect to; the headers are those that a session would send.
        self._request = aiohttp.ClientRequest("POST", URL(url), headers=session.headers, loop=asyncio.get_running_loop(), session=session)
        lines = "".join(f"{name}: {value}\r\n" for name, value in self._request.headers.items() if name.lower() != "content-length")
        self._head = f"POST {self._request.url.raw_path_qs} HTTP/1.1\r\n{lines}Content-Length: ".encode()

    async def post(self, body: Body) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of the answer. Raises aiohttp.ClientError and OSError."""
        try:
            connection = await self._connector.connect(self._request, traces=[], timeout=self._timeout)
        except TimeoutError as exc:
            raise aiohttp.ConnectionTimeoutError(f"no connection to {self._request.host}") from exc
        try:
            answer = await self._exchange(connection, body)
        except HttpProcessingError as exc:
            connection.close()
            raise aiohttp.ClientPayloadError("no HTTP") from exc
        except BaseException:
            connection.close()
            raise
        if (transport := connection.transport) is not None and transport.get_write_buffer_size():
            connection.close()  # it answered before it had heard all
        else:
            connection.release()
        return answer

    async def _exchange(self, connection: Connection, body: Body) -> tuple[int, Mapping[str, str], bytes]:
        protocol, transport = connection.protocol, connection.transport
        if protocol is None or transport is None or transport.is_closing():
            raise aiohttp.ClientConnectionResetError("closed before anything was sent")
        protocol.set_response_params(
            read_until_eof=True,
            auto_decompress=True,
            read_timeout=self._timeout.sock_read,
            read_bufsize=_READ_AT_ONCE,
            max_line_size=self._longest_line,
            max_field_size=self._longest_line,
        )
        # Nobody waits for the socket to take all of it: it is in memory already, and there is no more to come.
        _write(transport, (b"%b%d\r\n\r\n" % (self._head, body.size), *body.take()))
        protocol.start_timeout()
        while True:
            message, payload = await protocol.read()
            if message.code == _SWITCHING or message.code // 100 != 1:
                return message.code, message.headers, await payload.read()


def _write(transport: asyncio.Transport, parts: tuple[bytes, ...]) -> None:
    """All of `parts`. TLS encrypts what is written at once into a buffer of the connection's, which never gets smaller again."""
    if transport.get_extra_info("sslcontext") is None:
        transport.writelines(parts)
        return
    whole = memoryview(b"".join(parts))
    for at in range(0, len(whole), _ENCRYPTED_AT_ONCE):
        transport.write(whole[at : at + _ENCRYPTED_AT_ONCE])

"""Requests without aiohttp's session: the same on the wire, and the same made of what comes back."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from asyncio import sslproto
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agent.engines import direct
from agent.engines.transport import NoAnswer, Transport
from agent.engines.wire import Body
from tests.engines.samples import a_settings
from tests.faults import answers
from tests.faults.server import FaultServer

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LARGE = b"x" * 8_000_000


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[str]:
    """A server that does what `talk` does with each connection; its base URL."""
    talks: list[asyncio.Task[None]] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.create_task(accept(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        await asyncio.gather(*talks)
        await asyncio.sleep(0)


async def post(base_url: str, body: Body, times: int = 1, **settings: object) -> list[tuple[int, bytes | None]]:
    """Status and body of each answer."""
    transport = Transport(a_settings(base_url, **settings), "key", 10)
    try:
        found = [await transport.post(body if times == 1 else Body(b"{", b"}")) for _ in range(times)]
        assert transport._direct is not None
    finally:
        await transport.aclose()
    return [(answer.status, answer.body) for answer in found]


async def test_little_is_encrypted_at_once(trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long request arrives whole, and no connection's buffer of TLS, which is kept at its longest, ever held more than 9 kB."""
    waiting: list[int] = []
    passed_on = sslproto.SSLProtocol._process_outgoing  # type: ignore[attr-defined]

    def noted(self: Any) -> None:
        waiting.append(self._outgoing.pending)
        passed_on(self)

    monkeypatch.setattr(sslproto.SSLProtocol, "_process_outgoing", noted)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        whole = head.partition(b"Content-Length: ")[2].split(b"\r")[0] == b"100009"
        whole &= await reader.readexactly(100_009) == b"{" + b"x" * 100_000 + b"article}"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (b"whole" if whole else b"other"))

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=trusted)
    async with server:
        base_url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        assert await post(base_url, Body(b"{" + b"x" * 100_000, b"article}")) == [(200, b"whole")]
    assert 8_000 < max(waiting) < 9_000


async def test_the_wire_sees_what_a_session_would_send(fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Request line, headers in their order, body."""
    fault_server.reply(answers.raw(b"{}"))
    for known in (True, False):
        monkeypatch.setattr(direct, "is_known", lambda _, known=known: known)
        transport = Transport(a_settings(fault_server.base_url, headers="X-Own: a b"), "key", 10)
        await transport.post(Body(b"{", b'"a": 1', b"}"))
        assert (transport._direct is not None) == known
        await transport.aclose()
    ours, theirs = fault_server.requests
    assert ours == theirs
    assert list(ours.headers) == list(theirs.headers)
    assert ours.body == b'{"a": 1}'


@pytest.mark.parametrize("line", ["Content-Length: 3", "transfer-encoding: chunked", "Expect: 100-continue", "Host: elsewhere"])
async def test_headers_that_frame_a_body_are_the_sessions_business(line: str, fault_server: FaultServer) -> None:
    """Of whoever sets such a header, nothing is taken away."""
    transport = Transport(a_settings(fault_server.base_url, headers=line), "key", 10)
    transport._open()
    assert transport._direct is None
    await transport.aclose()


async def test_requests_that_follow_each_other_share_a_connection(fault_server: FaultServer) -> None:
    """A new one costs a round trip, with TLS several."""
    fault_server.reply(answers.raw(b"{}"))
    assert await post(fault_server.base_url, Body(), times=3) == [(200, b"{}")] * 3
    assert fault_server.connections == 1


async def test_a_body_that_no_socket_takes_at_once_arrives_whole(fault_server: FaultServer) -> None:
    """8 MB."""
    fault_server.reply(answers.raw(b"{}"))
    body = Body(b'"', LARGE, b'"')
    assert await post(fault_server.base_url, body, timeout_s=20) == [(200, b"{}")]
    assert fault_server.requests[0].body == b'"%b"' % LARGE
    assert body.whole() == b""


async def test_a_packed_answer_is_unpacked(fault_server: FaultServer) -> None:
    """Gateways do that whether they were asked to or not."""
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    fault_server.reply(answers.Answer(body=gzip.compress(b'{"a": 1}'), headers=headers))
    assert await post(fault_server.base_url, Body(b"{}")) == [(200, b'{"a": 1}')]


async def test_an_answer_in_chunks_is_put_together_and_hints_before_it_are_passed_over() -> None:
    """A 103, then chunks, each by itself."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        for piece in (
            b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{",
            b'"\r\n3\r\na":',
        ):
            writer.write(piece)
            await asyncio.sleep(0.01)
        writer.write(b"\r\n2\r\n1}\r\n0\r\n\r\n")

    async with listening(talk) as base_url:
        assert await post(base_url, Body(b"{}")) == [(200, b'{"a":1}')]


async def test_whoever_answers_before_it_heard_all_is_heard_and_not_asked_on_that_connection_again() -> None:
    """413 after the headers, and the rest of the body never read."""
    connections = 0
    over = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
        await over.wait()

    async with listening(talk) as base_url:
        transport = Transport(a_settings(base_url, timeout_s=5), "key", 10)
        for _ in range(2):
            assert (await transport.post(Body(LARGE))).status == 413
        over.set()
        await transport.aclose()
    assert connections == 2


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A" * 70_000]
)
async def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    """And no other error."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(said)
        await writer.drain()

    async with listening(talk) as base_url:
        with pytest.raises(NoAnswer):
            await post(base_url, Body(b"{}"))


async def test_a_request_that_is_given_up_frees_its_place(fault_server: FaultServer) -> None:
    """With room for one connection the next request goes out at once."""
    fault_server.script(answers.HANG)
    fault_server.reply(answers.raw(b"{}"))
    transport = Transport(a_settings(fault_server.base_url), "key", 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await transport.post(Body(b"{}"))
    assert (await transport.post(Body(b"{}"))).status == 200
    await transport.aclose()


async def test_a_proxy_is_the_sessions_business(fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is asked for the whole address, as a proxy is."""
    fault_server.reply(answers.raw(b"{}"))
    monkeypatch.setenv("http_proxy", f"http://{fault_server.host}")
    monkeypatch.setenv("no_proxy", "")
    transport = Transport(a_settings("http://models.invalid/v1"), "key", 10)
    assert (await transport.post(Body(b"{}"))).body == b"{}"
    await transport.aclose()
    assert fault_server.requests[0].path == "http://models.invalid/v1/chat/completions"


@pytest.mark.parametrize("take", [None, lambda _: False], ids=["at once", "in pieces"])
async def test_an_answer_that_is_said_again_later_is_nobody_elses(take: Callable[[bytes], bool] | None) -> None:
    """A copy that comes over a connection while nobody has asked is no answer to what is asked next."""
    answered = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        while await reader.read(2**16):
            answered += 1
            said = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"n":%d}' % answered
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.write(said)

    async with listening(talk) as base_url:
        transport = Transport(a_settings(base_url, timeout_s=5), "key", 10)
        found: list[bytes | None] = []
        for _ in range(2):
            found.append((await transport.post(Body(b"{}"), take)).body)
            await asyncio.sleep(0.1)
        await transport.aclose()
    assert found == [b'{"n":1}', b'{"n":2}']

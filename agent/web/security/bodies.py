"""What a request may send: how much, how slowly, and how deeply nested. Held while it comes, whatever its Content-Length says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.settings import Settings
from agent.web.callers import LOCAL, SCOPE
from agent.web.problems import Problem
from agent.web.security.deadline import by
from agent.web.security.nesting import MAX_DEPTH, is_too_deep
from agent.web.security.refusing import refuse

MAX_HEADER_BYTES = 16_384
"""Names and values of all headers together, and the address with its query."""

STRANGERS_BYTES = 16_384
"""Of a body that comes without a key, where none is needed: a login's form."""

GRACE_S = 20.0
BYTES_PER_S = 16_384
"""A body may take GRACE_S, and a second more for so many bytes that have come."""

_UPLOADS = ("/v1/batches",)
_STREAMED = (b"application/x-ndjson", b"application/ndjson", b"application/jsonl", b"application/x-jsonlines", b"multipart/form-data")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of one body, seconds until its deadline, and how many bytes buy a second more."""

    max_bytes: int
    grace_s: float = GRACE_S
    bytes_per_s: float = BYTES_PER_S

    def deadline_s(self, received: int) -> float:
        """Seconds after the beginning until when more must have come."""
        return self.grace_s + received / self.bytes_per_s


class _Sent(NamedTuple):
    """What the headers say. `kind` is the media type in lower case, with its parameters; `declared_bytes` 0 where there is no length.

    `is_packed`: it would have to be unpacked first.
    """

    heading_bytes: int
    has_body: bool
    declared_bytes: int
    kind: bytes
    is_packed: bool

    @classmethod
    def of(cls, scope: Scope) -> _Sent:
        size, has_body, declared, kind = len(scope.get("raw_path") or b"") + len(scope["query_string"]), False, 0, b""
        is_packed = False
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            if name == b"content-length":
                declared = int(value)
                has_body = has_body or declared > 0
            elif name == b"transfer-encoding":
                has_body = True
            elif name == b"content-type":
                kind = value.strip().lower()
            elif name == b"content-encoding":
                is_packed = is_packed or value.strip().lower() not in {b"", b"identity"}
        return cls(size, has_body, declared, kind, is_packed)


class BodyGuard:
    """ASGI middleware. A body that will be parsed as a whole is read here first; one that is read as a stream is watched on its way."""

    def __init__(self, app: ASGIApp, settings: Settings, *, grace_s: float = GRACE_S, bytes_per_s: float = BYTES_PER_S) -> None:
        self._app = app
        self._body = Bounds(settings.max_body_bytes, grace_s, bytes_per_s)
        self._upload = Bounds(settings.max_upload_bytes, grace_s, bytes_per_s)
        self._strangers = Bounds(min(STRANGERS_BYTES, settings.max_body_bytes), grace_s, bytes_per_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _Sent.of(scope)
        if sent.heading_bytes > MAX_HEADER_BYTES:
            problem = Problem("headers_too_large", f"headers and address may have {MAX_HEADER_BYTES} bytes together")
            await refuse(problem, scope, receive, send, unread=sent.has_body)
        elif sent.has_body and sent.is_packed:
            problem = Problem("media_type_unsupported", "the body is packed (Content-Encoding); unpack it and send it as it is")
            await refuse(problem, scope, receive, send, unread=True)
        elif not sent.has_body:
            await self._app(scope, receive, send)
        else:
            await self._guard(sent, scope, receive, send)

    async def _guard(self, sent: _Sent, scope: Scope, receive: Receive, send: Send) -> None:
        streamed = sent.kind.startswith(_STREAMED)
        coming = _Coming(receive, self._bounds(scope, streamed=streamed))
        try:
            coming.check_declared(sent.declared_bytes)
            whole = None if streamed else await _whole(coming)
        except Problem as problem:
            await refuse(problem, scope, receive, send, unread=not coming.ended)
            return
        if streamed:
            await self._watched(scope, coming, send)
        else:
            await self._app(scope, _replay(whole, receive), send)

    def _bounds(self, scope: Scope, *, streamed: bool) -> Bounds:
        if scope.get(SCOPE, LOCAL) is None:
            return self._strangers
        return self._upload if streamed and scope["path"] in _UPLOADS else self._body

    async def _watched(self, scope: Scope, coming: _Coming, send: Send) -> None:
        """The application reads; when the body breaks a bound, ours is the answer and what the application says then is dropped."""
        started = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal started
            if coming.problem is None or started:
                started = True
                await send(message)

        try:
            await self._app(scope, coming.receive, send_unless_refused)
        except Exception:
            if coming.problem is None or started:
                raise  # else it is what the application makes of a client that has gone
        if coming.problem is not None and not started:
            await refuse(coming.problem, scope, coming.raw, send, unread=True)


class _Coming:
    """A body on its way, `ended` when all of it came. `problem`: which bound it broke; the application is told that its client has gone."""

    def __init__(self, receive: Receive, bounds: Bounds) -> None:
        self.raw = receive
        self.bounds = bounds
        self.problem: Problem | None = None
        self._began = asyncio.get_running_loop().time()
        self._received = 0
        self.ended = False

    def check_declared(self, declared_bytes: int) -> None:
        """What is said to be too long isn't read at all. Raises Problem."""
        if declared_bytes > self.bounds.max_bytes:
            raise self._too_large()

    async def receive(self) -> Message:
        """The next part, as an application gets it."""
        try:
            return await self.next()
        except Problem as problem:
            self.problem = problem
            return {"type": "http.disconnect"}

    async def next(self) -> Message:
        """The next part. Raises Problem when a bound is broken."""
        if self.ended:
            return await self.raw()
        try:
            message = await by(self._began + self.bounds.deadline_s(self._received), self.raw())
        except TimeoutError:
            raise Problem("too_slow", "the body came too slowly; send it at once") from None
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
            if self._received > self.bounds.max_bytes:
                raise self._too_large()
        return message

    def _too_large(self) -> Problem:
        return Problem("too_large", f"the body may have {self.bounds.max_bytes} bytes; send less at once")


async def _whole(coming: _Coming) -> bytes | None:
    """The body, None when the client went away before it had sent all. Raises Problem."""
    parts: list[bytes] = []
    while not coming.ended:
        message = await coming.next()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
    body = parts[0] if len(parts) == 1 else b"".join(parts)
    if is_too_deep(body):
        raise Problem("invalid_json", f"the body is nested more than {MAX_DEPTH} deep")
    return body


def _replay(body: bytes | None, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes."""
    pending: list[Message] = [{"type": "http.disconnect"} if body is None else {"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed

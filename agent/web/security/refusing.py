"""Answering before a request has been read to its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from starlette.types import Receive, Scope, Send

from agent.web.problems import MEDIA_TYPE, Problem

LINGER_S = 5.0
LINGER_IDLE_S = 1.0
LINGER_BYTES = 16_000_000
"""How long, how long without a byte, and how much we go on reading after such an answer: closing while more comes would make the client's
system throw the answer away."""


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send, *, unread: bool) -> None:
    """Answer with `problem`. `unread`: a body may still be coming; it isn't waited for, and its connection is closed."""
    kind, body = ("text/html; charset=utf-8", _page(problem)) if _is_a_reader(scope) else (MEDIA_TYPE, problem.body())
    headers = problem.headers() | {"content-type": kind, "content-length": str(len(body))}
    if unread:
        headers["connection"] = "close"
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.kind.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body, "more_body": unread})
    if unread:
        await _linger(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _is_a_reader(scope: Scope) -> bool:
    """Somebody at a browser: what programs read would tell them little."""
    return not scope["path"].startswith("/v1/") and any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _page(problem: Problem) -> bytes:
    said = problem.as_json()
    detail = said["detail"][:1].upper() + said["detail"][1:].rstrip(".") + "."
    return _template().substitute(title=escape(said["title"]), detail=escape(detail)).encode()


@cache
def _template() -> Template:
    return Template(files("agent.web.security").joinpath("refused.html").read_text("utf-8"))


def has_body(scope: Scope) -> bool:
    """Whether a body comes with the request."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in scope["headers"])


async def _linger(receive: Receive) -> None:
    left, loop = LINGER_BYTES, asyncio.get_running_loop()
    end = loop.time() + LINGER_S
    with suppress(TimeoutError):
        while left > 0:
            async with asyncio.timeout_at(min(end, loop.time() + LINGER_IDLE_S)):
                message = await receive()
            if message["type"] != "http.request" or not message.get("more_body", False):
                return
            left -= len(message.get("body", b""))

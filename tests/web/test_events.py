"""Server-sent events at their edges: what real connections seldom do."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.responses import Response

from agent.engines.aloud import Hear, Told
from agent.web import events
from agent.web.events import CardStream, event
from agent.web.problems import Problem


async def never() -> Any:
    """A client that stays."""
    await asyncio.Event().wait()


async def sent_by(make: Any) -> list[str]:
    """The names of the events that a client gets."""
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    await CardStream(make, ExitStack())({}, never, send)
    return [line.removeprefix("event: ") for line in b"".join(sent).decode().splitlines() if line.startswith("event: ")]


async def test_whatever_goes_wrong_is_told_at_the_end() -> None:
    """A problem as itself, a fault of ours by its place."""

    async def refuses(hear: Hear) -> Response:
        hear(Told("summary", "x"))
        raise Problem("draft_refused")

    async def breaks(hear: Hear) -> Response:
        del hear
        return 1 / 0  # type: ignore[return-value]

    assert await sent_by(refuses) == ["field", "problem"]
    assert await sent_by(breaks) == ["problem"]


async def test_a_client_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place is free again, and nobody works for it any more."""
    monkeypatch.setattr(events, "STALLED_S", 0.02)
    cancelled = asyncio.Event()
    left: list[str] = []

    async def make(hear: Hear) -> Response:
        hear(Told("summary", "x"))
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        raise AssertionError

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    hand = ExitStack()
    hand.callback(left.append, "left")
    await CardStream(make, hand)({}, never, send)
    assert cancelled.is_set()
    assert left == ["left"]


def test_an_event_is_one_whatever_is_in_it() -> None:
    """JSON has no bare line ends; nothing in it can begin another event."""
    assert event("field", b'{"value":"a\\nevent: card"}').count(b"\n") == 3

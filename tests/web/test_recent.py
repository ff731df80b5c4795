"""Answers given lately: found by their bytes, one a card, the oldest go first, and nothing is swallowed on the way."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.web import recent
from agent.web.callers import SCOPE, Caller
from agent.web.recent import Recent, RecentAnswers, key_of

JSON = [(b"content-type", b"application/json")]


def ask(kept: Recent, parts: list[bytes], *, headers: list[tuple[bytes, bytes]] | None = None, **changes: Any) -> tuple[list[Any], bytes]:
    """What the client was sent, and the body that the application behind read."""
    app = SimpleNamespace(state=SimpleNamespace(service=SimpleNamespace(recent=kept)))
    scope = {"type": "http", "method": "POST", "path": "/v1/cards", "headers": JSON if headers is None else headers, "app": app, **changes}
    messages = [{"type": "http.request", "body": part, "more_body": place < len(parts) - 1} for place, part in enumerate(parts)]
    sent: list[Any] = []
    read: list[bytes] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def behind(_: Any, receive: Any, send: Any) -> None:
        message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            read.append(message.get("body", b""))
        await send("made")

    asyncio.run(RecentAnswers(behind)(scope, receive, send))
    return sent, b"".join(read)


def kept(request: bytes = b"order", body: bytes = b"card", tenant: str = "") -> Recent:
    """With one answer."""
    found = Recent()
    found.keep(tenant, request, "id", body, {"etag": '"x"'})
    return found


@settings(deadline=None)
@given(st.lists(st.binary(max_size=9), min_size=1, max_size=5))
def test_what_is_not_found_goes_on_untouched(parts: list[bytes]) -> None:
    """However it was cut."""
    assert ask(Recent(), parts) == (["made"], b"".join(parts))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=9), min_size=1, max_size=5))
def test_what_is_found_is_answered_at_once(parts: list[bytes]) -> None:
    """However it is cut."""
    sent, read = ask(kept(b"".join(parts)), parts)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[1]["body"], read) == (b"card", b"")
    assert dict(sent[0]["headers"]) == {b"etag": b'"x"', b"content-length": b"4"}


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": [*JSON, (b"accept", b"text/event-stream")]},
        {"headers": [*JSON, (b"idempotency-key", b"k")]},
        {"headers": []},
        {"path": "/v1/batches"},
        {"method": "GET"},
        {SCOPE: Caller(tenant="another")},
    ],
    ids=str,
)
def test_requests_that_only_look_alike_get_no_answer(changes: dict[str, Any]) -> None:
    """Another kind of answer, another route, another tenant."""
    assert ask(kept(), [b"order"], **changes) == (["made"], b"order")


def test_a_long_body_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on as it came, and isn't kept."""
    monkeypatch.setattr(recent, "LONGEST", 3)
    found = kept(b"order")
    assert len(found) == 0
    assert ask(found, [b"or", b"der"]) == (["made"], b"order")


def test_a_card_has_one_answer() -> None:
    """The last one; none when it is forgotten."""
    found = kept(b"first")
    found.keep("", b"second", "id", b"card", {})
    assert found.find(key_of("", b"first")) is None
    assert found.find(key_of("", b"second")) is not None
    found.forget("", "id")
    assert len(found) == 0


def test_the_answers_least_asked_for_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """When their bytes are too many."""
    monkeypatch.setattr(recent, "MAX_BYTES", 20)
    found = Recent()
    for name in ("a", "b"):
        found.keep("", name.encode(), name, b"0123456789", {})
    found.find(key_of("", b"a"))
    found.keep("", b"c", "c", b"0123456789", {})
    assert [found.find(key_of("", name)) is not None for name in (b"a", b"b", b"c")] == [True, False, True]

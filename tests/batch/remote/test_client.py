"""The Batch API's client, against a loopback server that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from agent.batch.remote.client import Client
from agent.engines.asking import Asking
from agent.errors import EndpointError
from agent.prompts import load_prompts
from tests.engines.samples import a_settings

KEY = "sk-test-canary-0001"
BATCH: dict[str, Any] = {
    "id": "batch_1",
    "object": "batch",
    "status": "in_progress",
    "endpoint": "/v1/chat/completions",
    "input_file_id": "file-1",
    "completion_window": "24h",
    "created_at": 1,
}


@asynccontextmanager
async def a_client(*answers: web.Response) -> AsyncIterator[tuple[Client, list[str]]]:
    """A client of a server that gives those answers, one after the other, and the requests that came."""
    came: list[str] = []
    rest = list(answers)

    async def answer(request: web.Request) -> web.Response:
        came.append(f"{request.method} {request.path}")
        return rest.pop(0)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    settings = a_settings(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", api_key=KEY)
    client = Client(settings, Asking.by(settings, load_prompts()))
    try:
        yield client, came
    finally:
        await client.aclose()
        await runner.cleanup()


async def test_a_wait_that_is_asked_for_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the way of one article; only one that is longer than ten minutes is an error."""
    waited: list[float] = []
    sleep = asyncio.sleep

    async def skip(seconds: float) -> None:
        waited.append(seconds)
        await sleep(0)

    busy = [web.json_response({"error": {"message": "slow down"}}, status=429, headers={"retry-after": after}) for after in ("150", "3600")]
    async with a_client(busy[0], web.json_response(BATCH), busy[1]) as (client, came):
        monkeypatch.setattr(asyncio, "sleep", skip)
        assert (await client.look("batch_1")).state == "in_progress"
        with pytest.raises(EndpointError, match="slow down"):
            await client.look("batch_1")
    assert [seconds for seconds in waited if seconds > 60] == [150.0]
    assert len(came) == 3


@pytest.mark.parametrize("text", ["<html>", "[]", "null", '{"id": "batch_1"}', '{"object": "list"}', '"x"'])
async def test_a_200_that_is_no_batch_is_asked_for_again(text: str) -> None:
    """A gateway's page in the middle of a day's waiting; a batch that may have been made is the caller's to look for."""
    page = web.json_response({"object": "list", "data": [BATCH], "has_more": False})
    junk = [web.Response(text=text, content_type="application/json") for _ in range(3)]
    answers = [junk[0], web.json_response(BATCH), junk[1], junk[2], page]
    async with a_client(*answers) as (client, came):
        assert (await client.look("batch_1")).id == "batch_1"
        with pytest.raises(EndpointError, match="answered 200 with something else"):
            await client.create("file-1", "/v1/chat/completions", {})
        assert [remote.id async for remote in client.all()] == ["batch_1"]
    assert len(came) == len(answers)


async def test_a_refusal_quotes_no_key() -> None:
    """Its reason is told in short, as every other of an endpoint's."""
    data = [{"code": "invalid", "message": message} for message in (f"wrong key: {KEY}", f"line 3 {'is no JSON ' * 40}")]
    told = [web.json_response(BATCH | {"status": "failed", "errors": {"object": "list", "data": [one]}}) for one in data]
    async with a_client(*told) as (client, _):
        found = [await client.look("batch_1") for _ in told]
    assert [one.code for one in found] == ["invalid"] * 2
    assert found[0].problem == ""
    assert found[1].problem.startswith("line 3 is no JSON")
    assert len(found[1].problem) <= 160

"""LLMEngine: how it is made, what it sends, how long it lives, what it never says."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from importlib.metadata import version

import httpx
import pytest
import respx

from agent.card import Finding, Usage
from agent.draft import Draft, wire_schema
from agent.engines import Engine
from agent.engines.llm import LLMEngine
from agent.errors import KeyRejected, NoReply
from agent.grounding import ground
from agent.prompts import load_prompts
from agent.settings import Settings
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, NOT_A_DRAFT, a_settings, faults_where, no_faults, summarised
from tests.faults import answers
from tests.faults.answers import completion, error
from tests.faults.server import FaultServer

__all__ = ["DRAFT_REPLY"]

OPENAI = "https://api.openai.com/v1"


async def test_a_reply_becomes_a_draft(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """One request; its model and usage are the endpoint's own words."""
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine().draft(EXAMPLE, no_faults)
    assert drafted.draft == Draft.model_validate_json(DRAFT_REPLY)
    assert drafted.usage == Usage(requests=1, input_tokens=1_000, cached_input_tokens=800, output_tokens=200)
    assert (drafted.model, drafted.truncated, drafted.reasked) == ("test-model-2026-01-01", False, False)
    assert [r.path for r in fault_server.requests] == ["/v1/chat/completions"]


def test_it_is_an_engine() -> None:
    """As the seam has it."""
    engine: Engine = LLMEngine(a_settings(OPENAI), load_prompts())
    assert engine.name == "llm"


@respx.mock
async def test_the_wire_as_openai_sees_it() -> None:
    """Key in its header, our bytes in the body, nothing repeated by the SDK; respx sees it through an injected httpx client."""
    route = respx.post(f"{OPENAI}/chat/completions").respond(content=completion(DRAFT_REPLY).body)
    async with httpx.AsyncClient() as http_client:
        settings = Settings(model="gpt-4.1-mini", api_key="sk-test")
        engine = LLMEngine(settings, load_prompts(), http_client=http_client)
        await engine.draft(EXAMPLE, no_faults)
        await engine.aclose()
        assert not http_client.is_closed
    request = route.calls[0].request
    assert request.headers["authorization"] == "Bearer sk-test"
    assert request.headers["content-type"] == "application/json"
    body = json.loads(request.content)
    assert body == {
        "model": "gpt-4.1-mini",
        "response_format": {"type": "json_schema", "json_schema": {"name": "card", "strict": True, "schema": wire_schema()}},
        "temperature": 0.0,
        "messages": [
            {"role": "system", "content": load_prompts().system()},
            {"role": "user", "content": load_prompts().user(EXAMPLE, max_tokens=12_000)[0]},
        ],
        "max_completion_tokens": 4_000,
    }


@respx.mock
async def test_the_re_ask_is_seen_by_respx_too() -> None:
    """It goes through the same client."""
    route = respx.post(f"{OPENAI}/chat/completions").mock(
        side_effect=[httpx.Response(200, content=completion(reply).body) for reply in (NOT_A_DRAFT, DRAFT_REPLY)]
    )
    async with httpx.AsyncClient() as http_client:
        await LLMEngine(a_settings(OPENAI), load_prompts(), http_client=http_client).draft(EXAMPLE, no_faults)
    assert len(route.calls) == 2
    assert route.calls[1].request.headers["authorization"] == "Bearer sk-test-canary-0001"


@respx.mock
@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (httpx.ReadTimeout("x"), "fell silent"),
        (httpx.PoolTimeout("x"), "fell silent"),
        (httpx.ReadError("x"), "broke"),
        (httpx.RemoteProtocolError("x"), "broke"),
    ],
)
async def test_the_default_httpx_backend_fails_in_the_same_words(raised: Exception, says: str) -> None:
    """Whoever injects a client gets the same outcomes."""
    respx.post(f"{OPENAI}/chat/completions").mock(side_effect=raised)
    async with httpx.AsyncClient() as http_client:
        engine = LLMEngine(a_settings(OPENAI, max_attempts=1), load_prompts(), http_client=http_client)
        with pytest.raises(NoReply, match=says):
            await engine.draft(EXAMPLE, no_faults)


async def test_a_server_without_keys_is_sent_none(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Neither in the first request nor in the re-ask."""
    fault_server.script(NOT_A_DRAFT)
    fault_server.reply(DRAFT_REPLY)
    await make_engine(api_key=None).draft(EXAMPLE, no_faults)
    assert ["authorization" in request.headers for request in fault_server.requests] == [False, False]


async def test_connections_are_reused(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A new connection for each article would cost more than all the rest."""
    fault_server.reply(DRAFT_REPLY)
    engine = make_engine(concurrency=2)
    for _ in range(3):
        await engine.draft(EXAMPLE, no_faults)
    assert fault_server.connections == 1


async def test_no_more_connections_than_the_concurrency(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """However many articles are handed in at once."""
    fault_server.reply(completion(DRAFT_REPLY))
    engine = make_engine(concurrency=3)
    await asyncio.gather(*(engine.draft(EXAMPLE, no_faults) for _ in range(12)))
    assert fault_server.connections <= 3
    assert len(fault_server.requests) == 12


async def test_a_closed_engine_opens_again(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Closing twice is harmless, too."""
    fault_server.reply(DRAFT_REPLY)
    engine = make_engine()
    for _ in range(2):
        await engine.draft(EXAMPLE, no_faults)
        await engine.aclose()
        await engine.aclose()
    assert fault_server.connections == 2


def test_one_engine_works_in_one_event_loop_after_another(fault_server: FaultServer) -> None:
    """Sockets of the first loop aren't used in the second."""
    fault_server.reply(DRAFT_REPLY)
    engine = LLMEngine(a_settings(fault_server.base_url), load_prompts())

    async def once() -> None:
        await engine.draft(EXAMPLE, no_faults)
        await engine.aclose()

    asyncio.run(once())
    asyncio.run(once())
    assert len(fault_server.requests) == 2


async def test_logs_never_hold_article_prompt_or_key(
    fault_server: FaultServer, make_engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG, through failures, a refused parameter and a re-ask: the libraries keep quiet."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "httpx", "httpcore", "instructor", "instructor.v2.retry"):
        caplog.set_level(logging.DEBUG if "." not in name else logging.NOTSET, logger=name)
    fault_server.script(
        error(503, f"overloaded by {EXAMPLE.text}"), answers.TRUNCATED, summarised("canary reply"), error(401, "sk-test-canary-0001")
    )
    drafted = await make_engine().draft(EXAMPLE, faults_where(**{"canary reply": 1}))
    assert drafted.usage.requests == 4
    seen = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    assert not any(canary in seen for canary in ("canary", "Scale AI", "financial news editor"))


async def test_the_error_of_a_wrong_key_is_one_line_that_says_what_to_do(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """And not what the key is."""
    fault_server.reply(error(401, "Incorrect API key provided: sk-test-can****0001. You can find your key at ...", code="invalid_api_key"))
    with pytest.raises(KeyRejected) as caught:
        await make_engine().draft(EXAMPLE, no_faults)
    assert str(caught.value).startswith(f"{fault_server.host} answered 401: Incorrect API key provided: ***")
    assert str(caught.value).endswith("check OPENAI_API_KEY and what it may use")


def test_the_versions_are_those_this_was_written_for() -> None:
    """The SDK from 3 on sends through a library that respx can't see; an older instructor retries by itself."""
    assert version("openai").split(".")[0] == "2"
    assert tuple(map(int, version("openai").split(".")[:2])) >= (2, 54)
    assert tuple(map(int, version("instructor").split(".")[:2])) >= (1, 17)


async def test_a_bug_surfaces(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """What isn't the endpoint's doing is neither retried nor renamed."""

    def broken(_draft: Draft) -> Sequence[Finding]:
        raise ZeroDivisionError

    fault_server.reply(DRAFT_REPLY)
    with pytest.raises(ZeroDivisionError):
        await make_engine().draft(EXAMPLE, broken)
    assert len(fault_server.requests) == 1


def test_the_sample_reply_is_grounded_in_the_example() -> None:
    """With the real checks there is nothing to ask again, so that tests above this one make one request."""
    grounded = ground(EXAMPLE, Draft.model_validate_json(DRAFT_REPLY), load_symbols(None), load_taxonomy())
    assert grounded.faults == ()
    assert grounded.tickers == ("META", "GOOG", "GOOGL")

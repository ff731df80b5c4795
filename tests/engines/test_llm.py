"""LLMEngine: how it is made, what it sends, how long it lives, what it never says."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from importlib.metadata import version
from itertools import chain, combinations
from typing import Any

import httpx
import openai
import pytest
import respx
from pydantic import SecretStr

from agent.card import Finding
from agent.draft import Draft, wire_schema
from agent.engines import Engine
from agent.engines.llm import LLMEngine, reply_to
from agent.engines.signals import Action, Asked
from agent.errors import KeyRejected, NoReply, UsageError
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
    assert drafted.usage.model_dump() == {"requests": 1, "input_tokens": 1_000, "cached_input_tokens": 800, "output_tokens": 200}
    assert (drafted.model, drafted.truncated, drafted.reasked) == ("test-model-2026-01-01", False, False)
    assert [r.path for r in fault_server.requests] == ["/v1/chat/completions"]


def test_it_is_an_engine() -> None:
    """As the seam has it."""
    engine: Engine = LLMEngine(a_settings(OPENAI), load_prompts())
    assert engine.name == "llm"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"model": None}, "set NEWSCARD_MODEL or pass --model"),
        ({"model": ""}, "set NEWSCARD_MODEL or pass --model"),
        ({"api_key": None}, "set OPENAI_API_KEY"),
        ({"api_key": "sk-ключ"}, "OPENAI_API_KEY"),
        ({"api_key": "sk-1 2"}, "OPENAI_API_KEY"),
        ({"base_url": "http://"}, "NEWSCARD_BASE_URL"),
        ({"base_url": "http://[::1/v1"}, "NEWSCARD_BASE_URL"),
        ({"base_url": "http://localhost:port/v1"}, "NEWSCARD_BASE_URL"),
    ],
)
def test_what_can_never_work_is_said_before_anything_is_sent(settings: dict[str, Any], says: str) -> None:
    """A UsageError in one line, without the key."""
    with pytest.raises(UsageError, match=says) as caught:
        LLMEngine(a_settings(OPENAI).model_copy(update=_secret(settings)), load_prompts())
    assert "sk-" not in str(caught.value)


def _secret(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: SecretStr(value) if name == "api_key" and value else value for name, value in settings.items()}


@respx.mock
async def test_the_wire_as_openai_sees_it() -> None:
    """Key in its header, our bytes in the body, nothing repeated by the SDK; respx sees it through an injected httpx client."""
    route = respx.post(f"{OPENAI}/chat/completions").respond(content=completion(DRAFT_REPLY).body)
    async with httpx.AsyncClient() as http_client:
        settings = Settings(model="gpt-4.1-mini", api_key="sk-test")  # type: ignore[arg-type]
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


CHANGES: dict[str, Any] = {
    "model": "other",
    "base_url": "http://127.0.0.1:9/v1",
    "mode": "text",
    "temperature": 0.5,
    "max_output_tokens": 999,
    "reasoning_effort": "high",
    "max_input_tokens": 777,
    "max_reasks": 0,
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_setting_that_changes_the_answer_is_an_ingredient(name: str) -> None:
    """Change one, and the cache misses."""
    base = a_settings("http://127.0.0.1:8/v1")
    changed = base.model_copy(update={name: CHANGES[name]})
    assert LLMEngine(base, load_prompts()).ingredients != LLMEngine(changed, load_prompts()).ingredients


def test_what_cannot_change_the_answer_is_no_ingredient() -> None:
    """Time-outs, retries, the key, money."""
    base = a_settings("http://127.0.0.1:8/v1")
    changed = a_settings("http://127.0.0.1:8/v1", api_key="sk-other", timeout_s=1, deadline_s=1, max_attempts=1, concurrency=99)
    ingredients = LLMEngine(base, load_prompts()).ingredients
    assert LLMEngine(changed, load_prompts()).ingredients == ingredients
    assert ingredients["prompt"] == f"card.v1@{load_prompts().digest[:12]}"
    assert "canary" not in repr(ingredients)


def test_two_paths_at_one_host_are_two_endpoints() -> None:
    """A gateway serves different models under different paths."""
    one, other = (LLMEngine(a_settings(f"http://127.0.0.1:8/{path}/v1"), load_prompts()).ingredients for path in "ab")
    assert one["endpoint"] == other["endpoint"]
    assert one != other


ERRORS = {
    name: cls
    for module in (openai, openai._exceptions)
    for name, cls in sorted(vars(module).items())
    if isinstance(cls, type) and issubclass(cls, openai.OpenAIError)
}
NEVER_OURS = {
    "OpenAIError": "the root; a client without credentials, which ours never lacks",
    "SubjectTokenProviderError": "workload identity",
    "WebSocketConnectionClosedError": "realtime",
    "WebSocketQueueFullError": "realtime",
    "_AmbiguousModuleClientUsageError": "the client that lives in the module",
}


def _an(cls: type[openai.OpenAIError]) -> openai.OpenAIError:
    """An instance, however it is made."""
    request = httpx.Request("POST", OPENAI)
    status = getattr(cls, "status_code", 500)
    response = httpx.Response(status if isinstance(status, int) else 500, request=request, content=b"{}")
    known: dict[str, Any] = {
        "request": request,
        "response": response,
        "body": None,
        "message": "x",
        "completion": completion_of(),
        "unsent_messages": [],
    }
    for names in chain.from_iterable(combinations(known, n) for n in range(len(known))):
        try:
            return cls(**{name: known[name] for name in names})
        except (TypeError, AttributeError):
            continue
    raise AssertionError(f"{cls} can't be made")


def completion_of() -> Any:
    """A completion without usage."""
    return openai.types.chat.ChatCompletion.construct(usage=None)


@pytest.mark.parametrize("cls", ERRORS.values(), ids=ERRORS)
def test_every_error_of_the_sdk_is_mapped(cls: type[openai.OpenAIError]) -> None:
    """A new class in a new release fails here, not in a run."""
    exc = _an(cls)
    if cls.__name__ in NEVER_OURS:
        with pytest.raises(cls):
            reply_to(exc, Asked("e", "m"))
    else:
        assert reply_to(exc, Asked("e", "m")).signal is not None


def test_the_sdks_own_reading_of_a_reply_is_mapped_too() -> None:
    """Should its parser ever be used: length and filter mean what they mean."""
    cut = reply_to(openai.LengthFinishReasonError(completion=completion_of()), Asked("e", "m")).signal
    filtered = reply_to(openai.ContentFilterFinishReasonError(), Asked("e", "m")).signal
    assert [s.action for s in (cut, filtered) if s] == [Action.GROW, Action.FAIL]


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

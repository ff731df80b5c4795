"""Each row of the table from signal to action, with the requests counted at the server."""

from __future__ import annotations

import json

import pytest

from agent.card import Usage
from agent.errors import (
    ArticleTooLong,
    DraftRefused,
    DraftRejected,
    DraftTruncated,
    EndpointError,
    KeyRejected,
    ModelUnknown,
    NoReply,
    QuotaExhausted,
    RequestRejected,
)
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, NOT_A_DRAFT, no_faults
from tests.faults import answers
from tests.faults.answers import Answer, completion, error
from tests.faults.server import FaultServer

PASSING = {
    "408": error(408),
    "409": error(409),
    "425": error(425),
    "429": error(429, code="rate_limit_exceeded"),
    "500": error(500),
    "502 HTML": answers.page(502),
    "503": error(503),
    "529": error(529),
    "reset": answers.RESET,
    "closed before the end": answers.CUT_SHORT,
    "200 HTML": answers.page(),
    "200 truncated JSON": answers.TRUNCATED,
    "200 empty": answers.raw(b""),
    "200 a JSON string": answers.raw(b'"hello"'),
    "200 null": answers.raw(b"null"),
    "200 not UTF-8": answers.raw(b'{"choices": "\xff"}'),
    "200 error 429": answers.raw(json.dumps({"error": {"code": 429, "message": "slow down"}})),
    "200 error 502 in words": answers.raw(json.dumps({"error": {"code": "502", "message": "upstream"}})),
    "200 error without a code": answers.raw(json.dumps({"error": "upstream connect error"})),
    "200 without choices": answers.raw(b"{}"),
    "200 empty choices": completion("", choices=[]),
    "200 choices null": completion("", choices=None),
    "200 a choice that is a string": completion("", choices=["x"]),
    "200 a choice without a message": completion("", choices=[{"index": 0, "finish_reason": "stop"}]),
    "200 an error in the choice": completion("", choices=[{"index": 0, "finish_reason": "error", "message": {"role": "assistant"}}]),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
async def test_passing_trouble_is_tried_again(answer: Answer, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """One failure and one success are two requests and one draft."""
    fault_server.script(answer)
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 2
    assert drafted.usage.requests == 2
    assert not drafted.reasked


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
async def test_trouble_that_stays_ends_after_the_attempts_allowed(
    answer: Answer, fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """Exactly max_attempts requests: no library below repeats any by itself."""
    fault_server.reply(answer)
    with pytest.raises(NoReply) as caught:
        await make_engine(max_attempts=3).draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 3
    assert caught.value.usage is not None
    assert caught.value.usage.requests == 3
    assert "\n" not in str(caught.value)


FINAL = {
    "401": (error(401, "Incorrect API key", code="invalid_api_key"), KeyRejected),
    "403": (error(403, "Project has no access"), KeyRejected),
    "402": (error(402, "Insufficient credits"), QuotaExhausted),
    "429 insufficient_quota": (error(429, "You exceeded your current quota", code="insufficient_quota"), QuotaExhausted),
    "429 billing": (error(429, "Hard limit", code="billing_hard_limit_reached"), QuotaExhausted),
    "404 model": (error(404, "The model `x` does not exist", code="model_not_found"), ModelUnknown),
    "404 ollama": (error(404, 'model "x" not found, try pulling it first'), ModelUnknown),
    "404 azure": (error(404, "The API deployment does not exist.", code="DeploymentNotFound"), ModelUnknown),
    "400 openrouter model": (error(400, "x is not a valid model ID"), ModelUnknown),
    "404 path": (error(404, "Invalid URL (POST /chat/completions)"), EndpointError),
    "404 HTML": (answers.page(404), EndpointError),
    "405": (error(405), EndpointError),
    "307": (Answer(307, b"", {"location": "http://127.0.0.1:9/v1/chat/completions"}), EndpointError),
    "400 parameter": (error(400, "Unsupported value", param="temperature", code="unsupported_value"), RequestRejected),
    "400 schema": (error(400, "Invalid schema for response_format 'card'", param="response_format"), RequestRejected),
    "400 LM Studio": (answers.raw("{\"error\": \"'response_format.type' must be 'json_schema' or 'text'\"}", 400), RequestRejected),
    "400 vLLM cap": (
        error(400, "'max_tokens' is too large: 16000. This model's maximum context length is 8192 tokens", param="max_tokens", code=400),
        RequestRejected,
    ),
    "404 openrouter parameters": (error(404, "No endpoints found that can handle the requested parameters.", code=404), RequestRejected),
    "404 openrouter route": (error(404, "No endpoints found for acme/model-1.", code=404), ModelUnknown),
    "422": (answers.raw('{"detail": [{"loc": ["body", "tools"], "msg": "Extra inputs are not permitted"}]}', 422), RequestRejected),
    "418": (error(418), RequestRejected),
    "200 error 401": (answers.raw('{"error": {"code": 401, "message": "no auth"}}'), KeyRejected),
    "200 error in words": (answers.raw('{"error": {"code": "insufficient_quota", "message": "x"}}'), QuotaExhausted),
}


@pytest.mark.parametrize(("answer", "expected"), FINAL.values(), ids=FINAL)
async def test_what_no_retry_can_mend_ends_the_run_at_once(
    answer: Answer, expected: type[EndpointError], fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """One request, and the error that tells which setting to change."""
    fault_server.reply(answer)
    with pytest.raises(EndpointError) as caught:
        await make_engine().draft(EXAMPLE, no_faults)
    assert type(caught.value) is expected
    assert len(fault_server.requests) == 1
    assert "\n" not in str(caught.value)


REFUSED = {
    "refusal": completion(None, refusal="I can't."),
    "content_filter": completion("", finish_reason="content_filter"),
    "400 policy": error(400, "policy", code="content_policy_violation"),
    "400 azure": error(400, "The response was filtered", code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}),
    "400 invalid_prompt": error(400, "Invalid prompt: flagged as violating our usage policy", code="invalid_prompt"),
    "403 moderation": error(403, "Your chosen model requires moderation and your input was flagged"),
}


@pytest.mark.parametrize("mode", ["json_schema", "tools", "json_object", "text"])
@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED)
async def test_a_refusal_costs_one_request(answer: Answer, mode: str, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """In every mode; it is the article's outcome, not the run's."""
    fault_server.reply(answer)
    with pytest.raises(DraftRefused) as caught:
        await make_engine(mode=mode).draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 1
    assert caught.value.usage is not None
    assert caught.value.usage.requests == 1


async def test_a_reply_cut_off_is_asked_for_once_more_with_twice_the_cap(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Never with the same cap."""
    fault_server.script(completion('{"entities": [', finish_reason="length"))
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine(max_output_tokens=1_000).draft(EXAMPLE, no_faults)
    assert [r.json["max_tokens"] for r in fault_server.requests] == [1_000, 2_000]
    assert drafted.usage == Usage(requests=2, input_tokens=2_000, cached_input_tokens=1_600, output_tokens=400)


async def test_a_reply_cut_off_twice_is_truncated(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Two requests, and both are counted."""
    fault_server.reply(completion("{", finish_reason="length"))
    with pytest.raises(DraftTruncated) as caught:
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 2
    assert caught.value.usage == Usage(requests=2, input_tokens=2_000, cached_input_tokens=1_600, output_tokens=400)


TOO_LONG = {
    "openai": error(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded"),
    "vllm": error(
        400, "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens", code=400, type="BadRequestError"
    ),
    "llama.cpp": error(400, "the request exceeds the available context size", type="exceed_context_size_error", code=400),
    "llama.cpp, as 500": error(500, "the request exceeds the available context size", type="exceed_context_size_error", code=500),
    "tokens per minute": error(
        429, "Request too large for gpt-4o: Limit 30000, Requested 45000", code="rate_limit_exceeded", type="tokens"
    ),
    "413": answers.page(413),
}


@pytest.mark.parametrize("answer", TOO_LONG.values(), ids=TOO_LONG)
async def test_an_article_too_long_is_cut_to_half_once(answer: Answer, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The second request carries about half of the text, and the draft says that it was truncated."""
    fault_server.script(answer)
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine().draft(EXAMPLE, no_faults)
    first, second = (r.json["messages"][1]["content"] for r in fault_server.requests)
    assert EXAMPLE.text in first
    assert 0.3 < len(second) / len(first) < 0.75
    assert drafted.truncated


async def test_an_article_that_is_still_too_long_is_given_up(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Cut by rule once, not down to a scrap."""
    fault_server.reply(error(400, code="context_length_exceeded"))
    with pytest.raises(ArticleTooLong):
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 2


async def test_a_reply_that_is_no_draft_is_asked_for_once_more(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Faults of form: one re-ask, then the end."""
    fault_server.reply(NOT_A_DRAFT)
    with pytest.raises(DraftRejected) as caught:
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 2
    assert caught.value.usage == Usage(requests=2, input_tokens=2_000, cached_input_tokens=1_600, output_tokens=400)
    assert "very bad" not in str(caught.value)


async def test_failures_of_the_first_attempt_count_against_the_re_ask(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """max_attempts is for the article, not for each of its requests."""
    fault_server.script(error(503), error(503), NOT_A_DRAFT)
    fault_server.reply(error(503))
    with pytest.raises(NoReply):
        await make_engine(max_attempts=3).draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 4


async def test_a_redirect_carries_neither_key_nor_article_away(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The other address never hears of us."""
    with FaultServer() as elsewhere:
        fault_server.reply(Answer(307, b"", {"location": f"{elsewhere.base_url}/chat/completions"}))
        with pytest.raises(EndpointError, match="redirects"):
            await make_engine().draft(EXAMPLE, no_faults)
        assert elsewhere.requests == []


async def test_an_error_that_repeats_what_it_was_sent_is_not_quoted(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Neither the key nor the article reaches a message, even when the endpoint says it first."""
    fault_server.script(error(401, "Incorrect API key provided: sk-test-canary-0001."), error(400, f"bad input: {EXAMPLE.text[:100]}"))
    engine = make_engine()
    messages = []
    for _ in range(2):
        with pytest.raises(EndpointError) as caught:
            await engine.draft(EXAMPLE, no_faults)
        messages.append(str(caught.value))
    assert "canary" not in "".join(messages)
    assert "Scale AI" not in "".join(messages)

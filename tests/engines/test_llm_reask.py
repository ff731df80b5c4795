"""The re-ask: what is said, what is kept, what it costs."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest

from agent.card import Usage
from agent.errors import ArticleError, DraftRefused, DraftRejected, DraftTruncated, EndpointUnreachable, KeyRejected
from agent.pacing import Budget
from agent.prices import Price, Prices
from agent.prompts import load_prompts
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, NOT_A_DRAFT, draft_values, faults_where, no_faults, summarised
from tests.engines.test_direct import listening
from tests.faults import answers
from tests.faults.answers import Answer, called, completion, error, tool_call
from tests.faults.server import FaultServer

MODES = ["json_schema", "tools", "json_object", "text"]


def in_mode(mode: str, content: str) -> Answer:
    """A completion that holds `content` where that mode looks for it."""
    return called(tool_call(content)) if mode == "tools" else completion(content)


@pytest.mark.parametrize("mode", MODES)
async def test_a_re_ask_is_the_first_request_and_what_was_said_since(mode: str, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Same parameters, same system and article, then the draft, then the faults: nothing of instructor's own."""
    fault_server.script(in_mode(mode, summarised("worse")))
    fault_server.reply(in_mode(mode, summarised("better")))
    drafted = await make_engine(mode=mode).draft(EXAMPLE, faults_where(worse=2))
    first, second = (request.json for request in fault_server.requests)
    messages = second.pop("messages")
    assert messages[:2] == first.pop("messages")
    assert [m["role"] for m in messages[2:]] == ["assistant", "user"]
    assert json.loads(messages[2]["content"])["summary"] == "worse"
    assert messages[3]["content"] == load_prompts().reask([f"topics[{i}]: Nonsense: not in the taxonomy" for i in (0, 1)])
    assert second == first
    assert (drafted.draft.summary, drafted.reasked) == ("better", True)


@pytest.mark.parametrize("mode", MODES)
async def test_a_reply_that_is_no_draft_is_mended(mode: str, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The faults of form are named, and every token of both requests is counted."""
    fault_server.script(in_mode(mode, NOT_A_DRAFT))
    fault_server.reply(in_mode(mode, DRAFT_REPLY))
    drafted = await make_engine(mode=mode).draft(EXAMPLE, no_faults)
    assert "overall.label: Input should be 'strongly negative'" in fault_server.requests[1].json["messages"][3]["content"]
    assert drafted.usage == Usage(requests=2, input_tokens=2_000, cached_input_tokens=1_600, output_tokens=400)
    assert drafted.model == "test-model-2026-01-01"


@pytest.mark.parametrize(
    ("counts", "kept"),
    [({"first": 2, "second": 1}, "second"), ({"first": 1, "second": 1}, "first"), ({"first": 1, "second": 3}, "first")],
    ids=["fewer", "equal", "more"],
)
async def test_the_draft_with_fewer_faults_is_kept(
    counts: dict[str, int], kept: str, fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """Of equals the first."""
    fault_server.script(summarised("first"), summarised("second"))
    drafted = await make_engine().draft(EXAMPLE, faults_where(**counts))
    assert drafted.draft.summary == kept
    assert len(fault_server.requests) == 2


FAILURES = {
    "no draft": completion(NOT_A_DRAFT),
    "prose": completion("Here you are."),
    "refusal": completion(None, refusal="no"),
    "filter": completion("", finish_reason="content_filter"),
    "cut off": completion("{", finish_reason="length"),
    "wrong tool": called(tool_call(DRAFT_REPLY, "other")),
    "two tools": called(tool_call(DRAFT_REPLY), tool_call(DRAFT_REPLY)),
    "too long": error(400, code="context_length_exceeded"),
    "503": error(503),
    "HTML": answers.page(),
    "truncated": answers.TRUNCATED,
    "no choices": completion("", choices=[]),
    "choices null": completion("", choices=None),
    "odd choices": completion("", choices=["x"]),
    "error body": answers.raw('{"error": {"code": 502, "message": "x"}}'),
    "reset": answers.RESET,
    "not UTF-8": answers.raw(b'{"choices": "\xff"}'),
    "null": answers.raw(b"null"),
    "a list": answers.raw(b"[]"),
    "key revoked": error(401),
    "out of credit": error(429, code="insufficient_quota"),
    "refused parameter": error(400, "no", param="messages"),
}


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
async def test_a_first_draft_is_kept_when_the_re_ask_fails(
    answer: Answer, mode: str, fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """It was paid for, and it is a draft."""
    fault_server.script(in_mode(mode, summarised("first")))
    fault_server.reply(answer)
    drafted = await make_engine(mode=mode, max_attempts=2).draft(EXAMPLE, faults_where(first=1))
    assert drafted.draft.summary == "first"
    assert drafted.reasked


async def test_a_re_ask_is_about_what_the_model_has_read(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Where the talk has grown too long for the model, the article isn't cut under a draft that stands."""
    fault_server.script(summarised("first"))
    fault_server.reply(error(400, code="context_length_exceeded"))
    drafted = await make_engine().draft(EXAMPLE, faults_where(first=1))
    assert (drafted.truncated, len(fault_server.requests)) == (False, 2)


@pytest.mark.parametrize(
    ("answer", "expected", "requests"),
    [
        (completion(None, refusal="no"), DraftRefused, 2),
        (called(tool_call(DRAFT_REPLY, "other")), DraftRejected, 2),
        (completion("{", finish_reason="length"), DraftTruncated, 3),
        (error(401), KeyRejected, 2),
    ],
    ids=["refusal", "wrong tool", "cut off", "key revoked"],
)
async def test_without_a_first_draft_the_re_asks_failure_is_the_outcome(
    answer: Answer, expected: type[Exception], requests: int, fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """A refusal costs one request in the re-ask too; a reply cut off is asked for once more."""
    fault_server.script(NOT_A_DRAFT)
    fault_server.reply(answer)
    with pytest.raises(expected):
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == requests


async def test_trouble_during_the_re_ask_is_tried_again(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """By the same loop as the first attempt."""
    fault_server.script(summarised("first"), error(503), answers.TRUNCATED, answers.RESET, summarised("second"))
    drafted = await make_engine().draft(EXAMPLE, faults_where(first=1))
    assert drafted.draft.summary == "second"
    assert drafted.usage.requests == 5


async def test_re_asks_can_be_turned_off(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A faulty draft is kept as it is; a reply that is none is rejected."""
    fault_server.script(summarised("first"), NOT_A_DRAFT)
    engine = make_engine(max_reasks=0)
    drafted = await engine.draft(EXAMPLE, faults_where(first=3))
    assert (drafted.draft.summary, drafted.reasked) == ("first", False)
    with pytest.raises(DraftRejected, match="re-asks are off"):
        await engine.draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 2


async def test_an_article_full_of_braces_stays_what_it_is(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """No library renders it as a template, in the re-ask as little as before."""
    article = EXAMPLE.model_copy(update={"text": "{{ secret }} {% if x %} {{7*7}} { unbalanced \n    indented"})
    fault_server.script(NOT_A_DRAFT)
    fault_server.reply(DRAFT_REPLY)
    await make_engine().draft(article, no_faults)
    assert all(article.text in request.json["messages"][1]["content"] for request in fault_server.requests)


async def test_an_empty_reply_is_asked_for_again_without_an_empty_message(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Some endpoints refuse a message without content."""
    fault_server.script(completion(None))
    fault_server.reply(DRAFT_REPLY)
    await make_engine().draft(EXAMPLE, no_faults)
    assert [m["role"] for m in fault_server.requests[1].json["messages"]] == ["system", "user", "user"]


def a_budget(limit: float) -> Budget:
    """A budget for the model of the tests: 1 dollar per thousand output tokens, input for nothing."""
    rates = {"input": "0", "cached_input": "0", "output": "1000"}
    price = Price.model_validate({"model": "m", "endpoint": "e", "effective_from": date(2026, 1, 1), "source": "a test", **rates})
    return Budget(limit, Prices(((price,),)), model="m", endpoint="e")


async def test_a_budget_that_stops_the_re_ask_keeps_the_first_draft(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """200 tokens were used of 1,000 reserved; another 1,000 don't fit into 1.1 dollars."""
    fault_server.reply(summarised("first"))
    budget = a_budget(1.1)
    drafted = await make_engine(budget=budget, max_output_tokens=1_000).draft(EXAMPLE, faults_where(first=1))
    assert (drafted.draft.summary, drafted.usage.requests) == ("first", 1)
    assert budget.spent_usd == Decimal("0.2")


@pytest.mark.parametrize(
    ("answer", "spent"),
    [(answers.RESET, "1"), (error(503), "0"), (completion(None, refusal="no"), "0.2")],
    ids=["broken: the worst case", "an error: nothing", "unusable, with usage: what it says"],
)
async def test_a_failed_request_is_booked(answer: Answer, spent: str, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Money that may have been spent counts as spent."""
    fault_server.reply(answer)
    budget = a_budget(10)
    with pytest.raises(Exception, match=EXAMPLE.id):
        await make_engine(budget=budget, max_output_tokens=1_000, max_attempts=1).draft(EXAMPLE, no_faults)
    assert budget.spent_usd == Decimal(spent)


@pytest.mark.parametrize("answer", [completion(DRAFT_REPLY, usage=None), completion(None, refusal="no" * 2_000, usage=None)])
async def test_a_reply_without_usage_costs_what_its_bytes_make_likely(
    answer: Answer, fault_server: FaultServer, make_engine: MakeEngine
) -> None:
    """On the card or in the failure, and in the budget alike; and marked."""
    fault_server.reply(answer)
    budget = a_budget(10)
    usage: Usage | None
    try:
        usage = (await make_engine(budget=budget, max_output_tokens=1_000, max_attempts=1).draft(EXAMPLE, no_faults)).usage
    except ArticleError as exc:
        usage = exc.usage
    assert usage is not None
    (request,) = fault_server.requests
    assert (usage.requests, usage.estimated, usage.cached_input_tokens) == (1, 1, 0)
    assert usage.input_tokens == -(-int(request.headers["content-length"]) // 4)
    assert usage.output_tokens == pytest.approx(len(answer.body) / 4, rel=0.3)
    assert budget.spent_tokens == usage.input_tokens + usage.output_tokens


async def test_a_request_that_reached_nobody_cost_nothing(make_engine: MakeEngine) -> None:
    """And the budget is free again."""
    budget = a_budget(1)
    engine = make_engine(budget=budget, base_url="http://127.0.0.1:9/v1", max_output_tokens=1_000)
    with pytest.raises(EndpointUnreachable):
        await engine.draft(EXAMPLE, no_faults)
    assert budget.spent_usd == 0


async def test_the_deadline_of_a_re_ask_keeps_the_first_draft(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """One deadline for both requests."""
    fault_server.script(summarised("first"))
    fault_server.reply(answers.HANG)
    drafted = await make_engine(deadline_s=0.5).draft(EXAMPLE, faults_where(first=1))
    assert drafted.draft.summary == "first"
    assert drafted.usage.requests == 2


async def test_thoughts_before_the_draft_are_passed_over(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A reasoning model behind a server that doesn't take its thoughts apart."""
    fault_server.reply(f'<think>Should it be {{"topics": []}}?</think>\n```json\n{DRAFT_REPLY}\n```')
    drafted = await make_engine(mode="text").draft(EXAMPLE, no_faults)
    assert drafted.draft.model_dump(mode="json") == draft_values()
    assert len(fault_server.requests) == 1


async def test_half_a_character_in_the_second_reply_costs_neither_draft(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The SDK reads it, as Python can; nothing else may fall over it."""
    second = completion(summarised("better HALF")).body.replace(b"HALF", rb"\ud83d")
    fault_server.script(summarised("worse"), answers.raw(second))
    drafted = await make_engine().draft(EXAMPLE, faults_where(worse=2))
    assert drafted.draft.summary == "better \ufffd"
    assert drafted.usage.requests == 2


async def test_a_copy_of_a_re_asks_answer_that_comes_late_is_nobody_elses(make_engine: MakeEngine) -> None:
    """The SDK's pool would hand it to the next re-ask, another article's."""
    asked = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(re.findall(rb"(?i)content-length: (\d+)", head)[0]))
                asked += 1
                said = completion(summarised(f"number {asked}")).body
                for pause_s in (0.0, 0.05):
                    await asyncio.sleep(pause_s)
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said))
                    await writer.drain()

    faults = {f"number {number}": number % 2 for number in range(1, 5)}
    async with listening(talk) as base_url:
        engine = make_engine(base_url=base_url)
        found = []
        for _ in range(2):
            found.append((await engine.draft(EXAMPLE, faults_where(**faults))).draft.summary)
            await asyncio.sleep(0.1)
        await engine.aclose()
    assert found == ["number 2", "number 4"]

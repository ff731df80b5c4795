"""A draft told while it is written: what is told, when, and that the telling changes nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.card import Finding, Usage
from agent.draft import Draft
from agent.engines.aloud import Aloud, AskedAgain, Told
from agent.engines.chunks import Chunks
from agent.engines.endpoints import PLAIN_CAP
from agent.engines.replies import read_reply
from agent.engines.signals import Asked
from agent.pacing import Budget
from agent.prices import Prices
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, no_faults
from tests.engines.test_direct import listening
from tests.faults import answers
from tests.faults.server import FaultServer
from tests.faults.streams import streamed

ASKED = Asked("host", "model", hidden=())
WANTED = b'{"stream":true,"stream_options":{"include_usage":true}}'
DRAFT = Draft.model_validate_json(DRAFT_REPLY)


def put_together(told: list[Told | AskedAgain]) -> dict[str, Any]:
    """What a listener has at the end."""
    draft: dict[str, Any] = {"entities": []}
    for one in told:
        if isinstance(one, AskedAgain):
            draft = {"entities": []}
        elif one.index is None:
            draft[one.field] = one.value
        else:
            draft["entities"][one.index : one.index + 1] = [one.value]
    return draft


@settings(deadline=None)
@given(st.integers(1, 400))
def test_whatever_the_pieces_the_fields_told_are_the_draft(size: int) -> None:
    """In the order in which the model writes them, each once."""
    told: list[Told | AskedAgain] = []
    aloud = Aloud(told.append)
    for at in range(0, len(DRAFT_REPLY) + size, size):
        aloud.text(DRAFT_REPLY[:at])
    aloud.draft(DRAFT)
    assert put_together(told) == DRAFT.model_dump(mode="json")
    names = [one.field for one in told if isinstance(one, Told)]
    assert list(dict.fromkeys(names)) == list(Draft.model_fields)
    assert len(names) == len(Draft.model_fields) - 1 + len(DRAFT.entities)


def test_a_field_is_told_before_the_next_one_is_written() -> None:
    """The first entity while the second is on its way, topics when impact begins."""
    told: list[Told | AskedAgain] = []
    aloud = Aloud(told.append)
    second = DRAFT_REPLY.index('"name"', DRAFT_REPLY.index('"name"') + 1)
    aloud.text(DRAFT_REPLY[: second + 20])
    assert [(one.field, one.index) for one in told if isinstance(one, Told)] == [("entities", 0)]
    aloud.text(DRAFT_REPLY[: DRAFT_REPLY.index('"impact"') + 12])
    assert told[-1] == Told("topics", DRAFT.topics)


@pytest.mark.parametrize("before", ["", "Here it is:\n```json\n", '<think>{"entities": [1, 2, 3], </think>'])
def test_what_stands_before_the_draft_is_passed_over(before: str) -> None:
    """Fences, greetings, thoughts."""
    told: list[Told | AskedAgain] = []
    Aloud(told.append).text(before + DRAFT_REPLY[: DRAFT_REPLY.index('"impact"') + 12])
    assert [one.field for one in told if isinstance(one, Told)] == ["entities"] * len(DRAFT.entities) + ["topics"]


@settings(deadline=None)
@given(st.text())
def test_no_reply_makes_telling_fail(text: str) -> None:
    """Nor tells what is no field of a draft."""
    told: list[Told | AskedAgain] = []
    Aloud(told.append).text("{" + text)
    assert all(isinstance(one, Told) and one.field in Draft.model_fields for one in told)


def test_a_field_that_turns_out_otherwise_is_told_again() -> None:
    """White space is tidied when a reply is validated."""
    told: list[Told | AskedAgain] = []
    aloud = Aloud(told.append)
    values = json.loads(DRAFT_REPLY) | {"summary": "Two  spaces."}
    aloud.text(json.dumps(values))
    aloud.draft(Draft.model_validate(values))
    assert [one.value for one in told if isinstance(one, Told) and one.field == "summary"] == ["Two  spaces.", "Two spaces."]


@pytest.mark.parametrize(
    "answer",
    [
        answers.completion(DRAFT_REPLY),
        answers.called(answers.tool_call(DRAFT_REPLY)),
        answers.named("refusal"),
        answers.named("length"),
        answers.named("filter"),
        answers.named("wrongtool"),
        answers.named("nousage"),
    ],
    ids=lambda answer: answer.body[60:90].decode(),
)
@settings(deadline=None)
@given(st.integers(1, 3_000))
def test_pieces_are_read_as_the_whole_would_be(answer: answers.Answer, size: int) -> None:
    """The text, the usage, the model, and what is wrong with it; wherever the bytes are cut."""
    stream = b"".join(streamed(answer, WANTED, 0).parts)
    chunks = Chunks()
    for at in range(0, len(stream), size):
        chunks.feed(stream[at : at + size])
    whole, pieces = read_reply(answer.body, ASKED), read_reply(chunks.body(), ASKED)
    assert (pieces.usage, pieces.model, pieces.signal) == (whole.usage, whole.model, whole.signal)
    assert pieces.text == whole.text or answer == answers.named("wrongtool")


def told_otherwise(change: Callable[[dict[str, Any]], None]) -> bytes:
    """The draft's stream, each chunk of it changed."""
    chunks = [json.loads(part[6:]) for part in streamed(answers.completion(DRAFT_REPLY), WANTED, 0).parts[:-1]]
    for chunk in chunks:
        change(chunk)
    return b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in chunks)


def in_parts(chunk: dict[str, Any]) -> None:
    """Content as a list, the way models that think aloud send it."""
    for choice in chunk["choices"]:
        text = choice["delta"].get("content")
        choice["delta"]["content"] = [{"type": "thinking", "thinking": []}, {"type": "text", "text": text or ""}]


STREAM = told_otherwise(lambda _: None)


@pytest.mark.parametrize(
    "stream",
    [
        b": waiting\r\n\r\n" + STREAM.replace(b"\n", b"\r\n"),
        STREAM.replace(b'data: {"id"', b'event: message\nid: 7\ndata: {\ndata: "id"'),
        STREAM.replace(b"\n\n", b"\n"),
        STREAM.rstrip(),
        told_otherwise(in_parts),
        b"data: half an event\n" + STREAM,
    ],
    ids=["comments and CRLF", "data on two lines", "no blank lines", "no end of the last line", "parts", "a line that is nothing"],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_the_same_stream_is_read_in_every_way_it_may_be_written(stream: bytes, size: int) -> None:
    """Text and usage, wherever the bytes are cut."""
    chunks = Chunks()
    for at in range(0, len(stream), size):
        chunks.feed(stream[at : at + size])
    reply = read_reply(chunks.body(), ASKED)
    assert (reply.text, reply.signal) == (DRAFT_REPLY, None)
    assert reply.usage == Usage(input_tokens=1_000, cached_input_tokens=800, output_tokens=200)


@settings(deadline=None)
@given(st.binary())
def test_no_stream_makes_reading_fail(data: bytes) -> None:
    """Whatever an endpoint sends."""
    chunks = Chunks()
    chunks.feed(b"data: " + data + b"\n")
    assert isinstance(chunks.text, str)
    assert read_reply(chunks.body(), ASKED).signal is not None


@pytest.mark.parametrize("mode", ["json_schema", "tools", "json_object", "text"])
async def test_a_model_is_heard_while_it_writes(make_engine: MakeEngine, fault_server: FaultServer, mode: str) -> None:
    """In every mode: fields come before the draft is there, and it is the draft that comes without listening."""
    answer = answers.called(answers.tool_call(DRAFT_REPLY)) if mode == "tools" else answers.completion(DRAFT_REPLY)
    fault_server.reply(answer)
    fault_server.plan.pause_s = 0.001
    engine = make_engine(mode=mode)
    told: list[Told | AskedAgain] = []
    early: list[int] = []

    def hear(one: Told | AskedAgain) -> None:
        told.append(one)
        early.append(task.done())

    task = asyncio.create_task(engine.draft_aloud(EXAMPLE, no_faults, hear))
    drafted = await task
    assert put_together(told) == drafted.draft.model_dump(mode="json")
    assert not any(early)
    assert drafted == await engine.draft(EXAMPLE, no_faults)
    assert b'"stream":true' in fault_server.requests[0].body
    assert b'"stream"' not in fault_server.requests[1].body


async def test_a_re_ask_is_told(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """With the faults; then the fields of the draft that stands."""
    fault_server.reply(DRAFT_REPLY)
    told: list[Told | AskedAgain] = []
    faults = [[Finding(where="summary", claim="9%", reason="the article doesn't have it")], []]
    drafted = await make_engine().draft_aloud(EXAMPLE, lambda _: faults.pop(0), told.append)
    (again,) = [one for one in told if isinstance(one, AskedAgain)]
    assert again.problems == ("summary: 9%: the article doesn't have it",)
    assert put_together(told) == drafted.draft.model_dump(mode="json")
    assert drafted.reasked


@pytest.mark.parametrize("status", [400, 422])
async def test_an_endpoint_that_cannot_stream_is_asked_without(make_engine: MakeEngine, fault_server: FaultServer, status: int) -> None:
    """Once; after that it isn't tried again."""
    fault_server.script(answers.error(status, "Unknown parameter: 'stream_options'"))
    fault_server.reply(DRAFT_REPLY)
    engine = make_engine()
    told: list[Told | AskedAgain] = []
    drafted = [await engine.draft_aloud(EXAMPLE, no_faults, told.append) for _ in range(2)]
    assert put_together(told) == DRAFT.model_dump(mode="json")
    assert [one.usage.requests for one in drafted] == [2, 1]
    assert [b'"stream":true' in request.body for request in fault_server.requests] == [True, False, False]


async def test_a_stream_that_breaks_off_is_asked_for_again(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """As any answer that breaks off."""
    whole = streamed(answers.completion(DRAFT_REPLY), WANTED, 0)
    half = answers.Answer(headers=whole.headers, parts=whole.parts[: len(whole.parts) // 2], then="close")
    fault_server.script(half)
    fault_server.reply(DRAFT_REPLY)
    told: list[Told | AskedAgain] = []
    drafted = await make_engine().draft_aloud(EXAMPLE, no_faults, told.append)
    assert put_together(told) == drafted.draft.model_dump(mode="json")
    assert drafted.usage.requests == 2


@pytest.mark.parametrize("then", ["close", "silence"])
async def test_a_stream_that_came_whole_is_kept_however_it_ends(make_engine: MakeEngine, then: str) -> None:
    """Broken off behind the last piece, or kept open for ever: it was paid for."""
    stream = b"".join(streamed(answers.completion(DRAFT_REPLY), WANTED, 0).parts)
    asked = 0
    over = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"%x\r\n%b\r\n" % (len(stream), stream))
        await writer.drain()
        if then == "silence":
            await over.wait()

    async with listening(talk) as base_url:
        engine = make_engine(base_url=base_url, timeout_s=30, deadline_s=10)
        drafted = await engine.draft_aloud(EXAMPLE, no_faults, lambda _: None)
        over.set()
    assert (asked, drafted.usage) == (1, Usage(requests=1, input_tokens=1_000, cached_input_tokens=800, output_tokens=200))


async def test_a_draft_that_came_before_its_stream_broke_is_kept(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """Only its usage is missing, and counts with its worst case."""
    whole = streamed(answers.completion(DRAFT_REPLY), WANTED, 0)
    fault_server.reply(answers.Answer(headers=whole.headers, parts=whole.parts[:-2], then="close"))
    budget = Budget(None, Prices(()), model="m", endpoint="e", max_tokens=1_000_000)
    drafted = await make_engine(budget=budget).draft_aloud(EXAMPLE, no_faults, lambda _: None)
    assert drafted.draft == DRAFT
    assert fault_server.ledger.requests == 1
    assert budget.spent_tokens > PLAIN_CAP


async def test_an_error_in_the_middle_of_a_stream_counts_with_its_worst_case(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """What was written before it may be billed; the stream is asked for again."""
    whole = streamed(answers.completion(DRAFT_REPLY), WANTED, 0)
    error = b'data: {"error": {"message": "upstream", "code": 502}}\n\n'
    fault_server.script(answers.Answer(headers=whole.headers, parts=(*whole.parts[:20], error, whole.parts[-1])))
    fault_server.reply(DRAFT_REPLY)
    budget = Budget(None, Prices(()), model="m", endpoint="e", max_tokens=1_000_000)
    drafted = await make_engine(budget=budget).draft_aloud(EXAMPLE, no_faults, lambda _: None)
    assert drafted.usage.requests == 2
    assert budget.spent_tokens > PLAIN_CAP


async def test_who_leaves_in_the_middle_ends_the_call(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """The endpoint sees the connection go."""
    fault_server.reply(DRAFT_REPLY)
    fault_server.plan.pause_s = 0.05
    heard = asyncio.Event()
    task = asyncio.create_task(make_engine().draft_aloud(EXAMPLE, no_faults, lambda _: heard.set()))
    await heard.wait()
    task.cancel()
    await asyncio.wait([task])
    async with asyncio.timeout(5):
        while not fault_server.ledger.abandoned:  # noqa: ASYNC110  the server is in another thread
            await asyncio.sleep(0.01)


async def test_drafts_are_checked_aside_where_that_is_wanted(make_engine: MakeEngine, fault_server: FaultServer) -> None:
    """The second one after a re-ask too, and those of the engine behind."""
    fault_server.reply(DRAFT_REPLY)
    names: list[str] = []

    def find_faults(_: Draft) -> list[Finding]:
        names.append(threading.current_thread().name)
        return [Finding(where="summary", claim="9%", reason="the article doesn't have it")]

    with ThreadPoolExecutor(1, thread_name_prefix="aside") as threads:
        engine = make_engine()
        engine.work_aside(threads)
        behind = engine.behind()
        for one in (engine, behind):
            await one.draft(EXAMPLE, find_faults)
        await behind.aclose()
    assert names == ["aside_0"] * 4

"""Time and concurrency: who comes late, who falls silent, who breaks off, who asks to wait."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from dataclasses import replace

import pytest

from agent.article import Article
from agent.card import Usage
from agent.engines.endpoints import PLAIN_CAP
from agent.errors import EndpointUnreachable, NewscardError, NoReply
from agent.pacing import Budget
from agent.prices import Prices
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, no_faults
from tests.faults import answers
from tests.faults.answers import Answer, completion, error
from tests.faults.server import FaultServer


async def test_nobody_at_the_address_is_the_endpoints_fault(make_engine: MakeEngine) -> None:
    """Refused at every attempt: no article can succeed, and nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    engine = make_engine(base_url=f"http://127.0.0.1:{port}/v1", max_attempts=2)
    with pytest.raises(EndpointUnreachable, match=f"127.0.0.1:{port}"):
        await engine.draft(EXAMPLE, no_faults)


async def test_a_server_that_comes_up_late_is_found(make_engine: MakeEngine) -> None:
    """A refused connection is tried again, and isn't counted as a request."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with contextlib.ExitStack() as stack:

        async def start_it(_seconds: float) -> None:
            stack.enter_context(FaultServer(port)).reply(DRAFT_REPLY)

        drafted = await make_engine(base_url=f"http://127.0.0.1:{port}/v1", sleep=start_it).draft(EXAMPLE, no_faults)
    assert drafted.usage.requests == 1


async def test_silence_is_tried_again(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A server that says nothing for timeout_s counts as failed."""
    fault_server.script(answers.HANG)
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine(timeout_s=0.1).draft(EXAMPLE, no_faults)
    assert drafted.usage.requests == 2


@pytest.mark.parametrize("answer", [answers.HANG, replace(completion(DRAFT_REPLY), trickle_s=0.05)], ids=["hang", "trickle"])
async def test_the_deadline_holds_whatever_the_server_does(answer: Answer, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A byte now and then keeps a read alive, but not an article."""
    fault_server.reply(answer)
    with pytest.raises(NoReply, match=r"within 0\.3 s") as caught:
        await make_engine(deadline_s=0.3).draft(EXAMPLE, no_faults)
    assert caught.value.usage == Usage(requests=1)


async def test_cancelling_passes_through(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A cancelled article is neither an error of ours nor tried again."""
    fault_server.reply(answers.HANG)
    task = asyncio.create_task(make_engine().draft(EXAMPLE, no_faults))
    await asyncio.to_thread(fault_server.arrived.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(fault_server.requests) == 1


@pytest.mark.parametrize(("random", "longest"), [(0.0, 150.0), (1.0, 155.0)], ids=["no jitter", "most jitter"])
async def test_retry_after_is_waited_for(random: float, longest: float, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """C25: at least as long as the endpoint asks, above two minutes too; and a little longer, so that not all come back together."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    fault_server.script(error(429, headers={"retry-after": "150"}), error(503, headers={"retry-after-ms": "2500"}))
    fault_server.reply(DRAFT_REPLY)
    await make_engine(sleep=note, random=random).draft(EXAMPLE, no_faults)
    assert waits[0] == longest
    assert 2.5 <= waits[1] <= 30


async def test_a_wait_longer_than_the_deadline_is_not_begun(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The error says how long the endpoint asked to wait."""
    fault_server.reply(error(429, headers={"retry-after": "3600"}))
    with pytest.raises(NoReply, match="asks to wait 3600 s"):
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 1


async def test_concurrent_articles_each_have_all_their_attempts(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """C27: twenty dead articles with four attempts each are eighty requests, however slowly the breaker lets them through."""
    fault_server.reply(error(503))
    engine = make_engine(max_attempts=4, concurrency=20, outage_s=100_000)
    articles = [Article(id=f"a-{n}", text=f"{EXAMPLE.text} {n}") for n in range(20)]
    outcomes = await asyncio.gather(*(engine.draft(article, no_faults) for article in articles), return_exceptions=True)
    assert all(isinstance(outcome, NoReply) for outcome in outcomes)
    assert len(fault_server.requests) == 80


async def broken_tls(make_engine: MakeEngine, trusted: ssl.SSLContext, *, heard: bool) -> tuple[NewscardError, Budget, int]:
    """What comes of two attempts at a server whose TLS breaks once the request was `heard`, or before; and how many were heard."""
    requests = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        if heard:
            await reader.readuntil(b"\r\n\r\n")
            requests += 1
            beneath = writer.transport._ssl_protocol._transport  # type: ignore[attr-defined]
            beneath.write(b"no record of TLS, whatever else it may be")
            await asyncio.sleep(0.02)
        else:
            writer.write(b"no record of TLS, whatever else it may be")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=trusted if heard else None)
    budget = Budget(None, Prices(()), model="m", endpoint="e", max_tokens=10_000_000)
    port = server.sockets[0].getsockname()[1]
    engine = make_engine(base_url=f"https://127.0.0.1:{port}/v1", max_attempts=2, budget=budget)
    with pytest.raises(NewscardError) as caught:
        await engine.draft(EXAMPLE, no_faults)
    server.close()
    return caught.value, budget, requests


async def test_tls_that_breaks_after_the_request_was_heard_is_no_missing_endpoint(make_engine: MakeEngine, trusted: ssl.SSLContext) -> None:
    """Both requests may be billed: they are counted, and stay in the budget with their worst case. The run goes on."""
    error, budget, requests = await broken_tls(make_engine, trusted, heard=True)
    assert isinstance(error, NoReply)
    assert error.usage == Usage(requests=requests) == Usage(requests=2)
    assert budget.spent_tokens > 2 * PLAIN_CAP


async def test_tls_that_never_comes_about_reaches_nobody(make_engine: MakeEngine, trusted: ssl.SSLContext) -> None:
    """Nothing was sent, so nothing is counted."""
    error, budget, _ = await broken_tls(make_engine, trusted, heard=False)
    assert isinstance(error, EndpointUnreachable)
    assert "no TLS connection" in str(error)
    assert (error.usage, budget.spent_tokens) == (None, 0)

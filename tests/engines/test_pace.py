"""The engine and its pacer against a real server: hidden limits, outages, whose time runs."""

from __future__ import annotations

import asyncio
import time

import pytest

from agent.article import Article
from agent.engines.llm import LLMEngine
from agent.errors import EndpointUnreachable
from agent.pacing import Budget, Outcome, Pacer
from agent.prices import Prices
from agent.prompts import load_prompts
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, a_settings, no_faults
from tests.faults import answers
from tests.faults.answers import completion, error
from tests.faults.plan import Bucket, Plan, Rule
from tests.faults.server import FaultServer


async def drafts(engine: LLMEngine, number: int) -> int:
    """Draft so many articles, as many at once as the pacer's limit; the most requests that were in flight at the end."""
    rest = iter(range(number))
    running: set[asyncio.Task[object]] = set()
    while True:
        for n in rest:
            running.add(asyncio.create_task(engine.draft(Article(text=f"Shares of Acme rose {n} cents."), no_faults)))
            if len(running) >= engine.pacer.limit:
                break
        if not running:
            return engine.pacer.limit
        done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def test_a_hidden_limit_is_found_with_few_retries() -> None:
    """C28, scaled down: 24 at once, replies after 80 ms; the limit within 20%, under a tenth of the requests retries, no article lost.

    80 ms, since a client that is busy for as long as replies take never has 24 in flight, and finds no limit.
    """
    with FaultServer(plan=Plan(latency_s=0.08, concurrent=24, wait_s=0.08)) as server:
        server.reply(DRAFT_REPLY)
        pacer = Pacer.from_settings(settings := a_settings(server.base_url, max_attempts=20))
        engine = LLMEngine(settings, load_prompts(), pacer=pacer)
        limit = await drafts(engine, 1_000)
        await engine.aclose()
    assert 24 * 0.8 <= limit <= 24 * 1.2
    assert pacer.counts.retries < 0.1 * server.ledger.requests
    assert server.ledger.answers["200"] == 1_000


async def test_an_outage_is_waited_out_without_help() -> None:
    """C29, scaled down: all is reset for 1.2 s; few requests meanwhile, then every article has its draft, and none its time used up."""
    with FaultServer(plan=Plan(latency_s=0.02)) as server:
        server.reply(DRAFT_REPLY)
        pacer = Pacer.from_settings(settings := a_settings(server.base_url, deadline_s=5))
        engine = LLMEngine(settings, load_prompts(), pacer=pacer)
        await drafts(engine, 50)
        begun = time.monotonic() - server._began
        server.plan.rules.append(Rule("reset", seconds=(begun, begun + 1.2)))
        await drafts(engine, 100)
        await engine.aclose()
    assert server.ledger.answers["200"] == 150
    assert pacer.counts.outages == 1
    assert server.ledger.answers["reset"] <= pacer.cap
    assert server.ledger.answers["reset"] < 60


async def test_an_articles_time_does_not_run_while_it_is_held_back(fault_server: FaultServer) -> None:
    """Five articles, one request every 0.25 s, and a deadline shorter than the last one's turn."""
    fault_server.reply(DRAFT_REPLY)
    engine = LLMEngine(a_settings(fault_server.base_url, deadline_s=0.6, rpm=240), load_prompts())
    for _ in range(4):  # a second's worth may go at once
        engine.pacer.leave(await engine.pacer.enter(1), Outcome.ANSWERED)
    drafted = await asyncio.gather(*(engine.draft(EXAMPLE, no_faults) for _ in range(5)))
    assert len(drafted) == 5
    await engine.aclose()


async def test_an_endpoint_that_stays_out_ends_the_run(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """Not one article after another: each of a million would fail."""
    fault_server.reply(DRAFT_REPLY)
    engine = make_engine(outage_s=20, max_attempts=20)
    await engine.draft(EXAMPLE, no_faults)
    fault_server.reply(answers.RESET)
    outcomes = await asyncio.gather(*(engine.draft(EXAMPLE, no_faults) for _ in range(8)), return_exceptions=True)
    assert any(isinstance(outcome, EndpointUnreachable) for outcome in outcomes)
    assert len(fault_server.requests) < 30


async def test_limits_in_headers_are_heeded_before_a_429() -> None:
    """A server that tells of 20 requests a second and more at once: it need never say no."""
    with FaultServer(plan=Plan(requests=Bucket(20, 20), tells=True)) as server:
        server.reply(DRAFT_REPLY)
        engine = LLMEngine(a_settings(server.base_url), load_prompts())
        await drafts(engine, 45)
        await engine.aclose()
    assert server.ledger.answers == {"200": 45}


@pytest.mark.parametrize("form", ["ms", "date", "past", "negative", "garbage", "none"])
async def test_every_form_of_retry_after_ends_in_a_draft(form: str, fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """C25: read or not, the article is asked for again once."""
    fault_server.script(answers.busy(form))
    fault_server.reply(DRAFT_REPLY)
    drafted = await make_engine().draft(EXAMPLE, no_faults)
    assert drafted.usage.requests == 2


async def test_a_huge_wait_ends_the_article_at_once(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """C25: a wait of 30,000 years isn't begun, and says so."""
    fault_server.reply(answers.busy("huge"))
    with pytest.raises(Exception, match="asks to wait"):
        await make_engine().draft(EXAMPLE, no_faults)
    assert len(fault_server.requests) == 1


async def test_a_thousand_equal_articles_make_one_request(fault_server: FaultServer) -> None:
    """C30: through the Enricher, whose calls in flight are shared."""
    from agent.cache import DiskDrafts
    from agent.enrich import Enricher, cache_folder

    fault_server.reply(completion(DRAFT_REPLY))
    settings = a_settings(fault_server.base_url)
    async with Enricher(LLMEngine(settings, load_prompts()), settings, drafts=DiskDrafts(cache_folder(settings))) as enricher:
        cards = await asyncio.gather(*(enricher.enrich(EXAMPLE) for _ in range(1_000)))
    assert len(fault_server.requests) == 1
    assert len(cards) == 1_000


async def test_a_server_error_is_no_reason_for_fewer_at_once(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A 500 now and then is bad luck; a 429 or a 503 is a word about the load."""
    fault_server.script(error(500))
    fault_server.reply(DRAFT_REPLY)
    engine = make_engine()
    await engine.draft(EXAMPLE, no_faults)
    assert engine.pacer.limit >= Pacer().limit
    fault_server.script(error(503))
    await engine.draft(EXAMPLE, no_faults)
    assert engine.pacer.limit < Pacer().limit


async def test_waiting_for_others_reservations_is_nobodys_time(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """A budget that has room for one request at a time: each article has all of its deadline for its own, and none is paid for in vain."""
    fault_server.reply(DRAFT_REPLY)
    budget = Budget(None, Prices(()), model="m", endpoint="e", max_tokens=45_000)
    engine = make_engine(deadline_s=0.9, budget=budget)
    await engine.draft(EXAMPLE, no_faults)  # with all that a first request takes
    fault_server.plan.latency_s = 0.5
    await asyncio.gather(*(engine.draft(Article(text=f"Shares of Acme rose {n} cents."), no_faults) for n in range(2)))
    assert fault_server.ledger.requests == 3
    assert fault_server.ledger.most_in_flight == 1

"""A budget and rates that workers share through a real Redis."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from agent.card import Usage
from agent.engines.llm import LLMEngine
from agent.errors import BudgetExceeded
from agent.link import Link
from agent.pacing import Pacer
from agent.pacing.shared import WORKERS, SharedBudget, SharedRates
from agent.prompts import load_prompts
from agent.settings import Settings
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, no_faults
from tests.faults.server import FaultServer
from tests.redis_server import RedisServer

CALL = Usage(input_tokens=100)
Join = Callable[[], SharedBudget]


@pytest.fixture
async def join(redis_server: RedisServer, tmp_path: Path) -> AsyncIterator[Join]:
    """A further worker of a budget of 10,000 tokens, and of a dollar at a dollar a million tokens."""
    prices = tmp_path / "prices.yaml"
    row = "{model: m, endpoint: e, effective_from: 2020-01-01, input: 1000, cached_input: 1000, output: 1000, source: a test}"
    prices.write_text(f"prices:\n- {row}\n")
    settings = Settings(base_url="http://e/v1", model="m", max_tokens=10_000, max_cost_usd=5.0, prices=prices)
    links: list[Link] = []

    def worker() -> SharedBudget:
        links.append(Link(redis_server.url, away_s=0.05))
        return SharedBudget(settings, links[-1], "night")

    yield worker
    for link in links:
        await link.aclose()


async def spend_all(budget: SharedBudget) -> int:
    """Calls until it says no."""
    calls = 0
    while True:
        try:
            budget.settle(await budget.reserve(CALL), CALL)
        except BudgetExceeded:
            return calls
        calls += 1


async def test_workers_together_spend_no_more_than_the_whole(join: Join) -> None:
    """5 dollars at a tenth of one a call: 50 calls, but for the parts that lie with each at its end."""
    calls = await asyncio.gather(*(spend_all(join()) for _ in range(4)))
    assert 46 <= sum(calls) <= 50


async def test_what_a_worker_didnt_use_goes_back(join: Join) -> None:
    """The next one may spend all the rest."""
    first = join()
    first.settle(await first.reserve(CALL), Usage(input_tokens=1))
    await first.aclose()
    assert await spend_all(join()) >= 48


async def test_a_killed_worker_keeps_its_part_and_nothing_is_overspent(join: Join) -> None:
    """Nobody knows what became of it."""
    killed = join()
    await killed.reserve(CALL)
    assert await spend_all(join()) <= 49


async def test_without_redis_a_worker_spends_what_it_has_and_ends(join: Join, redis_server: RedisServer) -> None:
    """Never more; the message says what to do."""
    budget = join()
    budget.settle(await budget.reserve(CALL), Usage())
    redis_server.kill()
    budget.settle(await budget.reserve(CALL), CALL)
    with pytest.raises(BudgetExceeded, match="can't be asked for more of the budget 'night'"):
        await budget.reserve(CALL)


async def test_a_budget_that_is_spent_is_told_so_after_an_outage_too(join: Join, redis_server: RedisServer) -> None:
    """Waiting for Redis wouldn't help."""
    budget = join()
    redis_server.kill()
    with pytest.raises(BudgetExceeded, match="can't be asked"):
        await budget.reserve(CALL)
    redis_server.start()
    await asyncio.sleep(0.1)
    assert await spend_all(budget) >= 46
    with pytest.raises(BudgetExceeded, match="the budget 'night' that the workers share is spent"):
        await budget.reserve(CALL)


async def test_a_redis_that_forgot_hears_what_was_granted(join: Join, redis_server: RedisServer) -> None:
    """After a restart without its data, living workers' parts count as before."""
    budget = join()
    for _ in range(20):
        budget.settle(await budget.reserve(CALL), CALL)
    redis_server.kill()
    redis_server.start()
    await asyncio.sleep(0.1)
    assert await spend_all(budget) + 20 <= 50


async def test_a_reservation_that_would_fit_waits_for_others_to_settle(join: Join) -> None:
    """Worst cases are several times what is used in the end."""
    budget = join()
    large = Usage(input_tokens=4_000)
    held = await budget.reserve(large)
    waiting = asyncio.create_task(budget.reserve(large))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    budget.settle(held, CALL)
    budget.settle(await waiting, CALL)


def test_a_budget_serves_one_event_loop_after_the_other(redis_server: RedisServer) -> None:
    """With more requests than it has room for in each: nothing of a loop that is gone is waited for."""
    link = Link(redis_server.url)
    budget = SharedBudget(Settings(base_url="http://e/v1", model="m", max_tokens=1_000), link, "night")

    async def call() -> None:
        reserved = await budget.reserve(Usage(input_tokens=400))
        await asyncio.sleep(0)
        budget.settle(reserved, Usage(input_tokens=1))

    async def calls() -> None:
        await asyncio.gather(*(call() for _ in range(5)))
        await budget.aclose()
        await link.aclose()

    for _ in range(2):
        asyncio.run(calls())
    assert budget.spent_tokens == 10


async def test_rates_are_split_among_those_who_are_there(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in its turn: one has all, of two each has half, and whoever leaves gives its part back."""
    monkeypatch.setattr("agent.pacing.shared.TICK_S", 0.05)
    links = [Link(redis_server.url) for _ in range(2)]
    one, other = (SharedRates(Pacer(rpm=600), link, "e/m", expected=8) for link in links)
    await one.begin()
    assert one.workers == 1
    await other.begin()
    await asyncio.sleep(0.15)
    assert (one.workers, other.workers) == (2, 2)
    await other.aclose()
    await asyncio.sleep(0.15)
    assert one.workers == 1
    await one.aclose()
    for link in links:
        await link.aclose()


async def test_machines_whose_clocks_differ_still_hear_of_each_other(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock says who was heard of lately."""
    monkeypatch.setattr("agent.pacing.shared.TICK_S", 0.05)
    clock, hour_apart = time.time, itertools.cycle([0.0, 3600.0])
    monkeypatch.setattr(time, "time", lambda: clock() + next(hour_apart))
    links = [Link(redis_server.url) for _ in range(2)]
    workers = [SharedRates(Pacer(rpm=600), link, "e/m", expected=8) for link in links]
    for worker in workers:
        await worker.begin()
    await asyncio.sleep(0.2)
    assert [worker.workers for worker in workers] == [2, 2]
    for worker, link in zip(workers, links, strict=True):
        await worker.aclose()
        await link.aclose()


async def test_without_redis_a_worker_keeps_to_its_part(redis_server: RedisServer) -> None:
    """Of those expected, where it never heard of any."""
    redis_server.kill()
    link = Link(redis_server.url)
    pacer = Pacer(rpm=610)
    rates = SharedRates(pacer, link, "e/m", expected=4)
    await rates.begin()
    assert rates.workers == 4
    turns = sum(pacer.try_enter(1.0) is not None for _ in range(20))
    assert turns <= 3  # a second's worth of 610 / 61 / 4 a second
    await rates.aclose()
    await link.aclose()


@pytest.mark.parametrize("way", ["draft", "draft_aloud", "behind"])
async def test_whoever_drafts_is_counted_whichever_way(way: str, redis_server: RedisServer, fault_server: FaultServer) -> None:
    """A service that only streams, or only works on batches, shares the rates as everyone does."""
    fault_server.reply(DRAFT_REPLY)
    settings = Settings(base_url=fault_server.base_url, model="m", rpm=600)
    link = Link(redis_server.url)
    pacer = Pacer.from_settings(settings)
    rates = SharedRates(pacer, link, "e/m", expected=8)
    pacer.others = rates
    engine = LLMEngine(settings, load_prompts(), pacer=pacer)
    asked = engine.behind() if way == "behind" else engine
    if way == "draft_aloud":
        await asked.draft_aloud(EXAMPLE, no_faults, lambda _: None)
    else:
        await asked.draft(EXAMPLE, no_faults)
    assert rates.workers == 1
    assert await link.ask(lambda redis: redis.zcard(WORKERS + "e/m")) == 1
    await asked.aclose()
    await engine.aclose()
    assert await link.ask(lambda redis: redis.zcard(WORKERS + "e/m")) == 0
    await link.aclose()

"""A key's dollars: held before each request to a model, settled after it, kept across restarts."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from agent.card import Usage
from agent.errors import BudgetExceeded
from agent.settings import Settings
from agent.web.problems import Problem
from agent.web.security.purse import CallersBudget, Payer, PurseEmpty, Purses, paid_by
from agent.web.store.access import AccessStore
from agent.web.threads import Threads

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = (NOON - datetime(1970, 1, 1, tzinfo=UTC)).days
TEN = Payer("desk", 10.0)
PRICES = (
    "prices: [{model: m, endpoint: e.example, effective_from: 2026-01-01, input: 1000000, cached_input: 1000000, output: 0, source: x}]"
)


@pytest.fixture
def store(engine: Engine) -> AccessStore:
    """In each kind of database."""
    return AccessStore(engine)


def purses(store: AccessStore, now: datetime = NOON) -> Purses:
    """At that time."""
    return Purses(store, Threads(), lambda: now)


async def test_a_limit_is_never_passed_by_more_than_nothing(store: AccessStore) -> None:
    """Of twenty that come at once, those fit that fit together; the last one that waits is refused when all are settled."""
    kept = purses(store)

    async def ask() -> bool:
        try:
            held = await kept.hold(TEN, Decimal(3))
        except PurseEmpty:
            return False
        await asyncio.sleep(0)
        kept.settle(held, Decimal(3))
        return True

    assert sum(await asyncio.gather(*(ask() for _ in range(20)))) == 3
    await kept.drained()
    assert store.spent("desk", DAY) == 9_000_000


async def test_what_was_held_and_not_used_comes_back(store: AccessStore) -> None:
    """A request that waits for it goes on."""
    kept = purses(store)
    held = await kept.hold(TEN, Decimal(9))
    waiting = asyncio.create_task(kept.hold(TEN, Decimal(5)))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    kept.settle(held, Decimal("0.25"))
    await asyncio.wait_for(waiting, 10)
    await kept.drained()
    assert store.spent("desk", DAY) == 5_250_000


async def test_a_refusal_says_how_much_and_until_when(store: AccessStore) -> None:
    """Midnight UTC; as a problem it is a 429 with Retry-After."""
    kept = purses(store, NOON.replace(hour=23, minute=59))
    with pytest.raises(PurseEmpty, match=r"may spend \$10 a day \(UTC\), and the next request could cost \$10\.5000") as caught:
        await kept.hold(TEN, Decimal("10.5"))
    problem = Problem.of(caught.value)
    assert (problem.code, problem.kind.status, problem.headers()["retry-after"]) == ("budget_exceeded", 429, "60")


async def test_spending_survives_a_restart_and_a_kill(store: AccessStore) -> None:
    """What was held when the process ended stays spent: nobody knows whether it was billed."""
    before = purses(store)
    await before.hold(TEN, Decimal(8))
    with pytest.raises(PurseEmpty):
        await purses(store).hold(TEN, Decimal(3))
    await purses(store).hold(TEN, Decimal(2))


async def test_a_new_day_is_a_new_purse(store: AccessStore) -> None:
    """What was held before midnight is settled on the day it was held."""
    now = [NOON]
    kept = Purses(store, Threads(), lambda: now[0])
    held = await kept.hold(TEN, Decimal(10))
    now[0] += timedelta(days=1)
    tomorrow = await kept.hold(TEN, Decimal(10))
    kept.settle(held, Decimal(1))
    kept.settle(tomorrow, Decimal(2))
    await kept.drained()
    assert (store.spent("desk", DAY), store.spent("desk", DAY + 1)) == (1_000_000, 2_000_000)


async def test_keys_pay_for_themselves(store: AccessStore) -> None:
    """One that has spent all leaves the others alone; one without a limit is counted and never refused."""
    kept = purses(store)
    await kept.hold(TEN, Decimal(10))
    await kept.hold(Payer("other", 10.0), Decimal(10))
    await kept.hold(Payer("free", None), Decimal(1000))
    assert store.spent("free", DAY) == 1_000_000_000


async def test_a_request_that_is_cancelled_while_it_asks_leaves_nothing_held(store: AccessStore) -> None:
    """A thread can't be called back, but what it did can be undone."""
    kept = purses(store)
    for wait_s in (0, 0, 0.001, 0.002, 0.005):
        asking = asyncio.create_task(kept.hold(TEN, Decimal(10)))
        await asyncio.sleep(wait_s)
        if asking.done():
            kept.settle(asking.result(), Decimal(0))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await kept.drained()
    assert store.spent("desk", DAY) == 0
    await kept.hold(TEN, Decimal(10))


def settings(tmp_path: Path, model: str = "m", **more: float) -> Settings:
    """A model at a dollar a token."""
    (tmp_path / "prices.yaml").write_text(PRICES, "utf-8")
    return Settings.model_validate({"model": model, "base_url": "http://e.example/v1", "prices": tmp_path / "prices.yaml", **more})


async def test_each_request_to_a_model_passes_the_purse_of_who_pays(store: AccessStore, tmp_path: Path) -> None:
    """Its worst case is held, what it used is spent; a request that broke counts with its worst case."""
    assert date(2026, 1, 1) <= datetime.now(UTC).date()
    kept = purses(store)
    budget = CallersBudget(settings(tmp_path), kept)
    with paid_by(TEN):
        reserved = await budget.reserve(Usage(input_tokens=6))
        assert store.spent("desk", DAY) == 6_000_000
        budget.settle(reserved, Usage(input_tokens=2))
        await kept.drained()
        assert store.spent("desk", DAY) == 2_000_000
        budget.settle(await budget.reserve(Usage(input_tokens=5)), None)
        await kept.drained()
        assert store.spent("desk", DAY) == 7_000_000
        with pytest.raises(PurseEmpty):
            await budget.reserve(Usage(input_tokens=4))
    await budget.reserve(Usage(input_tokens=4))  # nobody's key: the service's own budget alone, which has no limit
    assert budget.spent_usd == 7


async def test_the_services_own_budget_holds_for_every_key(store: AccessStore, tmp_path: Path) -> None:
    """Whatever a key may spend; nothing is held for a request that isn't sent."""
    budget = CallersBudget(settings(tmp_path, max_cost_usd=3.0), purses(store))
    with paid_by(TEN), pytest.raises(BudgetExceeded, match="NEWSCARD_MAX_COST_USD"):
        await budget.reserve(Usage(input_tokens=4))
    assert store.spent("desk", DAY) == 0
    with paid_by(Payer("poor", 1.0)), pytest.raises(PurseEmpty):
        await budget.reserve(Usage(input_tokens=2))
    budget.settle(await budget.reserve(Usage(input_tokens=3)), None)  # what the poor one was refused for isn't held any more


async def test_dollars_that_cannot_be_counted_are_not_spent(store: AccessStore, tmp_path: Path) -> None:
    """A key with a limit and a model without a price don't go together; a key without one does as it likes."""
    budget = CallersBudget(settings(tmp_path, model="unheard-of"), purses(store))
    with paid_by(TEN), pytest.raises(PurseEmpty, match=r"no price for unheard-of at e\.example"):
        await budget.reserve(Usage(input_tokens=1))
    with paid_by(Payer("free", None)):
        await budget.reserve(Usage(input_tokens=1))

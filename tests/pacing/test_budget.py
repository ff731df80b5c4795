"""The budget."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Usage
from agent.errors import BudgetExceeded, UsageError
from agent.pacing import Budget
from agent.prices import Price, Prices
from agent.settings import Settings

RATES = {"input": "1", "cached_input": "0.1", "output": "10"}
PRICE = Price.model_validate({"model": "m", "endpoint": "e", "effective_from": date(2026, 1, 1), "source": "a test", **RATES})
PRICES = Prices(((PRICE,),))
MILLION = Usage(input_tokens=1_000_000)
"""A dollar's worth."""


def a_budget(dollars: float) -> Budget:
    """For the model of the tests."""
    return Budget(dollars, PRICES, model="m", endpoint="e")


async def test_what_fits_is_let_through_to_the_last_cent() -> None:
    """The limit itself may be spent."""
    budget = a_budget(2)
    for _ in range(2):
        budget.settle(await budget.reserve(MILLION), MILLION)
    assert budget.spent_usd == 2


async def test_the_call_that_could_cross_the_limit_is_never_made() -> None:
    """The error says what it could cost, what is left, and which setting decides."""
    budget = a_budget(1.5)
    budget.settle(await budget.reserve(MILLION), MILLION)
    with pytest.raises(BudgetExceeded, match=r"could cost \$1\.0000, and \$0\.5000 of \$1\.5 are left; raise NEWSCARD_MAX_COST_USD"):
        await budget.reserve(MILLION)
    assert budget.spent_usd == 1


async def test_less_than_nothing_is_never_left() -> None:
    """Even where a limit was lowered below what earlier runners spent."""
    budget = a_budget(2)
    budget.count(3.0, Usage())
    with pytest.raises(BudgetExceeded, match=r"and \$0\.0000 of \$2 are left"):
        await budget.reserve(MILLION)
    tokens = Budget(None, PRICES, model="m", endpoint="e", max_tokens=10)
    tokens.count(None, MILLION)
    with pytest.raises(BudgetExceeded, match="and 0 of 10 are left"):
        await tokens.reserve(MILLION)


async def test_a_reservation_is_replaced_by_what_was_used() -> None:
    """Worst cases are several times too high."""
    budget = a_budget(1)
    budget.settle(await budget.reserve(MILLION), Usage(input_tokens=100_000, cached_input_tokens=50_000))
    assert budget.spent_usd == Decimal("0.055")
    await budget.reserve(Usage(input_tokens=900_000))


async def test_unknown_usage_counts_as_the_worst_case() -> None:
    """A request that broke may have been billed."""
    budget = a_budget(1)
    budget.settle(await budget.reserve(MILLION), None)
    assert budget.spent_usd == 1


async def test_a_call_waits_for_others_reservations() -> None:
    """It would be wrong to stop a run for money that isn't spent in the end."""
    budget = a_budget(1)
    held = await budget.reserve(MILLION)
    waiting = asyncio.create_task(budget.reserve(Usage(input_tokens=500_000)))
    await asyncio.sleep(0)
    assert not waiting.done()
    budget.settle(held, Usage(input_tokens=10))
    assert (await waiting).usd == Decimal("0.5")


async def test_a_call_that_can_never_fit_does_not_wait() -> None:
    """Others' settling can't make room for it."""
    budget = a_budget(1)
    await budget.reserve(Usage(input_tokens=10))
    with pytest.raises(BudgetExceeded):
        await budget.reserve(Usage(output_tokens=1_000_000))


async def test_when_the_others_spend_it_all_the_waiting_end() -> None:
    """Each of them, not only the first."""
    budget = a_budget(1)
    held = await budget.reserve(MILLION)
    waiting = [asyncio.create_task(budget.reserve(MILLION)) for _ in range(3)]
    await asyncio.sleep(0)
    budget.settle(held, MILLION)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(outcome, BudgetExceeded) for outcome in outcomes)


@given(st.lists(st.tuples(st.integers(0, 400_000), st.floats(0, 1)), min_size=1, max_size=30))
def test_no_order_of_calls_spends_past_the_limit(calls: list[tuple[int, float]]) -> None:
    """Whatever is used of what was reserved, all at once."""

    async def run() -> Decimal:
        budget = a_budget(1)

        async def call(tokens: int, share: float) -> None:
            try:
                held = await budget.reserve(Usage(input_tokens=tokens))
            except BudgetExceeded:
                return
            await asyncio.sleep(0)
            budget.settle(held, Usage(input_tokens=int(tokens * share)))

        await asyncio.gather(*(call(*one) for one in calls))
        return budget.spent_usd

    assert asyncio.run(run()) <= 1


def test_a_budget_needs_a_price() -> None:
    """Said before the first call, with what to do."""
    with pytest.raises(UsageError, match="no price for nobody-s-model at e; add a row"):
        Budget(1, PRICES, model="nobody-s-model", endpoint="e")


def test_settings_without_a_limit_make_no_budget() -> None:
    """There is nothing to watch."""
    assert Budget.from_settings(Settings(model="gpt-4o")) is None


def test_settings_with_a_limit_make_one() -> None:
    """For their model at their endpoint."""
    assert Budget.from_settings(Settings(model="gpt-4o", max_cost_usd=1)) is not None
    with pytest.raises(UsageError, match="no price for gpt-4o at 127"):
        Budget.from_settings(Settings(model="gpt-4o", max_cost_usd=1, base_url="http://127.0.0.1:8/v1"))


def a_token_budget(tokens: int) -> Budget:
    """Tokens alone; the model needs no price."""
    return Budget(None, PRICES, model="nobody-s-model", endpoint="e", max_tokens=tokens)


async def test_a_price_that_changes_at_midnight_counts_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """In UTC, as on the cards; what was spent before stays as it was."""
    dearer = PRICE.model_copy(update={"effective_from": date(2026, 3, 1), "input": Decimal(2)})
    moments = [datetime(2026, 2, 28, 23, 59, tzinfo=UTC)]
    monkeypatch.setattr("agent.pacing.budget.datetime", SimpleNamespace(now=lambda _: moments[-1]))
    budget = Budget(2.5, Prices(((PRICE, dearer),)), model="m", endpoint="e")
    budget.settle(await budget.reserve(MILLION), MILLION)
    moments.append(datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(BudgetExceeded, match=r"could cost \$2\.0000, and \$1\.5000"):
        await budget.reserve(MILLION)


async def test_tokens_are_limited_without_a_price() -> None:
    """Input and output together; the error says what is left, and which setting decides."""
    budget = a_token_budget(1_000)
    budget.settle(await budget.reserve(Usage(input_tokens=500, output_tokens=400)), Usage(input_tokens=300, output_tokens=100))
    assert (budget.spent_tokens, budget.spent_usd) == (400, Decimal(0))
    with pytest.raises(BudgetExceeded, match="could take 700 tokens, and 600 of 1000 are left; raise NEWSCARD_MAX_TOKENS"):
        await budget.reserve(Usage(input_tokens=700))


async def test_tokens_wait_for_others_reservations_too() -> None:
    """As dollars do."""
    budget = a_token_budget(1_000)
    held = await budget.reserve(Usage(output_tokens=900))
    waiting = asyncio.create_task(budget.reserve(Usage(output_tokens=500)))
    await asyncio.sleep(0)
    assert not waiting.done()
    budget.settle(held, Usage(output_tokens=10))
    assert (await waiting).tokens == 500


def test_settings_with_a_limit_of_tokens_make_a_budget() -> None:
    """For any model."""
    assert Budget.from_settings(Settings(model="mine", max_tokens=1_000)) is not None

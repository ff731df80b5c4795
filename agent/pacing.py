"""How much may be spent: a budget that every request passes before it is sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from agent.card import Usage
from agent.errors import BudgetExceeded, UsageError
from agent.prices import Prices
from agent.settings import Settings


class Budget:
    """At most `max_cost_usd` for one model at one endpoint, for all engines that share this object within one event loop.

    Before a request its worst case is reserved; afterwards it is settled with what was used. A request that would fit but for what
    others have reserved waits for them: reservations are several times what is used in the end.
    """

    def __init__(self, max_cost_usd: float, prices: Prices, *, model: str, endpoint: str) -> None:
        price = prices.find(model, endpoint, datetime.now(UTC).date())
        if price is None:
            raise UsageError(
                f"NEWSCARD_MAX_COST_USD: there is no price for {model} at {endpoint}; add a row to a file like agent/prices.yaml "
                "and name it in NEWSCARD_PRICES"
            )
        self._price = price
        self._limit = Decimal(str(max_cost_usd))
        self._spent = Decimal(0)
        self._reserved = Decimal(0)
        self._settled = asyncio.Event()

    @classmethod
    def from_settings(cls, settings: Settings) -> Budget | None:
        """The budget that the settings ask for, or None. Raises UsageError when the model has no known price."""
        if settings.max_cost_usd is None or settings.model is None:
            return None
        return cls(settings.max_cost_usd, Prices.load(settings.prices), model=settings.model, endpoint=settings.endpoint)

    @property
    def spent_usd(self) -> Decimal:
        """What all settled requests cost; one whose usage never came back counts with its worst case."""
        return self._spent

    async def reserve(self, worst: Usage) -> Decimal:
        """Reserve the worst case of the next request; settle the returned amount afterwards, whatever happens.

        Raises BudgetExceeded when it could take the spending past the limit.
        """
        amount = self._price.cost(worst)
        while self._reserved and not self._fits(amount) and self._spent + amount <= self._limit:
            await self._settled.wait()
        if not self._fits(amount):
            raise BudgetExceeded(
                f"the next request could cost ${amount:.4f}, and ${self._limit - self._spent:.4f} of ${self._limit} are left; "
                "raise NEWSCARD_MAX_COST_USD"
            )
        self._reserved += amount
        return amount

    def settle(self, reserved: Decimal, used: Usage | None) -> None:
        """Replace a reservation by what was used. None: nobody knows (the request broke), so the worst case stands.

        It never waits, so that a cancelled request is settled too.
        """
        self._reserved -= reserved
        self._spent += reserved if used is None else self._price.cost(used)
        self._settled.set()
        self._settled = asyncio.Event()

    def _fits(self, amount: Decimal) -> bool:
        return self._spent + self._reserved + amount <= self._limit

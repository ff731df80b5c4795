"""How much may be spent: a budget that every request passes before it is sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from agent.card import Usage
from agent.errors import BudgetExceeded, UsageError
from agent.prices import Price, Prices
from agent.settings import Settings


class Reservation(NamedTuple):
    """What one request may come to: US dollars (0 where nobody knows the price) and tokens, input and output together."""

    usd: Decimal
    tokens: int

    def __add__(self, other: Reservation) -> Reservation:  # type: ignore[override]  # the sum of two amounts, not one tuple after the other
        return Reservation(self.usd + other.usd, self.tokens + other.tokens)

    def __sub__(self, other: Reservation) -> Reservation:
        return Reservation(self.usd - other.usd, self.tokens - other.tokens)


NOTHING = Reservation(Decimal(0), 0)


class Budget:
    """At most so many dollars or tokens for one model at one endpoint, for all engines that share this object within one event loop.

    Before a request its worst case is reserved; afterwards it is settled with what was used. A request that would fit but for what
    others have reserved waits for them: reservations are several times what is used in the end.
    """

    def __init__(self, max_cost_usd: float | None, prices: Prices, *, model: str, endpoint: str, max_tokens: int | None = None) -> None:
        self._find = partial(prices.find, model, endpoint)
        self._day = datetime.now(UTC).date()
        self._price: Price | None = self._find(self._day)
        if self._price is None and max_cost_usd is not None:
            raise UsageError(
                f"NEWSCARD_MAX_COST_USD: there is no price for {model} at {endpoint}; add a row to a file like agent/prices.yaml "
                "and name it in NEWSCARD_PRICES"
            )
        self._max_usd = None if max_cost_usd is None else Decimal(str(max_cost_usd))
        self._max_tokens = max_tokens
        self._spent = NOTHING
        self._reserved = NOTHING
        self._settled = asyncio.Event()

    @classmethod
    def from_settings(cls, settings: Settings) -> Budget | None:
        """The budget that the settings ask for, or None. Raises UsageError when dollars are limited and the model has no known price."""
        if settings.model is None or (settings.max_cost_usd is None and settings.max_tokens is None):
            return None
        prices = Prices.load(settings.prices)
        return cls(settings.max_cost_usd, prices, model=settings.model, endpoint=settings.endpoint, max_tokens=settings.max_tokens)

    @property
    def spent_usd(self) -> Decimal:
        """What all settled requests cost; one whose usage never came back counts with its worst case. 0 without a price."""
        return self._spent.usd

    @property
    def spent_tokens(self) -> int:
        """The tokens of all settled requests, counted the same way."""
        return self._spent.tokens

    @property
    def left(self) -> tuple[Decimal | None, int | None]:
        """Dollars and tokens that are neither spent nor reserved, negative where a limit was passed; None where there is no limit."""
        taken = self._spent + self._reserved
        return (
            None if self._max_usd is None else self._max_usd - taken.usd,
            None if self._max_tokens is None else self._max_tokens - taken.tokens,
        )

    def count(self, usd: float | None, usage: Usage) -> None:
        """What was spent before, such as by earlier runners of a run; without `usd`, at today's price."""
        amount = self._amount(usage)
        self._spent += amount if usd is None else Reservation(Decimal(str(usd)), amount.tokens)

    async def reserve(self, worst: Usage) -> Reservation:
        """Reserve the worst case of the next request; settle the returned amount afterwards, whatever happens.

        Raises BudgetExceeded when it could take the spending past a limit.
        """
        amount = self._amount(worst)
        while self._reserved.tokens and not self._fits(self._spent + self._reserved + amount) and self._fits(self._spent + amount):
            await self._settled.wait()
        if not self._fits(self._spent + self._reserved + amount):
            raise BudgetExceeded(self._why_not(amount))
        self._reserved += amount
        return amount

    def settle(self, reserved: Reservation, used: Usage | None) -> None:
        """Replace a reservation by what was used. None: nobody knows (the request broke), so the worst case stands.

        It never waits, so that a cancelled request is settled too.
        """
        self._reserved -= reserved
        self._spent += reserved if used is None else self._amount(used)
        self._settled.set()
        self._settled = asyncio.Event()

    async def aclose(self) -> None:
        """Nothing is held elsewhere."""

    def _amount(self, usage: Usage) -> Reservation:
        if (today := datetime.now(UTC).date()) != self._day:  # a service lives longer than a price
            self._day, self._price = today, self._find(today)
        usd = self._price.cost(usage) if self._price else Decimal(0)
        return Reservation(usd, usage.input_tokens + usage.output_tokens)

    def _fits(self, total: Reservation) -> bool:
        return (self._max_usd is None or total.usd <= self._max_usd) and (self._max_tokens is None or total.tokens <= self._max_tokens)

    def _why_not(self, amount: Reservation) -> str:
        if self._max_usd is not None and self._spent.usd + self._reserved.usd + amount.usd > self._max_usd:
            left = max(self._max_usd - self._spent.usd, Decimal(0))
            return (
                f"the next request could cost ${amount.usd:.4f}, and ${left:.4f} of ${self._max_usd} are left; raise NEWSCARD_MAX_COST_USD"
            )
        assert self._max_tokens is not None
        left_tokens = max(self._max_tokens - self._spent.tokens, 0)
        return (
            f"the next request could take {amount.tokens} tokens, and {left_tokens} of {self._max_tokens} are left; "
            "raise NEWSCARD_MAX_TOKENS"
        )

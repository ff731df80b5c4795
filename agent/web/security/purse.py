"""Dollars: what a key may spend in a day, held before each request to a model and settled after it.

Spending is kept in the database, so a restart forgets nothing. What is held counts as spent from the moment it is held; settling gives back
the difference. A process that is killed between the two leaves the whole amount spent: nobody knows whether that request was billed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from agent.card import Usage
from agent.errors import BudgetExceeded
from agent.pacing import Budget, Reservation
from agent.prices import Prices
from agent.settings import Settings
from agent.web.store.access import AccessStore
from agent.web.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROS = 1_000_000


class PurseEmpty(BudgetExceeded):
    """The key has spent what it may spend today; nothing was sent."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Payer:
    """The key that pays for what is asked while it is `paying`; None as its limit: whatever it takes."""

    prefix: str
    usd_per_day: float | None


_PAYER: ContextVar[Payer | None] = ContextVar("newscard_payer", default=None)


@contextmanager
def paid_by(payer: Payer | None) -> Iterator[None]:
    """Whatever is asked of a model within the context, by its tasks too, is that key's to pay."""
    token = _PAYER.set(payer)
    try:
        yield
    finally:
        _PAYER.reset(token)


class Purses:
    """What the keys have spent. For one event loop."""

    def __init__(self, store: AccessStore, threads: Threads, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._threads = threads
        self._now = now
        self._held: dict[str, int] = {}
        self._taking = asyncio.Lock()
        self._settled = asyncio.Event()
        self._settling: set[asyncio.Task[None]] = set()

    async def hold(self, payer: Payer, usd: Decimal) -> Held:
        """Take the most that a request can cost, on today's account. Raises PurseEmpty where the day's limit doesn't allow it.

        A request that fits but for what other requests of the key hold waits for them: what is held is several times what is used.
        """
        micros, limit = _up(usd), None if payer.usd_per_day is None else _up(Decimal(str(payer.usd_per_day)))
        while True:
            async with self._taking:
                settled = self._settled
                held = Held(payer.prefix, _day(self._now()), micros)
                if await self._take(held, limit):
                    return held
                if not self._held.get(payer.prefix) or (limit is not None and micros > limit):
                    raise self._empty(payer, usd)
            await settled.wait()

    def settle(self, held: Held, usd: Decimal) -> None:
        """What it came to. It doesn't wait, so that a cancelled request is settled too; `drained` waits for what is under way."""
        self._later(self._settle(held, _up(usd)))

    async def drained(self) -> None:
        """All that was settled is in the database."""
        while self._settling:
            await asyncio.wait(self._settling)

    async def _take(self, held: Held, limit: int | None) -> bool:
        taking = asyncio.create_task(self._threads.write(self._store.spend, held.prefix, held.day, held.micros, limit))
        try:
            taken = await asyncio.shield(taking)
        except asyncio.CancelledError:
            self._later(self._undo(held, taking))  # a thread can't be called back
            raise
        if taken:
            self._held[held.prefix] = self._held.get(held.prefix, 0) + held.micros
        return taken

    async def _undo(self, held: Held, taking: asyncio.Task[bool]) -> None:
        if await taking:
            await self._threads.write(self._store.spend, held.prefix, held.day, -held.micros, None)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, held: Held, micros: int) -> None:
        try:
            if micros != held.micros:
                await self._threads.write(self._store.spend, held.prefix, held.day, micros - held.micros, None)
        finally:
            left = self._held[held.prefix] - held.micros
            if left:
                self._held[held.prefix] = left
            else:
                del self._held[held.prefix]
            self._settled.set()
            self._settled = asyncio.Event()

    def _empty(self, payer: Payer, usd: Decimal) -> PurseEmpty:
        now = self._now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        said = f"this key may spend ${payer.usd_per_day:g} a day (UTC), and the next request could cost ${usd:.4f}"
        return PurseEmpty(said, (midnight - now).total_seconds())


def spent_today_usd(store: AccessStore, prefix: str) -> float:
    """What a key has spent today, UTC, what it holds included. Synchronous."""
    return store.spent(prefix, _day(datetime.now(UTC))) / _MICROS


@dataclass(frozen=True, slots=True)
class Held:
    """An amount of a key's, in millionths of a dollar, on the account of a day."""

    prefix: str
    day: int
    micros: int


class _Reserved(Reservation):
    """A reservation of the whole service's budget, with what a key holds for it."""

    held: Held | None = None


class CallersBudget(Budget):
    """The service's own budget and, within it, the purse of the key that pays. Every request to a model passes it."""

    def __init__(self, settings: Settings, purses: Purses) -> None:
        """Raises UsageError when the service's dollars are limited and the model has no known price."""
        model = settings.model or ""
        prices = Prices.load(settings.prices)
        super().__init__(settings.max_cost_usd, prices, model=model, endpoint=settings.endpoint, max_tokens=settings.max_tokens)
        self._purses = purses
        self._unpriced = prices.find(model, settings.endpoint, datetime.now(UTC).date()) is None
        self._of = f"{model} at {settings.endpoint}"

    async def reserve(self, worst: Usage) -> Reservation:
        """As Budget has it, and the same amount of the key's purse. Raises BudgetExceeded by either."""
        payer = _PAYER.get()
        amount = await super().reserve(worst)
        if payer is None:
            return amount
        reserved = _Reserved(*amount)
        try:
            self._check_priced(payer)
            reserved.held = await self._purses.hold(payer, amount.usd)
        except BaseException:
            super().settle(amount, Usage())
            raise
        return reserved

    def settle(self, reserved: Reservation, used: Usage | None) -> None:
        """As Budget has it, for both."""
        super().settle(reserved, used)
        if isinstance(reserved, _Reserved) and reserved.held is not None:
            self._purses.settle(reserved.held, reserved.usd if used is None else self._amount(used).usd)

    def _check_priced(self, payer: Payer) -> None:
        if self._unpriced and payer.usd_per_day is not None:
            said = f"this key's dollars are limited, and there is no price for {self._of}; name a file of prices in NEWSCARD_PRICES"
            raise PurseEmpty(said)


def _day(moment: datetime) -> int:
    return (moment - _EPOCH).days


def _up(usd: Decimal) -> int:
    return int((usd * _MICROS).to_integral_value(ROUND_CEILING))

"""Limits that many machines share through Redis: a budget that is granted in parts, and rates that are split among those who are there."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from decimal import ROUND_DOWN, Decimal

from agent.card import Usage
from agent.errors import BudgetExceeded
from agent.link import Link, LinkDown
from agent.pacing.budget import Budget, Reservation
from agent.pacing.pacer import Pacer
from agent.prices import Prices
from agent.settings import Settings

BUDGET = "newscard:budget:"
WORKERS = "newscard:workers:"
PART = 100
"""A worker takes a hundredth of the budget at a time: so much may lie unused with one that was killed."""
MICRO = 1_000_000
TICK_S = 1.0
GONE_S = 5.0
"""A worker that hasn't been heard of for so long has no share any more."""

# Fields of the hash: a worker's name, and what it has been granted or has spent. Each tells what it has, so that a server that lost its
# memory hears of it before it grants more.
_GRANT = """
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local total = 0
for _, granted in ipairs(redis.call('HVALS', KEYS[1])) do total = total + tonumber(granted) end
local room = tonumber(ARGV[5]) - total
if room < tonumber(ARGV[3]) then return 0 end
local give = math.min(room, tonumber(ARGV[4]))
redis.call('HINCRBY', KEYS[1], ARGV[1], string.format('%d', give))
return give
"""

# Members of the sorted set: workers, by when they were heard of. The time is the server's, since machines' clocks differ.
_HEARD_OF = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - ARGV[2])
return redis.call('ZCARD', KEYS[1])
"""


class SharedBudget(Budget):
    """A budget by name that all workers draw from, in dollars or tokens. For one event loop at a time.

    It asks Redis for a part whenever its own doesn't do. Without Redis it goes on with what it has been granted, and then ends: nothing is
    ever spent that wasn't granted. What isn't used goes back with `aclose`; a worker that is killed keeps its last part for ever.
    """

    def __init__(self, settings: Settings, link: Link, name: str) -> None:
        """The limits of `settings` are those of all workers together. Raises UsageError as `Budget` does."""
        super().__init__(
            settings.max_cost_usd,
            Prices.load(settings.prices),
            model=settings.model or "",
            endpoint=settings.endpoint,
            max_tokens=settings.max_tokens,
        )
        self._link = link
        self._name = name
        self._worker = uuid.uuid4().hex
        self._whole = (self._max_usd, self._max_tokens)
        self._granted = {"usd": 0, "tokens": 0}
        self._is_alone = False
        """Redis couldn't be asked when it was last needed."""
        self._lock: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None
        self._set_limits()

    def count(self, usd: float | None, usage: Usage) -> None:
        """Nothing: what was spent before was granted, and Redis knows of it."""

    async def reserve(self, worst: Usage) -> Reservation:
        """Reserve the worst case of the next request, of a part that is granted for it if need be.

        Raises BudgetExceeded when the whole is spent, or when what this worker has doesn't do and Redis can't be asked.
        """
        amount = self._amount(worst)
        async with self._one_by_one():
            while not self._fits(self._spent + self._reserved + amount):
                if not await self._more(amount):
                    if not self._reserved.tokens:
                        raise BudgetExceeded(self._why_none())
                    with suppress(TimeoutError):  # others' reservations are larger than what they come to
                        await asyncio.wait_for(asyncio.shield(self._settled.wait()), TICK_S)
            self._reserved += amount
        return amount

    async def aclose(self) -> None:
        """Give back what wasn't used."""
        for unit in self._granted:
            used = self._micro(unit, self._spent + self._reserved)
            if self._granted[unit] > used:
                with suppress(LinkDown):
                    await self._link.ask(lambda redis, unit=unit, used=used: redis.hset(self._key(unit), self._worker, used))  # type: ignore[misc]
                    self._granted[unit] = used
                    self._set_limits()

    def _one_by_one(self) -> asyncio.Lock:
        """The lock of the running event loop: one that was waited for in another can't be used."""
        loop = asyncio.get_running_loop()
        if self._lock is None or self._lock[0] is not loop:
            self._lock = loop, asyncio.Lock()
        return self._lock[1]

    async def _more(self, amount: Reservation) -> bool:
        """Ask for what is missing; whether all of it was granted."""
        for unit, whole in zip(("usd", "tokens"), self._whole, strict=True):
            if whole is None:
                continue
            limit = int(whole * MICRO) if unit == "usd" else int(whole)
            missing = self._micro(unit, self._spent + self._reserved + amount) - self._granted[unit]
            if missing > 0 and not await self._granted_more(unit, missing, limit):
                return False
        return True

    async def _granted_more(self, unit: str, missing: int, limit: int) -> bool:
        ask = max(missing, limit // PART)
        try:
            given = await self._link.ask(
                lambda redis: redis.eval(_GRANT, 1, self._key(unit), self._worker, self._granted[unit], missing, ask, limit)  # type: ignore[arg-type,return-value]
            )
        except LinkDown:
            self._is_alone = True
            return False
        self._is_alone = False
        self._granted[unit] += int(given)
        self._set_limits()
        return bool(given)

    def _set_limits(self) -> None:
        if self._max_usd is not None:
            self._max_usd = Decimal(self._granted["usd"]) / MICRO
        if self._max_tokens is not None:
            self._max_tokens = self._granted["tokens"]

    def _micro(self, unit: str, amount: Reservation) -> int:
        return int((amount.usd * MICRO).to_integral_value(ROUND_DOWN)) + 1 if unit == "usd" else amount.tokens

    def _key(self, unit: str) -> str:
        return f"{BUDGET}{self._name}:{unit}"

    def _why_none(self) -> str:
        if self._is_alone:
            return (
                f"Redis at {self._link.name} can't be asked for more of the budget {self._name!r}, and what this worker had of it is "
                "spent; the same command goes on when Redis is back"
            )
        return (
            f"the budget {self._name!r} that the workers share is spent; raise NEWSCARD_MAX_COST_USD or NEWSCARD_MAX_TOKENS for all of them"
        )


class SharedRates:
    """Splits `--rpm` and `--tpm` evenly among the workers of one endpoint and model, as far as Redis tells of them.

    Until it does, a worker takes its part of the `expected` number; when Redis is gone, the part it had.
    """

    def __init__(self, pacer: Pacer, link: Link, name: str, expected: int) -> None:
        self._pacer = pacer
        self._link = link
        self._key = WORKERS + name
        self._worker = uuid.uuid4().hex
        self.workers = expected
        self._begun: asyncio.Task[None] | None = None
        self._beat: asyncio.Task[None] | None = None
        pacer.share(1 / expected)

    async def begin(self) -> None:
        """Be counted, and know of the others, before the first request."""
        if self._begun is None:
            self._begun = asyncio.create_task(self._join())
        if not self._begun.done():
            await asyncio.shield(self._begun)

    async def aclose(self) -> None:
        """Leave the others one part more."""
        for task in (self._begun, self._beat):
            if task is not None:
                task.cancel()
        if self._begun is not None:
            self._begun = self._beat = None
            with suppress(LinkDown):
                await self._link.ask(lambda redis: redis.zrem(self._key, self._worker))

    async def _join(self) -> None:
        if await self._tick() and self.workers > 1:
            await asyncio.sleep(TICK_S)  # the others' parts are still the larger ones they had
        self._beat = asyncio.create_task(self._keep_up())

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            await self._tick()

    async def _tick(self) -> bool:
        try:
            count = await self._link.ask(
                lambda redis: redis.eval(_HEARD_OF, 1, self._key, self._worker, GONE_S)  # type: ignore[arg-type,return-value]
            )
        except LinkDown:
            return False
        self.workers = max(int(count), 1)
        self._pacer.share(1 / self.workers)
        return True

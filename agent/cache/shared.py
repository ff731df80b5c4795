"""Drafts in Redis, for many machines: the same keys and bytes as on disk, and a lease so that one asks for a draft that many miss."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from agent.cache.entry import Entry
from agent.engines import Drafted
from agent.link import Link, LinkDown

T = TypeVar("T")

PREFIX = "newscard:draft:"
LEASE = "newscard:lease:"
FENCE = "newscard:fence"
LEASE_MS = 10_000
"""How long a lease outlives its holder: after a crash, others wait so long."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 0.25
RENEWED = 4
"""Times that a lease is renewed while it lasts."""
TRIED = 20
"""Times that it is tried once that failed: the link leaves the server alone for half a lease, and one failure must not cost it."""

# The draft if it is there, else the lease: a number that grows with every lease, so that an old holder is known as one.
_CLAIM = """
local draft = redis.call('GET', KEYS[1])
if draft then return draft end
if redis.call('EXISTS', KEYS[2]) == 1 then return false end
local token = redis.call('INCR', KEYS[3])
redis.call('SET', KEYS[2], token, 'PX', ARGV[1])
return token
"""
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
# Whoever holds the lease writes. One whose lease has run out writes only where nothing is: it was paid for, but a newer one may be there.
_PUT = """
local holder = redis.call('GET', KEYS[2])
if holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  redis.call('DEL', KEYS[2])
  return 1
end
if redis.call('SET', KEYS[1], ARGV[2], 'NX') then return 1 end
return 0
"""


class SharedDrafts:
    """Drafts in Redis. A server that is away, slow, full or unwilling is a miss and never an error, and for a few seconds isn't asked.

    `hits`, `misses`, `corrupt` and `write_failures` count since the object was made. Nothing is evicted by us and nothing expires: give the
    server `maxmemory-policy noeviction`, and persistence if drafts are to outlive it.
    """

    def __init__(self, link: Link, *, lease_ms: int = LEASE_MS) -> None:
        self._link = link
        self._lease_ms = lease_ms
        self.hits = 0
        self.misses = 0
        self.corrupt = 0
        self.write_failures = 0

    @property
    def problem(self) -> str | None:
        """Why drafts are not found or not kept; None while all is well."""
        if not self._link.failures:
            return None
        return (
            f"Redis at {self._link.name} failed {self._link.failures} times (the last: {self._link.fault}); "
            "drafts that it holds, or would have kept, are paid for again"
        )

    async def get(self, key: str) -> Entry | None:
        """The entry of `key`, validated again; None when there is none that can be used, or not soon enough."""
        try:
            stored = await self._link.ask(lambda redis: redis.get(PREFIX + key))
        except LinkDown:
            stored = None
        return self._counted(stored, Entry.from_bytes)

    async def get_many(self, keys: Sequence[str]) -> list[Drafted | None]:
        """The draft that `get` gives for each of `keys`, in one exchange."""
        stored: list[bytes | None]
        try:
            stored = await self._link.ask(lambda redis: redis.mget([PREFIX + key for key in keys]))
        except LinkDown:
            stored = [None] * len(keys)
        return [self._counted(one, Entry.drafted_from) for one in stored]

    async def put(self, key: str, entry: Entry) -> bool:
        """Keep `entry`. False when it isn't known to be kept; that is counted and never raised."""
        return await self._write(key, entry, token=None)

    @asynccontextmanager
    async def lead(self, key: str) -> AsyncIterator[SharedLead]:
        """To be entered before the draft of `key` is asked for: waits while another machine asks, as long as its lease lasts.

        Without the server everybody asks for itself.
        """
        wait_s = _FIRST_WAIT_S
        claimed: bytes | int | None = None
        try:
            while (claimed := await self._claim(key)) is None:
                await asyncio.sleep(wait_s * random.uniform(0.5, 1.0))  # noqa: S311  no secret
                wait_s = min(wait_s * 1.5, _LONGEST_WAIT_S)
        except LinkDown:
            yield SharedLead(self, key, None)
            return
        if isinstance(claimed, bytes):
            yield SharedLead(self, key, None, self._counted(claimed, Entry.from_bytes))
            return
        token = str(claimed)
        beat = asyncio.create_task(self._keep_up(key, token))
        try:
            yield SharedLead(self, key, token)
        finally:
            beat.cancel()
            with suppress(LinkDown):
                await self._link.ask(lambda redis: redis.eval(_RELEASE, 1, LEASE + key, token))  # type: ignore[arg-type,return-value]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._link.aclose()

    async def write(self, key: str, entry: Entry, token: str | None) -> bool:
        """`put`, by the holder of a lease."""
        return await self._write(key, entry, token=token)

    async def _claim(self, key: str) -> bytes | int | None:
        """The draft, or a lease's number, or None while another has the lease."""
        found: bytes | int | None = await self._link.ask(
            lambda redis: redis.eval(_CLAIM, 3, PREFIX + key, LEASE + key, FENCE, self._lease_ms)  # type: ignore[arg-type,return-value]
        )
        return found

    async def _keep_up(self, key: str, token: str) -> None:
        lease_s, times = self._lease_ms / 1000, RENEWED
        while True:
            await asyncio.sleep(lease_s / times)
            try:
                await self._link.ask(lambda redis: redis.eval(_RENEW, 1, LEASE + key, token, self._lease_ms))  # type: ignore[arg-type,return-value]
                times = RENEWED
            except LinkDown:
                times = TRIED

    async def _write(self, key: str, entry: Entry, *, token: str | None) -> bool:
        stored = entry.to_bytes()
        try:
            if token is None:
                await self._link.ask(lambda redis: redis.set(PREFIX + key, stored))
            else:
                await self._link.ask(
                    lambda redis: redis.eval(_PUT, 2, PREFIX + key, LEASE + key, token, stored)  # type: ignore[arg-type,return-value]
                )
        except LinkDown:
            self.write_failures += 1
            return False
        return True

    def _counted(self, stored: bytes | None, read: Callable[[bytes], T]) -> T | None:
        try:
            found = None if stored is None else read(stored)
        except ValueError:
            self.corrupt += 1
            found = None
        self.hits += found is not None
        self.misses += found is None
        return found


@dataclass(frozen=True, slots=True)
class SharedLead:
    """A turn to ask. `token`: the lease's number; None without one."""

    drafts: SharedDrafts
    key: str
    token: str | None
    found: Entry | None = None

    async def put(self, entry: Entry) -> bool:
        """Keep what was asked for, unless a newer holder of the lease has."""
        return await self.drafts.write(self.key, entry, self.token)

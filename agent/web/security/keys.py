"""API keys: how one is made, what is kept of it, and how a request's key is recognised.

A key is `nck_`, twelve hexadecimal digits that anyone may see, `_` and 256 random bits. The digits find its row; of the rest only the
SHA-256 is kept. A slow hash, as passwords need, would add nothing: it defends secrets that people choose and that can be guessed by the
million, and nobody guesses 256 random bits. A fast one keeps the check at microseconds a request, so wrong keys can't load the service.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from agent.errors import UsageError
from agent.web.callers import Limits
from agent.web.store.access import AccessStore, ApiKey
from agent.web.threads import Threads

REFRESH_S = 1.0
STALE_S = 5.0
"""What was read of the keys is read again after REFRESH_S, while requests go on with the old; nobody is let in by what is older than
STALE_S. So a revoked key is refused after a second or two, and after five at the latest.
"""

_KEY = re.compile(r"nck_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LONGEST_NAME = 100
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).digest()


def new_key(name: str, tenant: str, limits: Limits) -> tuple[str, ApiKey]:
    """A fresh key, to be shown once, and what is kept of it. Raises UsageError for a name or a tenant that can't be one."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"{name[:20]!r} is no name for a key; take 1 to {_LONGEST_NAME} printable characters that say who has it")
    if tenant and not _TENANT.fullmatch(tenant):
        raise UsageError(f"{tenant[:20]!r} is no tenant; take up to 64 letters, digits, dots, hyphens and underscores")
    prefix = secrets.token_hex(6)
    secret = f"nck_{prefix}_{secrets.token_urlsafe(32)}"
    kept = ApiKey(
        prefix=prefix,
        digest=digest_of(secret),
        name=name.strip(),
        tenant=tenant,
        created_at=datetime.now(UTC).replace(microsecond=0),
        concurrency=limits.concurrency,
        per_minute=limits.requests_per_minute,
        usd_per_day=limits.usd_per_day,
    )
    return secret, kept


def digest_of(secret: str) -> bytes:
    """What is kept of a secret of 256 random bits, a key's or a session's."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class Known:
    """The keys as they were at `read_at` (monotonic seconds), by prefix."""

    keys: Mapping[str, ApiKey]
    read_at: float

    @property
    def closed(self) -> bool:
        """Whether a key is needed. It stays so when all are revoked: taking a key away must never open the door."""
        return bool(self.keys)

    def find(self, presented: str) -> ApiKey | None:
        """The key that `presented` is, unless it is revoked. Takes the same time whether its prefix is known or not."""
        form = _KEY.fullmatch(presented)
        key = self.keys.get(form[1]) if form else None
        equal = hmac.compare_digest(digest_of(presented), key.digest if key else _NOBODYS)
        return key if key is not None and equal and key.revoked_at is None else None

    def by_prefix(self, prefix: str) -> ApiKey | None:
        """The key of that prefix, unless it is revoked."""
        key = self.keys.get(prefix)
        return key if key is not None and key.revoked_at is None else None


class Keyring:
    """The keys in memory. For one event loop."""

    def __init__(self, store: AccessStore, threads: Threads, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._threads = threads
        self._now = now
        self._known: Known | None = None
        self._reading: asyncio.Task[Known] | None = None

    async def known(self) -> Known:
        """All keys. Raises what the database raises: without an answer nobody is let in."""
        age_s = float("inf") if self._known is None else self._now() - self._known.read_at
        if age_s >= REFRESH_S and self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._done)
        if self._known is not None and age_s < STALE_S:
            return self._known
        assert self._reading is not None
        return await asyncio.shield(self._reading)

    async def _read(self) -> Known:
        read_at = self._now()
        keys = await self._threads.read(self._store.all_keys)
        self._known = Known(MappingProxyType({key.prefix: key for key in keys}), read_at)
        return self._known

    def _done(self, reading: asyncio.Task[Known]) -> None:
        self._reading = None
        if not reading.cancelled():
            reading.exception()  # looked at: whoever waits for it hears of it, and nobody may be waiting

"""The link to a Redis server that many machines share. It may be gone at any time, and nobody waits long for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from agent.errors import UsageError

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")

PATIENCE_S = 1.0
"""How long one exchange may take."""
AWAY_S = 5.0
"""After one without an answer, the server is left alone for so long: an article that goes on without it must not wait for it first."""
_CONNECTIONS = 64
SCHEMES = ("redis://", "rediss://", "unix://")


class LinkDown(Exception):
    """The server can't be reached, or won't do it."""


class Link:
    """One server, for one event loop at a time. `name` is its host and port, for messages; the URL may hold a password."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S, away_s: float = AWAY_S) -> None:
        """Nothing is connected yet. Raises UsageError when the URL can't be one."""
        parts = urlsplit(url)
        if not url.startswith(SCHEMES):
            raise UsageError(f"NEWSCARD_CACHE_URL: it must start with one of {', '.join(SCHEMES)}")
        if find_spec("redis") is None:
            raise UsageError("NEWSCARD_CACHE_URL: Redis needs the extra `redis`; pip install 'newscard[redis]'")
        self.name = f"{parts.hostname or parts.path}:{parts.port or 6379}" if parts.hostname else parts.path
        self._url = url
        self._patience_s = patience_s
        self._away_s = away_s
        self._redis: Redis | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._down_until = 0.0
        self.failures = 0
        """Exchanges that came to nothing, those that weren't tried for that reason not counted."""
        self.fault: str | None = None
        """What the last of them met, in a few words; None before."""

    async def ask(self, work: Callable[[Redis], Awaitable[T]]) -> T:
        """What `work` makes of the server. Raises LinkDown when it is away, slow or unwilling."""
        import redis

        if time.monotonic() < self._down_until:
            raise LinkDown
        try:
            async with asyncio.timeout(self._patience_s):
                return await work(self._connected())
        except (redis.RedisError, OSError, TimeoutError) as exc:
            if not isinstance(exc, redis.ResponseError):  # one that is there and says no, since it is full, still has what it holds
                self._down_until = time.monotonic() + self._away_s
            self.failures += 1
            self.fault = type(exc).__name__
            raise LinkDown from None

    async def aclose(self) -> None:
        """Close the connections; the next `ask` opens new ones."""
        redis, self._redis = self._redis, None
        if redis is not None and self._loop is asyncio.get_running_loop():
            await redis.aclose()

    def _connected(self) -> Redis:
        loop = asyncio.get_running_loop()
        if self._redis is None or self._loop is not loop:
            self._redis, self._loop = self._opened(), loop
        return self._redis

    def _opened(self) -> Redis:
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        pool: Any = BlockingConnectionPool.from_url(
            self._url,
            max_connections=_CONNECTIONS,
            timeout=self._patience_s,
            socket_timeout=self._patience_s,
            socket_connect_timeout=self._patience_s,
            retry=Retry(NoBackoff(), 0),
        )
        return Redis.from_pool(pool)

"""Sessions of browsers: a cookie that holds a random number and no key, and a row that says whose it is."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from starlette.requests import cookie_parser
from starlette.types import Scope

from agent.web.security.keys import digest_of
from agent.web.store.access import AccessStore
from agent.web.threads import Threads

COOKIE = "newscard_session"
LASTS = timedelta(hours=12)


class Sessions:
    """Begun with a key on the login page; ended by logging out, by time, or with the key."""

    def __init__(self, store: AccessStore, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def begin(self, prefix: str) -> str:
        """A new session of that key: what its cookie holds."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        await self._threads.write(self._store.begin_session, digest_of(token), prefix, now + LASTS, now)
        return token

    async def prefix_of(self, token: str) -> str | None:
        """Whose session it is; None when there is none, or no longer."""
        return await self._threads.read(self._store.session, digest_of(token), datetime.now(UTC))

    async def end(self, token: str) -> None:
        """Forget it."""
        await self._threads.write(self._store.end_session, digest_of(token))


def token_of(scope: Scope) -> str | None:
    """What the request's session cookie holds."""
    for name, value in scope["headers"]:
        if name == b"cookie" and (token := cookie_parser(value.decode("latin-1")).get(COOKIE)):
            return token
    return None

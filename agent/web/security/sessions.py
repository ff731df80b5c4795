"""Sessions of browsers: a cookie that holds a random number and no key, and a row that says whose it is."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

from starlette.requests import cookie_parser
from starlette.types import Scope

from agent.web.security.keys import digest_of
from agent.web.store.access import AccessStore

COOKIE = "newscard_session"
LASTS = timedelta(hours=12)


class Sessions:
    """Begun with a key on the login page; ended by logging out, by time, or with the key."""

    def __init__(self, store: AccessStore) -> None:
        self._store = store

    async def begin(self, prefix: str) -> str:
        """A new session of that key: what its cookie holds."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        await asyncio.to_thread(self._store.begin_session, digest_of(token), prefix, now + LASTS, now)
        return token

    async def prefix_of(self, token: str) -> str | None:
        """Whose session it is; None when there is none, or no longer."""
        return await asyncio.to_thread(self._store.session, digest_of(token), datetime.now(UTC))

    async def end(self, token: str) -> None:
        """Forget it."""
        await asyncio.to_thread(self._store.end_session, digest_of(token))


def token_of(scope: Scope) -> str | None:
    """What the request's session cookie holds."""
    for name, value in scope["headers"]:
        if name == b"cookie" and (token := cookie_parser(value.decode("latin-1")).get(COOKIE)):
            return token
    return None

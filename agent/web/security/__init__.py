"""Who may use the service, for how much, and what a request may look like.

Read it in this order:

    local.py origin.py nesting.py    pure checks: this machine, other sites' pages, the depth of JSON
    keys.py sessions.py              who somebody is
    limits.py purse.py               how often, how many at once, for how many dollars
    refusing.py                      answering before a request was read
    bodies.py connections.py         bounds of what is sent (deadline.py: how waiting for it ends)
    door.py                          all of it before a request gets in
    headers.py quiet.py              what browsers are told, what nobody is told
    login.py                         the login page
    fetching.py                      articles from addresses that callers give

A request meets, in this order: GuardedProtocol, Headers, the service's Edge, Door, BodyGuard, the application.
"""

from __future__ import annotations

from fastapi import FastAPI

from agent.errors import UsageError
from agent.settings import Settings
from agent.web.security import login
from agent.web.security.bodies import BodyGuard
from agent.web.security.door import Access, Door
from agent.web.security.local import is_loopback
from agent.web.security.quiet import hush
from agent.web.store import open_database
from agent.web.store.access import AccessStore

__all__ = ["Access", "check_listening", "install"]


def install(app: FastAPI, settings: Settings) -> None:
    """Put all of it before the routes of `app`, and add the login page."""
    hush()
    app.include_router(login.router)
    app.add_middleware(BodyGuard, settings=settings)
    app.add_middleware(Door)


def check_listening(settings: Settings, address: str) -> None:
    """Raises UsageError when the service would listen where others can reach it, and the store at `address` has no key to let them in."""
    if is_loopback(settings.host):
        return
    database = open_database(address)
    try:
        keys = AccessStore(database).all_keys()
    finally:
        database.dispose()
    if all(key.revoked_at is not None for key in keys):
        raise UsageError(f"--host {settings.host}: others could reach it, and there is no key yet; make one first: newscard keys add NAME")

"""Who may come in: the first that a request meets."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from agent.web.callers import LOCAL, SCOPE, Caller, Limits
from agent.web.problems import Problem
from agent.web.security.keys import Keyring
from agent.web.security.limits import Gates
from agent.web.security.local import check_local
from agent.web.security.origin import check_origin
from agent.web.security.purse import Payer, PurseEmpty, Purses, paid_by
from agent.web.security.refusing import has_body, refuse
from agent.web.security.sessions import Sessions, token_of
from agent.web.store.access import AccessStore, ApiKey
from agent.web.threads import Threads

_OPEN = frozenset({"/healthz", "/readyz", "/login", "/login.css", "/favicon.ico"})
_OPEN_FOLDER = "/static/"
_FOR_PROGRAMS = ("/v1/", "/metrics")
"""Paths whose callers are programs: they get a 401. Everything else is a page, whose reader is sent to the login page."""

_OWNERS = "/metrics"
"""What tells of all tenants is for the service's owner: keys without a tenant."""

_NO_KEY = Problem("unauthorized", "send a key: `Authorization: Bearer nck_...`; `newscard keys add NAME` makes one")


@dataclass(frozen=True, slots=True)
class Access:
    """All that says who may do what; `Service.access`, made in the service's event loop."""

    keyring: Keyring
    sessions: Sessions
    gates: Gates
    purses: Purses

    @classmethod
    def over(cls, store: AccessStore, threads: Threads) -> Access:
        """With the keys, sessions and spending of `store`."""
        return cls(Keyring(store, threads), Sessions(store, threads), Gates(), Purses(store, threads))

    async def payer(self, prefix: str) -> Payer | None:
        """Who pays for what the key of that prefix handed in; None without a key. Raises PurseEmpty when it was revoked since."""
        if not prefix:
            return None
        key = (await self.keyring.known()).by_prefix(prefix)
        if key is None:
            raise PurseEmpty("the key that handed it in was revoked; hand it in with another one")
        return Payer(key.prefix, key.usd_per_day)


class Door:
    """ASGI middleware: keys, sessions, the host's name, other sites' pages, and each key's limits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._open(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        access: Access = scope["app"].state.service.access
        try:
            visitor = await _visitor(access, scope)
        except Problem as problem:
            await refuse(problem, scope, receive, send, unread=has_body(scope))
            return
        scope[SCOPE] = visitor
        if visitor is not None and visitor.key:
            await self._let_in(access, visitor, scope, receive, send)
        elif visitor is not None or _is_open(scope["path"]):
            await self._app(scope, receive, send)
        elif _is_page(scope):
            await _send_to_login(scope, send)
        else:
            await refuse(_NO_KEY, scope, receive, send, unread=has_body(scope))

    async def _let_in(self, access: Access, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of a key's in hand, and whatever it asks of a model the key's to pay; a 429 when it is one too many."""
        with ExitStack() as inside:
            try:
                inside.enter_context(access.gates.passed(caller))
            except Problem as problem:
                await refuse(problem, scope, receive, send, unread=has_body(scope))
                return
            inside.enter_context(paid_by(Payer(caller.key, caller.limits.usd_per_day)))
            await self._app(scope, receive, send)


async def _visitor(access: Access, scope: Scope) -> Caller | None:
    """Who comes, None who doesn't say. Raises Problem for who may not, whatever the path."""
    known = await access.keyring.known()
    if not known.closed:
        check_local(scope)
        check_origin(scope, strictly=False)
        return LOCAL
    if _is_open(scope["path"]):
        check_origin(scope, strictly=True)
        return None
    bearer, token = _bearer(scope), token_of(scope)
    if bearer is not None:
        key = known.find(bearer)
        if key is None:
            raise Problem("unauthorized", "that isn't a key of this service, or it was revoked")
    else:
        prefix = await access.sessions.prefix_of(token) if token is not None else None
        key = known.by_prefix(prefix) if prefix else None
    check_origin(scope, strictly=bearer is None and token is not None)
    if key is not None and key.tenant and scope["path"] == _OWNERS:
        raise Problem("forbidden", "it tells of all tenants; use a key without a tenant")
    return None if key is None else _caller(key)


def _caller(key: ApiKey) -> Caller:
    return Caller(key.tenant, key.name, key.prefix, Limits(key.concurrency, key.per_minute, key.usd_per_day))


def _bearer(scope: Scope) -> str | None:
    """What stands in Authorization; None without one. Of another scheme, or sent twice: what is no key."""
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if not found:
        return None
    scheme, _, presented = found[0].decode("latin-1").partition(" ")
    return presented.strip() if len(found) == 1 and scheme.lower() == "bearer" else ""


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_FOLDER)


def _is_page(scope: Scope) -> bool:
    return scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith(_FOR_PROGRAMS)


async def _send_to_login(scope: Scope, send: Send) -> None:
    wanted = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    target = "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}"
    headers = [(b"location", target.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})

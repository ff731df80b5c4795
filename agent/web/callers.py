"""Who asks. Without keys there is one caller, on this machine; `agent.web.security` finds out who it is where there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

SCOPE = "newscard.caller"
"""Where security's middleware leaves the Caller in an ASGI scope."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one caller may use; None: no limit of its own. agent.web.security holds them."""

    concurrency: int | None = None
    requests_per_minute: int | None = None
    usd_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Cards and drafts are shared within one `tenant`; `name` is the key's, for logs, `key` its public prefix, "" without keys."""

    tenant: str = ""
    name: str = "local"
    key: str = ""
    limits: Limits = field(default_factory=Limits)


LOCAL = Caller()


def caller_of(request: Request) -> Caller:
    """The caller that security found, else the local one. A dependency of every route that reads or writes cards."""
    found: Caller | None = request.scope.get(SCOPE)
    return found or LOCAL

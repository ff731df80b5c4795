"""The outermost layer: every request is counted and timed, and no fault goes further than its kind and place.

HEAD is answered as GET is; the server leaves the body out.
"""

from __future__ import annotations

import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.metrics import Metrics
from agent.web.problems import own_fault
from agent.web.recent import ROUTE

NO_ROUTE = "none"


class Edge:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, started, status = scope["method"], time.perf_counter(), 0
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass  # in the middle of its body: nobody is left to be told
        except Exception as exc:  # noqa: BLE001  what it says may hold an article's words, and uvicorn would log it
            problem = own_fault(exc)
            if not status:
                await problem.response()(scope, receive, sending)
        finally:
            metrics: Metrics = scope["app"].state.service.metrics
            metrics.answered(_route(scope), method, status, time.perf_counter() - started)


def _route(scope: Scope) -> str:
    """The route's path as it is declared: what callers put into it is no label."""
    known: str | None = scope.get(ROUTE)
    if known is not None:
        return known
    route = scope.get("route")
    return getattr(route, "path", NO_ROUTE)

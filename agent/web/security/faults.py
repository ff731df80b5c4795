"""A fault of our own: logged by its kind and place, never with what it was about."""

from __future__ import annotations

import logging
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.problems import Problem
from agent.web.security.refusing import has_body, refuse

log = logging.getLogger("newscard.service")


class AnswerBroken(Exception):
    """An answer that had begun can't be ended; the connection is closed, so that nobody takes it for whole."""


class Faults:
    """ASGI middleware. The message of an exception may quote an article or a key, so neither it nor its causes are logged or sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, unread = False, has_body(scope)

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        async def receive_noting() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread and message.get("more_body", False)
            return message

        try:
            await self._app(scope, receive_noting, send_noting)
        except Exception as exc:  # noqa: BLE001  the outermost place: whatever it is must not be shown
            log.error("a request failed: %s", described(exc))  # noqa: TRY400  the traceback would show the message
            if started:
                raise AnswerBroken from None
            await refuse(Problem("internal_error"), scope, receive, send, unread=unread)


def described(exc: BaseException) -> str:
    """Kinds and places of an exception and its causes, without their messages."""
    told: list[str] = []
    cause: BaseException | None = exc
    while cause is not None and len(told) < 5:  # noqa: PLR2004  enough to find it
        places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(cause.__traceback__)[-5:]]
        told.append(f"{type(cause).__name__} at {' > '.join(places) or 'an unknown place'}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; from ".join(told)

"""Libraries that would log what they handle."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from agent.web.problems import own_fault

_CHATTY = (
    "openai",
    "instructor",
    "httpx",
    "httpcore",
    "aiohttp",
    "sqlalchemy",  # statements with their parameters
    "multipart",
    "python_multipart",
    "trafilatura",
    "htmldate",
    "courlan",
    "asyncio",  # the messages of exceptions that nobody waited for; `tell_kinds` says that there was one
)


def hush() -> None:
    """Nothing that articles, prompts or keys pass through logs them, whatever level the process's own logging has.

    uvicorn's access log is off as well: addresses have queries, and queries are what somebody searched for.
    """
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    access = logging.getLogger("uvicorn.access")
    access.disabled = True


def tell_kinds(loop: asyncio.AbstractEventLoop) -> None:
    """What goes wrong in the loop where nobody waits for it is logged by kind and place, as any other fault is."""

    def tell(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        exc = context.get("exception")
        if isinstance(exc, BaseException):
            own_fault(exc)
        else:
            logging.getLogger("newscard").error("event loop: %s", context.get("message", "a fault that it doesn't name"))

    loop.set_exception_handler(tell)

"""Libraries that would log what they handle."""

from __future__ import annotations

import logging

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
    "asyncio",  # in debug mode it shows the coroutines that were slow, and the messages of exceptions nobody waited for
)


def hush() -> None:
    """Nothing that articles, prompts or keys pass through logs them, whatever level the process's own logging has.

    uvicorn's access log is off as well: addresses have queries, and queries are what somebody searched for.
    """
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    access = logging.getLogger("uvicorn.access")
    access.disabled = True

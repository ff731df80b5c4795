"""How long a question may take: one that finds nothing can have to look at every card that there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from agent.errors import UsageError

PATIENCE_S = 2.0
_STEPS = 10_000
"""SQLite looks at the clock once every so many instructions of its machine."""
_CANCELLED = "57014"
"""PostgreSQL's code."""


class TooSlow(UsageError):
    """The question was given up."""


@contextmanager
def patience(connection: Connection, seconds: float = PATIENCE_S) -> Iterator[None]:
    """Within it each question takes so many seconds at most. Raises TooSlow. For connections that are in no transaction yet."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        end = time.monotonic() + seconds
        raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    else:
        connection.execute(text(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}"))
    try:
        yield
    except OperationalError as exc:
        if "interrupted" in str(exc.orig) or getattr(exc.orig, "sqlstate", "") == _CANCELLED:
            raise TooSlow(
                f"it took longer than {seconds:g} s; narrow it: with a ticker, a topic, dates, or words that are less common"
            ) from None
        raise
    finally:
        if connection.dialect.name == "sqlite":
            raw.set_progress_handler(None, 0)

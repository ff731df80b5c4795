"""What an endpoint says of its limits in x-ratelimit headers. Whatever stands in them, nothing here raises.

OpenAI sends `x-ratelimit-remaining-tokens: 149984` and `x-ratelimit-reset-tokens: 6m0s`; others send seconds, milliseconds, Unix seconds,
a date, or nothing (platform.openai.com/docs/guides/rate-limits).
"""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|d|h|m|s))+", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT")
_MAX_CHARS = 64
UNIX_FROM = 1e9
"""A bare number from here on is a moment in Unix seconds, from 1000 times that in milliseconds."""
LONGEST_RESET_S = 7 * 86_400.0
CLOCKS_DIFFER_S = 60.0


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of one limit: a number of requests or tokens. `reset_s`: seconds until all of `limit` is there again."""

    remaining: float
    limit: float | None = None
    reset_s: float | None = None


def read_window(headers: Mapping[str, str], kind: str, *, unix_now: float) -> Window | None:
    """The window of `kind`, which is `requests` or `tokens`; None when what is left isn't said. Header names are lower case or any-case."""
    remaining = _number(headers.get(f"x-ratelimit-remaining-{kind}"))
    if remaining is None:
        return None
    limit = _number(headers.get(f"x-ratelimit-limit-{kind}"))
    if limit is not None and (limit <= 0 or limit < remaining):
        limit = None  # one of the two is wrong; what is left is what matters
    return Window(remaining, limit, reset_s(headers.get(f"x-ratelimit-reset-{kind}"), unix_now=unix_now))


def reset_s(text: str | None, *, unix_now: float) -> float | None:
    """Seconds that a reset header speaks of: `6m0s`, `20ms`, `1.5`, Unix seconds or milliseconds, a date. None for anything else."""
    text = (text or "").strip()
    if not text or len(text) > _MAX_CHARS:
        return None
    if _DURATION.fullmatch(text):
        return _within(sum(float(value) * _UNITS[unit] for value, unit in _PART.findall(text)))
    number = _number(text)
    if number is None:
        return _within(_date(text) - unix_now)
    if number >= UNIX_FROM * 1_000:
        number /= 1_000
    return _within(number - unix_now if number >= UNIX_FROM else number)


def _within(seconds: float) -> float | None:
    # A moment just past is now, since clocks differ; one far off is a mistake, or a limit that no run should wait for.
    return max(seconds, 0.0) if -CLOCKS_DIFFER_S < seconds <= LONGEST_RESET_S else None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text and len(text) <= _MAX_CHARS else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _date(text: str) -> float:
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text) if _ISO.match(text) else email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

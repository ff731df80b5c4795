"""The article: one text, which all offsets refer to."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

HEADLINE_CHARS = 160

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HASHED = 2047
"""Bytes hashed at once. For more, hashlib lets other threads in, and waiting for its turn again takes longer than all the hashing."""
_C0 = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_C0_AS_0 = bytes.maketrans(_C0, bytes(len(_C0)))
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_LEAD = re.compile(r"[\s\ufeff]+")
_SECONDS_OR_MS = ((1e8, 4.1e9), (3e11, 4.1e12))
"""1973 to 2099 and 1979 to 2099: no year, no 20240101 and no 202401011200 is among them."""


def normalise(text: str) -> str:
    r"""`text` as every offset sees it: `\n` line ends, no control characters or lone surrogates, no outer white space.

    Ordinary text comes out as it went in, so offsets hold for the text a user has: quotation marks, dashes, inner
    spaces and composed or decomposed letters stay the author's own. `grounding/quotes.py` does the folding.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _has_controls(text):
        text = _CONTROLS.sub("", text)
    lead = _LEAD.match(text)
    return text[lead.end() if lead else 0 :].rstrip()


def _has_controls(text: str) -> bool:
    """Whether `_CONTROLS` finds something; the bytes of a text say so in a fifth of the time."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return True
    return 0 in data.translate(_C0_AS_0) or (not text.isascii() and _C1.search(data) is not None)


def _one_line(text: str) -> str:
    # Of white space only the plain one is printable: such a text comes out as it went in.
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(normalise(text).split())


def _no_year_for_seconds(value: Any) -> Any:
    """A number is read as seconds or milliseconds since 1970; a year, 20240101 or a spreadsheet's day would come out as a day of 1970."""
    if isinstance(value, datetime):
        return value
    try:
        number = float(value)  # what is no number is pydantic's to read
    except (TypeError, ValueError):
        return value
    except OverflowError:
        number = math.inf
    if not any(first <= number < end for first, end in _SECONDS_OR_MS):
        raise ValueError("it is a number, but not of seconds or milliseconds since 1970")
    return value


def _aware_utc(value: datetime) -> datetime:
    # A pandas Timestamp is a datetime too, but nanoseconds and JSON encoders treat it otherwise.
    value = value if type(value) is datetime else _plain(value)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is before the year 1 or after the year 9999") from None


def _plain(value: datetime) -> datetime:
    day = value.year, value.month, value.day
    return datetime(*day, value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)  # noqa: DTZ001  as it was


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, AfterValidator(_one_line)]
Moment = Annotated[datetime, BeforeValidator(_no_year_for_seconds), AfterValidator(_aware_utc)]
"""An aware time in UTC; a time without a zone is taken as UTC."""


class Article(BaseModel):
    """What was published. `text` is the body without the title; card offsets are Python slices of it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v), AfterValidator(_one_line)] = ""
    """Unique within a run. Left empty, it is made from the content."""
    title: Line = ""
    text: Annotated[str, AfterValidator(normalise)]
    url: Annotated[Line | None, BeforeValidator(_blank_is_none)] = None
    source: Annotated[Line | None, BeforeValidator(_blank_is_none)] = None
    published_at: Annotated[Moment | None, BeforeValidator(_blank_is_none)] = Field(None)

    def model_post_init(self, _context: object) -> None:
        """Give an article without an id one made from its content."""
        if not self.id:
            object.__setattr__(self, "id", f"article-{self.digest[:12]}")

    @cached_property
    def digest(self) -> str:
        """sha256 (64 hex digits) of everything about the article that a prompt shows."""
        published = self.published_at.isoformat() if self.published_at else ""
        found = hashlib.sha256(f"{self.title}\x1f{self.source or ''}\x1f{published}\x1f".encode())
        text = memoryview(self.text.encode())
        for start in range(0, len(text), _HASHED):
            found.update(text[start : start + _HASHED])
        return found.hexdigest()

    @property
    def headline(self) -> str:
        """The title; without one, the first line of the text if it reads like a title, else the first words of it."""
        if self.title:
            return self.title
        first = self.text.split("\n", 1)[0].strip()
        return first if len(first) <= HEADLINE_CHARS else first[: HEADLINE_CHARS - 1].rsplit(" ", 1)[0] + "…"

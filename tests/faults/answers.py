"""What the fault server can answer: completions, errors, and connections that misbehave."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True)
class Answer:
    """One answer. `length` is the Content-Length to claim, where it isn't the truth; `usage` is what the ledger counts."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    delay_s: float = 0.0
    trickle_s: float = 0.0
    """Pause after each byte of the body."""
    length: int | None = None
    then: Literal["keep", "close", "reset", "hang"] = "keep"
    """What becomes of the connection afterwards. `reset` and `hang` send no answer at all."""
    usage: tuple[int, int] = (0, 0)
    copies: int = 1
    """How often it is sent: a gateway that stutters sends 2."""
    parts: tuple[bytes, ...] = ()
    """A body in chunks, one after the other, instead of `body`; after the last one the answer ends as `then` says."""
    pause_s: float = 0.0
    """Between them."""

    @cached_property
    def head(self) -> bytes:
        """Status line and headers, up to the blank line."""
        headers = dict(self.headers)
        if not self.parts:
            headers["content-length"] = str(len(self.body) if self.length is None else self.length)
        lines = [f"HTTP/1.1 {self.status} As told", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n").encode("latin-1")

    @cached_property
    def wire(self) -> bytes:
        """All of it."""
        return self.head + b"\r\n" + self.body


def completion(content: str | None, **changes: Any) -> Answer:
    """A chat completion with that content.

    `changes`: finish_reason, refusal, tool_calls, model, choices, and usage as (input, cached, output) or None.
    """
    usage = changes.get("usage", (1_000, 800, 200))
    message = {"role": "assistant", "content": content}
    message |= {key: changes[key] for key in ("refusal", "tool_calls") if key in changes}
    choice = {"index": 0, "message": message, "finish_reason": changes.get("finish_reason", "stop")}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": changes.get("model", "test-model-2026-01-01"),
        "choices": changes.get("choices", [choice]),
        "usage": usage
        and {
            "prompt_tokens": usage[0],
            "prompt_tokens_details": {"cached_tokens": usage[1]},
            "completion_tokens": usage[2],
            "total_tokens": usage[0] + usage[2],
        },
    }
    return Answer(body=json.dumps(body).encode(), usage=(usage[0], usage[2]) if usage else (0, 0))


def tool_call(arguments: str, name: str = "card") -> dict[str, Any]:
    """One call of a function tool, as it stands in a message."""
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


def called(*calls: dict[str, Any], **changes: Any) -> Answer:
    """A completion that calls tools."""
    return completion(None, tool_calls=list(calls), finish_reason="tool_calls", **changes)


def error(status: int, message: str = "", *, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
    """An error in OpenAI's shape; `fields` are code, type, param and the like."""
    body = {"error": {"message": message, "type": None, "param": None, "code": None} | fields}
    return Answer(status, json.dumps(body).encode(), {"content-type": "application/json"} | (headers or {}))


def page(status: int = 200) -> Answer:
    """A gateway's HTML."""
    return Answer(status, b"<!doctype html><title>Bad gateway</title>", {"content-type": "text/html"})


def raw(body: bytes | str, status: int = 200) -> Answer:
    """That body, called JSON."""
    return Answer(status, body if isinstance(body, bytes) else body.encode())


def busy(form: str = "s", seconds: float = 1.0) -> Answer:
    """A 429 that asks to wait about so long. `form` is one of WAITS."""
    headers = {
        "s": {"retry-after": f"{seconds:g}"},
        "ms": {"retry-after-ms": f"{seconds * 1_000:g}"},
        "date": {"retry-after": email.utils.formatdate(time.time() + seconds, usegmt=True)},
        "past": {"retry-after": email.utils.formatdate(time.time() - 3_600, usegmt=True)},
        "negative": {"retry-after": "-5"},
        "huge": {"retry-after": "1e12"},
        "garbage": {"retry-after": "soon, I hope", "retry-after-ms": "NaN"},
        "none": {},
    }[form]
    return error(429, "Rate limit reached", code="rate_limit_exceeded", headers=headers)


WAITS = ("s", "ms", "date", "past", "negative", "huge", "garbage", "none")
RESET = Answer(then="reset")
HANG = Answer(then="hang")
TRUNCATED = raw(b'{"id": "chatcmpl-1", "choices": [{"index": 0, "mess')
CUT_SHORT = Answer(body=b'{"id": "chatcmpl-1"', length=1_000, then="close")

NAMED: dict[str, Callable[[], Answer]] = {
    "html": page,
    "truncated": lambda: TRUNCATED,
    "cut": lambda: CUT_SHORT,
    "reset": lambda: RESET,
    "hang": lambda: HANG,
    "length": lambda: completion("{", finish_reason="length"),
    "refusal": lambda: completion(None, refusal="I can't help with that."),
    "filter": lambda: completion("", finish_reason="content_filter"),
    "nochoices": lambda: completion("", choices=[]),
    "nousage": lambda: completion("{}", usage=None),
    "wrongtool": lambda: called(tool_call("{}", "other")),
    "errorbody": lambda: raw(json.dumps({"error": {"code": 502, "message": "upstream"}})),
    "quota": lambda: error(429, "You exceeded your current quota", code="insufficient_quota"),
    **{f"429-{form}": (lambda form=form: busy(form)) for form in WAITS},  # type: ignore[misc]  # mypy can't infer a default's type here
}


def named(name: str) -> Answer:
    """The answer of that name, or the error with that HTTP status. Raises ValueError."""
    if name in NAMED:
        return NAMED[name]()
    if name.isdigit() and 300 <= int(name) <= 599:
        return error(int(name), "as told")
    raise ValueError(f"{name!r} is neither an HTTP status from 300 to 599 nor one of {', '.join(NAMED)}")

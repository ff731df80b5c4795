"""What the fault server can answer: completions, errors, and connections that misbehave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
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


def called(*calls: dict[str, Any]) -> Answer:
    """A completion that calls tools."""
    return completion(None, tool_calls=list(calls), finish_reason="tool_calls")


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


RESET = Answer(then="reset")
HANG = Answer(then="hang")
TRUNCATED = raw(b'{"id": "chatcmpl-1", "choices": [{"index": 0, "mess')
CUT_SHORT = Answer(body=b'{"id": "chatcmpl-1"', length=1_000, then="close")

"""Completions in pieces: what a `stream: true` request gets instead of one body."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.faults.answers import Answer

PIECE = 24
"""Characters of one piece, about six tokens."""
_HEADERS = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}


def streamed(answer: Answer, body: bytes, pause_s: float) -> Answer:
    """`answer` as the request in `body` wants it: in pieces where it asks for a stream and the answer is a completion."""
    if answer.status != 200 or answer.parts or b'"stream":true' not in body:
        return answer
    try:
        completion = json.loads(answer.body)
        choice = completion["choices"][0]
        message = choice["message"]
    except (ValueError, KeyError, IndexError, TypeError):
        return answer
    deltas: list[dict[str, Any]] = [{"role": "assistant"}]
    if message.get("refusal"):
        deltas.append({"refusal": message["refusal"]})
    for index, call in enumerate(message.get("tool_calls") or []):
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        deltas.append({"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": {"name": name, "arguments": ""}}]})
        deltas += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]} for piece in _cut(arguments)]
    deltas += [{"content": piece} for piece in _cut(message.get("content") or "")]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": completion["model"]}
    chunks = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    if b'"include_usage":true' in body:
        chunks.append({**head, "choices": [], "usage": completion.get("usage")})
    lines = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks] + [b"data: [DONE]\n\n"]
    return replace(answer, body=b"", headers=_HEADERS, parts=tuple(lines), pause_s=pause_s)


def _cut(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]

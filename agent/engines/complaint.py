"""What an endpoint says is wrong, in any of the shapes that OpenAI-compatible servers give it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MAX_WORDS = 160
"""Characters of an endpoint's message that are quoted."""
_WINDOW = 20
"""A message that shares so many characters in a row with what we sent isn't quoted."""
_KEY_LIKE = re.compile(r"\b(?:(?:sk|pk|key)[-_][\w*-]{6,}|bearer \S+)", re.IGNORECASE)
_PARAMETER = re.compile(r"\b(temperature|max_completion_tokens|max_tokens|reasoning_effort|response_format|tool_choice|tools)\b")


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error body: its message, its codes (lower case), and the parameter that it names itself."""

    message: str = ""
    codes: frozenset[str] = frozenset()
    named: str | None = None

    @classmethod
    def parse(cls, body: bytes) -> Complaint:
        """`body` as JSON if it is; any other text has nothing to say."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        if isinstance(data, list) and data:
            data = data[0]  # Gemini's compatible endpoint wraps its errors in a list
        error = data.get("error", data) if isinstance(data, dict) else data
        if isinstance(error, str):
            return cls(message=error)
        if not isinstance(error, dict):
            return cls()
        detail = error.get("detail")
        if isinstance(detail, list) and detail and isinstance(detail[0], dict):
            return cls._of_fastapi(detail[0])
        message = next((value for key in ("message", "detail", "error") if isinstance(value := error.get(key), str)), "")
        inner = error.get("innererror")
        codes = (error.get("code"), error.get("type"), inner.get("code") if isinstance(inner, dict) else None)
        named = error.get("param")
        return cls(message, frozenset(str(code).lower() for code in codes if code), named if isinstance(named, str) else None)

    @classmethod
    def _of_fastapi(cls, first: dict[str, Any]) -> Complaint:
        """One of the errors of a pydantic validation, as vLLM and others pass it on; its input, which is ours, is left alone."""
        place = first.get("loc")
        named = str(place[-1]) if isinstance(place, list) and place else None
        message = first.get("msg")
        return cls(message if isinstance(message, str) else "", named=named)

    def is_any(self, codes: Iterable[str]) -> bool:
        """Whether one of its codes is among `codes`."""
        return not self.codes.isdisjoint(codes)

    def parameter(self, known: Iterable[str]) -> str | None:
        """The request's parameter that the complaint is about, if it is one of `known`."""
        head = re.split(r"[.\[]", self.named or "", maxsplit=1)[0]
        if head == "reasoning":
            head = "reasoning_effort"
        if head in known:
            return head
        found = _PARAMETER.search(self.message)
        return found.group() if found and found.group() in known else None

    def quote(self, hidden: Iterable[str]) -> str:
        """The message on one short line; empty when it repeats anything in `hidden`. What looks like a key is struck out."""
        line = " ".join(self.message.split())
        line = "".join(char for char in line if char.isprintable())
        if len(line) > MAX_WORDS:
            line = line[: MAX_WORDS - 1].rstrip() + "…"
        for text in hidden:
            if text and (text in line or _shares(line, text)):
                return ""
        return _KEY_LIKE.sub("***", line).rstrip(".")


def _shares(line: str, text: str) -> bool:
    text = " ".join(text.split())
    return any(line[i : i + _WINDOW] in text for i in range(len(line) - _WINDOW + 1))

"""A chat completion that comes in pieces (server-sent events), put together to what it would have been in one."""

from __future__ import annotations

from typing import Any

from agent.engines.replies import content_text, load_json

_DATA = b"data:"
_DONE = b"[DONE]"
_MARKS = frozenset('"]}')
_MOST_LINES = 256
"""Of one event; nobody spreads a chunk over so many."""
"""Where a field of a draft may end."""


class Chunks:
    """Takes a stream's bytes as they come. Whatever an endpoint sends, nothing here raises."""

    def __init__(self) -> None:
        self._rest = b""
        self._event: list[bytes] = []
        self._pieces: list[str] = []
        self._refusal: list[str] = []
        self._calls: dict[int, dict[str, str]] = {}
        self._finish: str | None = None
        self._model: str | None = None
        self._usage: Any = None
        self._error: Any = None
        self._seen = False
        self.is_done = False
        """The stream has said that there is no more to come."""
        self._marked = False

    def feed(self, data: bytes) -> bool:
        """Take some bytes; whether a field of the draft may have ended in them."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._marked = False
        for line in lines:
            self._line(line)
        return self._marked

    @property
    def is_whole(self) -> bool:
        """Whether all that matters has come, and been paid for, however the stream may end: the reply, or an error in its place."""
        return self.is_done or self._finish is not None or self._error is not None

    @property
    def text(self) -> str:
        """What should be a draft, as far as it has come."""
        if self._calls:
            return self._calls[min(self._calls)]["arguments"]
        return "".join(self._pieces)

    def body(self) -> bytes:
        """The completion's JSON; without its end when the stream broke off before it."""
        import orjson

        self._line(self._rest)  # some end without a line's end
        self._rest = b""
        if self._error is not None and self.text:  # in the middle of a reply: what that took nobody knows, unless it is told
            return orjson.dumps({"model": self._model, "usage": self._usage, "choices": [{"error": self._error}]})
        if self._error is not None:
            return orjson.dumps({"error": self._error, "usage": self._usage, "model": self._model})
        if not self._seen:
            return b""
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._pieces) or None}
        if self._refusal:
            message["refusal"] = "".join(self._refusal)
        if self._calls:
            calls = [self._calls[index] for index in sorted(self._calls)]
            message["tool_calls"] = [{"id": "call", "type": "function", "function": call} for call in calls]
        choices = [{"index": 0, "message": message, "finish_reason": self._finish}] if self._finish else []
        return orjson.dumps({"model": self._model, "usage": self._usage, "choices": choices})

    def _line(self, line: bytes) -> None:
        """One line. An event's data may stand on several, up to a blank line; most endpoints need one, and some leave out the blank one."""
        if line.startswith(_DATA):
            data = line[len(_DATA) :].strip()
            self._event.append(data)
            if self._take(b"\n".join(self._event)) or (len(self._event) > 1 and self._take(data)) or len(self._event) > _MOST_LINES:
                self._event.clear()
        elif not line.strip():
            self._event.clear()

    def _take(self, data: bytes) -> bool:
        """A chunk; whether it was one."""
        if data == _DONE:
            self.is_done = True
            return True
        try:
            chunk = load_json(data)
        except ValueError:
            return False
        if not isinstance(chunk, dict):
            return False
        self._seen = True
        self._error = chunk.get("error") or self._error
        self._usage = chunk.get("usage") or self._usage
        self._model = chunk.get("model") or self._model
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        self._finish = choice.get("finish_reason") or self._finish
        self._error = choice.get("error") or self._error
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._add(delta)
        return True

    def _add(self, delta: dict[str, Any]) -> None:
        if text := content_text(delta.get("content")):
            self._pieces.append(text)
            self._note(text)
        if isinstance(piece := delta.get("refusal"), str):
            self._refusal.append(piece)
        calls = delta.get("tool_calls")
        for position, call in enumerate(calls if isinstance(calls, list) else []):
            function = call.get("function") if isinstance(call, dict) else None
            if not isinstance(function, dict):
                continue
            index = call.get("index")
            known = self._calls.setdefault(index if isinstance(index, int) else position, {"name": "", "arguments": ""})
            for name in known:
                if isinstance(piece := function.get(name), str):
                    known[name] += piece
                    self._note(piece)

    def _note(self, piece: str) -> None:
        self._marked = self._marked or not _MARKS.isdisjoint(piece)

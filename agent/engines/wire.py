"""The request's body. All of it but the article is made once per engine, so that its bytes are the same at every call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agent.draft import wire_schema
from agent.engines.endpoints import Profile
from agent.prompts import Prompts

CARD = "card"
"""What the schema and the tool are called on the wire."""


class Body:
    """A request's bytes, to be sent once, in parts: what all requests share is never copied. `size` is that of all of it.

    `cap`: the most tokens of the reply, as the bytes have it.
    """

    __slots__ = ("cap", "parts", "size")

    def __init__(self, *parts: bytes, cap: int = 0) -> None:
        self.cap = cap
        self.parts = parts
        self.size = sum(map(len, parts))

    def take(self) -> tuple[bytes, ...]:
        """The parts, let go of here: an article that waits for its answer needs them no more."""
        parts, self.parts = self.parts, ()
        return parts

    def whole(self) -> bytes:
        """All of it in one piece; what was taken is missing."""
        return b"".join(self.parts)


@dataclass(frozen=True)
class Form:
    """Everything about a request that doesn't change from article to article."""

    model: str
    profile: Profile
    prompts: Prompts

    @cached_property
    def system(self) -> str:
        """The system message; rendered at the first request, which a card from the cache never comes to."""
        return self.prompts.system(with_schema=self.profile.mode in {"json_object", "text"})

    @cached_property
    def params(self) -> dict[str, Any]:
        """The body without its messages and its cap of output tokens."""
        profile = self.profile
        params: dict[str, Any] = {"model": self.model, **asked_form(profile.mode), **profile.extra}
        if profile.temperature is not None:
            params["temperature"] = profile.temperature
        if profile.effort is not None:
            params["reasoning_effort"] = profile.effort
        return params

    @cached_property
    def _head(self) -> bytes:
        import orjson

        start = {**self.params, "messages": [{"role": "system", "content": self.system}]}
        return orjson.dumps(start).removesuffix(b"]}") + b',{"role":"user","content":'

    def body(self, user: str, cap: int) -> Body:
        """A request's JSON: `user` is the message with the article, `cap` the most tokens of the reply."""
        import orjson

        # Joined at once: orjson's bytes keep the room that it wrote into, several times their length.
        return Body(self._head, orjson.dumps(user) + b'}],"%b":%d}' % (self.profile.cap_field.encode(), cap), cap=cap)

    @staticmethod
    def aloud(body: Body) -> Body:
        """The same request, to be answered in pieces, with the usage in the last one. `body` still has its parts."""
        *parts, last = body.parts
        return Body(*parts, last.removesuffix(b"}") + b',"stream":true,"stream_options":{"include_usage":true}}', cap=body.cap)

    def rest(self, cap: int) -> dict[str, Any]:
        """The body without model and messages: for callers that hand those over by themselves."""
        return {key: value for key, value in self.params.items() if key != "model"} | {self.profile.cap_field: cap}


def asked_form(mode: str) -> dict[str, Any]:
    """The part of a body that asks for a draft's form. `text` asks for none: there the system message carries the schema."""
    match mode:
        case "json_schema":
            schema = {"name": CARD, "strict": True, "schema": wire_schema()}
            return {"response_format": {"type": "json_schema", "json_schema": schema}}
        case "tools":
            function = {"name": CARD, "description": "The article's card.", "strict": True, "parameters": wire_schema()}
            choice = {"type": "function", "function": {"name": CARD}}
            return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}
        case "json_object":
            return {"response_format": {"type": "json_object"}}
    return {}

"""What came back: a reply's text, its usage, and the draft in it. Whatever an endpoint sends, nothing here raises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from agent.card import Usage
from agent.draft import Draft, DraftEntity, DraftImpact, DraftRating, DraftSentiment
from agent.engines import signals
from agent.engines.signals import Asked, Signal
from agent.engines.wire import CARD
from agent.prompts import BYTES_PER_TOKEN

MAX_PROBLEMS = 12
"""Faults of form that a re-ask names."""
LIMIT_HEADERS = ("x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens")
_MAX_CANDIDATES = 32
"""Objects in one reply that are tried as drafts, from the last one on."""
_TOKENS = re.compile(r'[{}]|"(?:[^"\\]|\\.)*+"', re.DOTALL)
_APART = re.compile(r'"\s+:')
"""A key with space before its colon, or something that looks like it."""
_OWN_KEYS = len(Draft.model_fields) + len(DraftImpact.model_fields)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning|reflection)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `signal` says why there is no `text`, if there is none; `usage` is None when the tokens spent are unknown.

    `written`: bytes that the model wrote, where it wrote something and the endpoint didn't count the tokens; see `counted`.
    `limits`: headers that tell of the endpoint's limits, where there were any. `refused`: requests that were turned down before this one.
    """

    text: str = ""
    usage: Usage | None = None
    model: str | None = None
    signal: Signal | None = None
    limits: Mapping[str, str] | None = None
    refused: int = 0
    written: int | None = None

    def counted(self, sent: int) -> Reply:
        """This reply to a request of `sent` bytes, with tokens that the endpoint didn't count reckoned by the rule of thumb.

        It knows of no thoughts that the reply doesn't show.
        """
        if self.usage is not None or self.written is None:
            return self
        return replace(
            self, usage=Usage(input_tokens=-(-sent // BYTES_PER_TOKEN), output_tokens=-(-self.written // BYTES_PER_TOKEN), estimated=1)
        )

    def under(self, headers: Mapping[str, str]) -> Reply:
        """This reply, with the limits that its headers tell of."""
        return replace(self, limits=headers) if any(name in headers for name in LIMIT_HEADERS) else self


def read_reply(body: bytes, asked: Asked) -> Reply:
    """A chat completion's body (status 200) as a Reply."""
    import orjson

    try:
        data = load_json(body)
    except ValueError:
        return Reply(signal=signals.unusable("HTML" if body.lstrip()[:1] == b"<" else "something that isn't JSON", asked))
    if not isinstance(data, dict):
        return Reply(signal=signals.unusable("JSON that is no chat completion", asked))
    usage = read_usage(data.get("usage"))
    model = data["model"] if isinstance(data.get("model"), str) else None
    if error := data.get("error"):
        return Reply(usage=usage or Usage(), model=model, signal=signals.of_error_body(error, orjson.dumps({"error": error}), asked))
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    if choice is None:
        return Reply(usage=usage, model=model, signal=signals.unusable("no choices", asked))
    text, signal = _read_choice(choice, asked)
    written = _size(choice.get("message")) if usage is None else None
    return Reply(text=text, usage=usage, model=model, signal=signal, written=written)


def _size(message: object) -> int:
    """Bytes of all texts in a message, its thoughts and calls of tools included."""
    left, size = [message], 0
    while left:
        part = left.pop()
        if isinstance(part, str):
            size += len(part.encode("utf-8", "replace"))
        elif isinstance(part, dict):
            left += part.values()
        elif isinstance(part, list):
            left += part
    return size


def load_json(body: bytes) -> Any:
    """JSON as Python's. Half of a character that stands alone, which only escapes can write, becomes U+FFFD. Raises ValueError."""
    import orjson

    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if b"\\ud" not in body.lower():
            raise
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return orjson.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _read_choice(choice: dict[str, Any], asked: Asked) -> tuple[str, Signal | None]:
    """The text that should be a draft, or what keeps the choice from holding one."""
    finish = choice.get("finish_reason")
    message = choice.get("message")
    if (error := choice.get("error")) or finish == "error":
        return "", signals.of_error_body(error or {}, json.dumps({"error": error or {}}).encode(), asked)
    if not isinstance(message, dict):
        return "", signals.unusable("a choice without a message", asked)
    if message.get("refusal") or finish == "content_filter":
        return "", signals.refused(asked)
    if finish == "length":
        return "", signals.cut_off()
    calls = message.get("tool_calls")
    if isinstance(calls, list) and calls:
        return _called(calls), None
    return content_text(message.get("content")), None


def content_text(content: object) -> str:
    """A message's text, or a piece of it; content may also be a list of parts, of which some are thoughts."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _called(calls: list[Any]) -> str:
    """The arguments of the one call of our tool. Any other calls are no draft, so they come back as they are, to be found wanting."""
    function = calls[0].get("function") if len(calls) == 1 and isinstance(calls[0], dict) else None
    if not isinstance(function, dict) or function.get("name") != CARD:
        return json.dumps({"tool_calls": calls})
    arguments = function.get("arguments")
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


def read_usage(usage: object) -> Usage | None:
    """Tokens of one request as the endpoint counted them; None when it didn't."""
    if not isinstance(usage, dict) or not isinstance(usage.get("prompt_tokens"), int):
        return None
    details = usage.get("prompt_tokens_details")
    sent = _count(usage.get("prompt_tokens"))
    # Some count thoughts, which are billed as output, in the total alone (Gemini's and xAI's compatible endpoints and gateways to them:
    # router-for-me/CLIProxyAPI#5733).
    written = max(_count(usage.get("completion_tokens")), _count(usage.get("total_tokens")) - sent)
    if not sent and not written:
        return None  # gateways that don't count say so with zeros, too
    return Usage(
        input_tokens=sent,
        cached_input_tokens=min(sent, _count(details.get("cached_tokens") if isinstance(details, dict) else None)),
        output_tokens=written,
    )


def _count(value: object) -> int:
    return max(value, 0) if isinstance(value, int) else 0


def find_draft(text: str) -> tuple[Draft | None, list[str]]:
    """The draft in a reply's text, or what keeps it from being one: a line a fault, for the model to read.

    Text around it (a code fence, a preamble, thoughts) is passed over, and of several drafts the last one counts: the first may be quoted
    from the article. An object with the same key twice is no draft.
    """
    draft, problems = _validated(text)
    if draft is not None:
        return draft, []
    found: list[str] = []
    for part in (_THOUGHT_ENDS.split(text)[-1], text):
        found = _objects(part)
        for candidate in reversed(found):
            draft, _ = _validated(candidate)
            if draft is not None:
                return draft, []
    if found and not text.lstrip().startswith("{"):
        return None, _validated(max(found, key=len))[1]
    return None, problems if text.lstrip()[:1] in {"{", "["} else ["the reply holds no JSON object"]


def _validated(text: str) -> tuple[Draft | None, list[str]]:
    try:
        draft = Draft.model_validate_json(text)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_context=False, include_input=False)
        lines = [f"{_place(error['loc'])}: {error['msg']}" for error in errors]
        return None, lines[:MAX_PROBLEMS] + (["and more of the kind"] if len(lines) > MAX_PROBLEMS else [])
    # pydantic lets the last of two equal keys win. Its limit on depth has already held here.
    # Too few places that look like a key's end to hold one key more than there are fields, so that nobody need look closer.
    if text.count('":') == _keys_of(draft) and _APART.search(text) is None:
        return draft, []
    doubled: list[str] = []

    def remember(pairs: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in pairs]
        doubled.extend(key for key in set(keys) if keys.count(key) > 1)

    json.loads(text, object_pairs_hook=remember)
    return (None, [f"the key {key!r} stands twice in one object" for key in doubled]) if doubled else (draft, [])


def _keys_of(draft: Draft) -> int:
    """How many keys the JSON of a draft has in all its objects, as long as none stands twice. No field of a draft may be left out."""
    entity, rating = len(DraftEntity.model_fields), len(DraftRating.model_fields)
    return _OWN_KEYS + entity * len(draft.entities) + rating * len(DraftImpact.model_fields) + len(DraftSentiment.model_fields)


def _place(location: tuple[int | str, ...]) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return place.removeprefix(".") or "the reply"


def _objects(text: str) -> list[str]:
    """The last outermost balanced {...} stretches of `text`, in order; braces within strings don't count. One pass, whatever the text."""
    spans: list[tuple[int, int]] = []
    at = text.find("{")
    while at >= 0:
        end = len(text)
        opened: list[int] = []
        for token in _TOKENS.finditer(text, at):
            if token.group() == "{":
                opened.append(token.start())
            elif token.group() == "}":
                start, end = opened.pop(), token.end()
                while spans and spans[-1][0] > start:
                    spans.pop()
                spans.append((start, end))
                if not opened:
                    break  # quotation marks outside of braces are prose, and may be odd in number
        else:
            break
        at = text.find("{", end)
    return [text[start:end] for start, end in spans[-_MAX_CANDIDATES:]]

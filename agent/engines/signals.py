"""From what came back to what is done about it. Pure functions; docs/endpoints.md has the table in words.

Messages quote an endpoint only in short, and never where its words are our own prompt, article or key come back.
"""

from __future__ import annotations

import email.utils
import errno
import math
import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from enum import Enum
from http import HTTPStatus

from agent.engines.complaint import Complaint
from agent.errors import (
    ArticleTooLong,
    DraftRefused,
    DraftTruncated,
    EndpointError,
    EndpointUnreachable,
    KeyRejected,
    ModelUnknown,
    NewscardError,
    NoReply,
    QuotaExhausted,
    RequestRejected,
)
from agent.pacing import Outcome


class Action(Enum):
    """What is done next."""

    RETRY = "ask again after a wait"
    GROW = "ask again with twice the output tokens, once"
    SHORTEN = "cut the article to half and ask again, once"
    FAIL = "this article gets no card"
    ABORT = "no article can get a card"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that happened. `error` is raised when `action` is FAIL or ABORT, or when it didn't help."""

    action: Action
    problem: str
    error: type[NewscardError] = NoReply
    wait_s: float = 0.0
    """The least wait that the endpoint asked for."""
    unreachable: bool = False
    """Nothing was sent, because nobody answered at the address."""
    outcome: Outcome = Outcome.ANSWERED
    """What it says about the pace."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked, and what must not be quoted: key, prompt, article."""

    endpoint: str
    model: str
    hidden: Iterable[str] = field(default=(), repr=False)


_CONTEXT = frozenset({"context_length_exceeded", "exceed_context_size_error", "context_exceeded", "string_above_max_length"})
_CONTEXT_WORDS = re.compile(
    r"maximum context length|context (size|window|length)|too many tokens|prompt is too long|request too large|reduce the length",
    re.IGNORECASE,
)
_CAP_WORDS = re.compile(r"max_(completion_)?tokens\W.{0,40}too large", re.IGNORECASE)
_ROUTING_WORDS = re.compile(r"no endpoints (found|available)", re.IGNORECASE)
_POLICY = frozenset({"content_filter", "content_policy_violation", "responsibleaipolicyviolation", "invalid_prompt", "moderation"})
_POLICY_WORDS = re.compile(r"content management policy|usage polic|flagged|requires moderation|content[_ ]filter", re.IGNORECASE)
_BILLING = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "insufficient_credits",
        "account_deactivated",
        "access_terminated",
    }
)
_MODEL = frozenset({"model_not_found", "deploymentnotfound", "invalid_model", "model_not_available"})
_MODEL_WORDS = re.compile(
    r"\bmodel\b.{0,120}(not found|does not exist|not a valid|not exist|not available|no longer)|not a valid model", re.IGNORECASE
)
_NO_CONNECTION = frozenset({"aiohttp.ConnectionTimeoutError", "httpcore.ConnectTimeout"})
_CONNECTING = frozenset({"aiohttp.ClientConnectorError", "aiohttp.ClientConnectorSSLError", "httpcore.ConnectError"})
_SILENCE = frozenset({"aiohttp.SocketTimeoutError", "httpx.ReadTimeout", "httpx.WriteTimeout", "httpx.PoolTimeout"})
_REDIRECTS = range(300, 400)
_RETRIED = frozenset({408, 409, 425, 429})
_OVERLOADED = frozenset({503, 529})

_ADVICE = {
    "temperature": "set NEWSCARD_TEMPERATURE to a value it takes (1 for reasoning models), or leave it unset",
    "reasoning_effort": "set NEWSCARD_REASONING_EFFORT to a value it takes, or leave it unset",
    "max_tokens": "set NEWSCARD_MAX_OUTPUT_TOKENS to what the model can write",
    "max_completion_tokens": "set NEWSCARD_MAX_OUTPUT_TOKENS to what the model can write",
    "response_format": "set NEWSCARD_MODE to tools, json_object or text",
    "tools": "set NEWSCARD_MODE to json_schema, json_object or text",
    "tool_choice": "set NEWSCARD_MODE to json_schema, json_object or text",
    "provider": "no provider of this model takes all parameters; set NEWSCARD_MODE to json_object or text",
}
_BASE_URL = "check that the base URL ends in /v1"


def of_status(status: int, headers: Mapping[str, str], body: bytes, asked: Asked) -> Signal:
    """What an HTTP status other than 200 means, or an error body that came with one."""
    complaint = Complaint.parse(body)
    words = complaint.quote(asked.hidden)
    said = f"{asked.endpoint} answered {status}" + (f": {words}" if words else "")
    if _is_too_long(status, complaint):
        problem = "the model's context can't hold prompt, article and reply; give it a larger one, or lower NEWSCARD_MAX_OUTPUT_TOKENS"
        return Signal(Action.SHORTEN, problem, ArticleTooLong)
    if complaint.is_any(_POLICY) or (status in {400, 403} and _POLICY_WORDS.search(complaint.message)):
        return Signal(Action.FAIL, f"{asked.endpoint} refused the article under its content policy", DraftRefused)
    if status == HTTPStatus.PAYMENT_REQUIRED or complaint.is_any(_BILLING):
        return Signal(
            Action.ABORT, f"the account at {asked.endpoint} has no credit left ({said}); top it up or use another key", QuotaExhausted
        )
    if status in _RETRIED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Signal(Action.RETRY, said, wait_s=asked_wait_s(headers), outcome=_outcome(status))
    if status in {401, 403}:
        return Signal(Action.ABORT, f"{said}; check OPENAI_API_KEY and what it may use", KeyRejected)
    return _of_rejection(status, complaint, said, asked)


def _outcome(status: int) -> Outcome:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.BUSY
    if status in _OVERLOADED:
        return Outcome.OVERLOADED
    return Outcome.DOWN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.ANSWERED


def _is_too_long(status: int, complaint: Complaint) -> bool:
    if _CAP_WORDS.search(complaint.message):
        return False  # a shorter article wouldn't help
    in_words = status in {400, 413, 422, 429} and _CONTEXT_WORDS.search(complaint.message) is not None
    return complaint.is_any(_CONTEXT) or in_words or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _of_rejection(status: int, complaint: Complaint, said: str, asked: Asked) -> Signal:
    """What is left: a wrong address, an unknown model, or a parameter that isn't taken."""
    if complaint.is_any(_MODEL) or (status in {400, 404} and _MODEL_WORDS.search(complaint.message)):
        return Signal(Action.ABORT, f"{asked.endpoint} doesn't serve the model {asked.model}; set NEWSCARD_MODEL", ModelUnknown)
    if status in _REDIRECTS:
        problem = f"{asked.endpoint} redirects to another address, and the key isn't taken there; set NEWSCARD_BASE_URL to the final one"
        return Signal(Action.ABORT, problem, EndpointError)
    if _ROUTING_WORDS.search(complaint.message):  # OpenRouter
        over_parameters = re.search("support|parameters", complaint.message)
        advice, error = (_ADVICE["provider"], RequestRejected) if over_parameters else ("set NEWSCARD_MODEL", ModelUnknown)
        return Signal(Action.ABORT, f"{said}; {advice}", error)
    if status in {404, 405}:
        return Signal(Action.ABORT, f"{said}; {_BASE_URL}", EndpointError)
    return Signal(Action.ABORT, _about_parameter(complaint, said, asked), RequestRejected)


def _about_parameter(complaint: Complaint, said: str, asked: Asked) -> str:
    parameter = complaint.parameter(_ADVICE)
    if parameter is None:
        return f"{said}; see docs/endpoints.md"
    words = complaint.quote(asked.hidden)
    return f"{asked.endpoint} refuses `{parameter}` for model {asked.model}" + (f": {words}" if words else "") + f"; {_ADVICE[parameter]}"


def of_error_body(error: object, body: bytes, asked: Asked) -> Signal:
    """An error that came with status 200: its code, if it is one of HTTP's, is taken for the status."""
    code = error.get("code") if isinstance(error, dict) else None
    status = int(code) if isinstance(code, int | str) and re.fullmatch("[345][0-9]{2}", str(code)) else None
    if status is None:
        # A code in words (or none) counts as a refusal only where the words are known; gateways call passing trouble anything.
        known = Complaint.parse(body).is_any(_CONTEXT | _POLICY | _BILLING | _MODEL)
        status = HTTPStatus.BAD_REQUEST if known else HTTPStatus.BAD_GATEWAY
    return of_status(status, {}, body, asked)


def of_failure(failure: BaseException, asked: Asked) -> Signal:
    """A request that got no answer: refused, broken off, or silent for too long."""
    if problem := _unreached(failure, asked):
        return Signal(Action.RETRY, problem, EndpointUnreachable, unreachable=True, outcome=Outcome.NOBODY)
    if any(_kind(exc) in _SILENCE for exc in _chain(failure)):
        return Signal(Action.RETRY, f"{asked.endpoint} fell silent", outcome=Outcome.OVERLOADED)
    return Signal(Action.RETRY, f"the connection to {asked.endpoint} broke", outcome=Outcome.DOWN)


def _unreached(failure: BaseException, asked: Asked) -> str | None:
    """Why no connection came about; None when there was one."""
    chain = list(_chain(failure))
    # TLS may break after the request was heard too, and that one may be billed.
    in_handshake = any(isinstance(exc, ssl.SSLCertVerificationError) or _kind(exc) in _CONNECTING for exc in chain)
    for exc in chain:
        if isinstance(exc, ssl.SSLError) and in_handshake:
            return f"no TLS connection to {asked.endpoint}: {getattr(exc, 'reason', None) or 'it failed'}"
        if isinstance(exc, socket.gaierror):
            return f"there is no host {asked.endpoint}"
        if isinstance(exc, OSError) and exc.errno in {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH}:
            return f"nothing answers at {asked.endpoint}"
        if _kind(exc) in _NO_CONNECTION:
            return f"{asked.endpoint} lets nobody connect"
    return None


def _kind(exc: BaseException) -> str:
    # By name, so that this module needs no HTTP library. The aiohttp backend passes every broken connection on as httpx's
    # ConnectTimeout; what really happened is further down the chain.
    return f"{type(exc).__module__.partition('.')[0]}.{type(exc).__name__}"


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        seen.add(id(exc))
        yield exc
        exc = exc.__cause__ or exc.__context__


def unusable(what: str, asked: Asked) -> Signal:
    """A 200 that can't be read."""
    return Signal(Action.RETRY, f"{asked.endpoint} answered 200 with {what}", outcome=Outcome.DOWN)


def refused(asked: Asked) -> Signal:
    """The model declined, or a filter stopped it."""
    return Signal(Action.FAIL, f"{asked.model} declined to answer", DraftRefused)


def cut_off() -> Signal:
    """The reply ended at the cap of output tokens."""
    return Signal(Action.GROW, "the reply ended at the cap of output tokens; raise NEWSCARD_MAX_OUTPUT_TOKENS", DraftTruncated)


def asked_wait_s(headers: Mapping[str, str]) -> float:
    """Seconds that the endpoint asks to wait (retry-after-ms, or Retry-After in seconds or as a date); 0 when it doesn't, or in riddles."""
    wait = _number(headers.get("retry-after-ms")) / 1_000
    after = headers.get("retry-after")
    if wait <= 0 and after:
        wait = _number(after) or _until(after)
    return max(wait, 0.0)


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _until(text: str) -> float:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - time.time()

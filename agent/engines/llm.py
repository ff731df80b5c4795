"""The engine that asks a language model, through any endpoint that speaks OpenAI's chat completions.

The first attempt is thin: ready-made bytes through the openai client's `post`. instructor runs the re-ask. tenacity waits and counts; it is
the only one that repeats a request.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from agent.article import Article
from agent.card import Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults, signals
from agent.engines.asking import Asking
from agent.engines.drafting import Drafting, Send
from agent.engines.halt import Halt
from agent.engines.replies import Reply, read_reply
from agent.engines.signals import Action, Asked
from agent.pacing import Budget
from agent.prompts import Prompts
from agent.settings import OPENAI_BASE_URL, Settings

if TYPE_CHECKING:
    import httpx
    from openai import AsyncOpenAI, OpenAIError
    from tenacity import RetryCallState

CONNECT_TIMEOUT_S = 10.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
"""Between attempts the wait is random, from 0 up to a bound that doubles from the first to the longest."""

_CHATTY = ("openai", "httpx", "httpcore", "instructor")

Sleep = Callable[[float], Awaitable[None]]


class LLMEngine:
    """Drafts through an OpenAI-compatible endpoint. Connects at the first article; lives within one event loop at a time."""

    name: Literal["llm", "extractive"] = "llm"

    def __init__(
        self,
        settings: Settings,
        prompts: Prompts,
        *,
        budget: Budget | None = None,
        http_client: httpx.AsyncClient | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Nothing is connected yet. An `http_client` that is handed in stays the caller's, to configure and to close.

        Raises UsageError when there is no model, or when the key or the base URL can't be one.
        """
        self.halt = Halt()
        """Every request passes it."""
        asking = Asking.by(settings, prompts)
        self._asking = asking
        self._channel = _Channel(settings, asking, http_client, sleep)
        self._drafting = Drafting(settings, prompts, asking, self._channel, budget, self.halt)

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Everything but the article that can change the answer."""
        return self._asking.ingredients

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """Draft the article, and ask again once if the reply isn't a draft or `find_faults` finds any.

        Raises ArticleError when this article got no draft, EndpointError when no article can, BudgetExceeded before a call that the budget
        doesn't allow.
        """
        return await self._drafting.draft(article, find_faults)

    async def aclose(self) -> None:
        """Close the connections; the next article opens new ones."""
        await self._channel.aclose()


@dataclass(frozen=True, slots=True)
class _Connection:
    loop: asyncio.AbstractEventLoop
    client: AsyncOpenAI


class _Channel:
    """The libraries: openai sends, instructor sends again, tenacity repeats."""

    def __init__(self, settings: Settings, asking: Asking, http_client: httpx.AsyncClient | None, sleep: Sleep) -> None:
        self._settings = settings
        self._asking = asking
        self._given_http_client = http_client
        self._sleep = sleep
        self._connection: _Connection | None = None

    async def post(self, body: bytes, asked: Asked) -> Reply:
        import httpx
        from openai import OpenAIError

        # The key and the article go to the address that was configured and to no other: no redirects.
        options: Any = {"headers": self._headers(), "follow_redirects": False}
        try:
            response = await self._client().post("/chat/completions", cast_to=httpx.Response, content=body, options=options)
        except OpenAIError as exc:
            return reply_to(exc, asked)
        return read_reply(response.content, asked)

    async def post_again(self, messages: list[dict[str, str]], rest: dict[str, Any], asked: Asked) -> Reply:
        import instructor
        import orjson
        from instructor.core.exceptions import InstructorError
        from instructor.core.hooks import Hooks
        from openai import BaseModel, omit

        # JSON_SCHEMA is the mode in which instructor leaves the messages alone; in its JSON modes it adds a system text of its own.
        mode = instructor.Mode.TOOLS if self._asking.profile.mode == "tools" else instructor.Mode.JSON_SCHEMA
        # What instructor asks for by itself isn't strict, and in text mode nothing is asked for: `omit` takes it out of the body.
        body = {"response_format": omit, **rest}
        received: list[Any] = []
        hooks = Hooks()
        hooks.on("completion:response", received.append)
        try:
            # Never with `context`, which would make instructor render the article as a template.
            await instructor.from_openai(self._client(), mode=mode).create(
                model=self._asking.form.model,
                messages=messages,  # type: ignore[arg-type]  # plain messages are what it takes
                response_model=Draft,
                max_retries=0,
                hooks=hooks,
                extra_body=body,
                extra_headers=self._headers(),
            )
        except InstructorError as exc:
            if not received:
                return _reply_to_wrapped(exc, asked)
        # The reply is judged by the code that judges the first one: instructor overlooks refusals, filters and wrong tools.
        completion = received[0]
        found = orjson.dumps(completion.model_dump(mode="json", warnings="none")) if isinstance(completion, BaseModel) else b"<"
        return read_reply(found, asked)

    async def patiently(self, send: Send, *, attempts: int, seconds: float) -> Reply:
        from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt, stop_before_delay, wait_random_exponential

        jitter = wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S)

        def wait(state: RetryCallState) -> float:
            signal = _reply_of(state).signal
            return max(jitter(state), signal.wait_s if signal else 0.0)

        # Made afresh for each use: a shared one mixes up the counts of concurrent articles.
        retrying = AsyncRetrying(
            retry=retry_if_result(_calls_for_a_retry),
            wait=wait,
            stop=stop_after_attempt(attempts) | stop_before_delay(seconds),
            sleep=self._sleep,
            retry_error_callback=_reply_of,
        )
        reply: Reply = await retrying(send)
        return reply

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._given_http_client is None:
            await connection.client.close()

    def _headers(self) -> dict[str, Any]:
        from openai import omit

        return {} if self._asking.key else {"Authorization": omit}

    def _client(self) -> AsyncOpenAI:
        """The client of the running event loop. Sockets of a loop that is gone are of no use, nor can they be closed any more."""
        loop = asyncio.get_running_loop()
        if self._connection is None or self._connection.loop is not loop:
            self._connection = _Connection(loop, self._make_client())
        return self._connection.client

    def _make_client(self) -> AsyncOpenAI:
        import httpx
        import openai

        for name in _CHATTY:  # at DEBUG they log articles and prompts, and instructor logs replies as errors
            logging.getLogger(name).setLevel(logging.CRITICAL)
        settings = self._settings
        address = settings.base_url or OPENAI_BASE_URL
        timeout = httpx.Timeout(settings.timeout_s, connect=min(CONNECT_TIMEOUT_S, settings.timeout_s), pool=None)
        # A number, always: without one the aiohttp backend falls back to 100 connections.
        limits = httpx.Limits(max_connections=settings.concurrency)
        return openai.AsyncOpenAI(
            api_key=self._asking.key,
            admin_api_key="",
            base_url=address,
            max_retries=0,
            timeout=timeout,
            http_client=self._given_http_client
            or openai.DefaultAioHttpClient(limits=limits, timeout=timeout, follow_redirects=False, verify=_trust(address)),
            _enforce_credentials=False,
        )


def _trust(address: str) -> ssl.SSLContext | bool:
    """Reading the trusted certificates takes longer than all else about a start; plain http has no use for them, and gets none."""
    return True if address.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def reply_to(exc: OpenAIError, asked: Asked) -> Reply:
    """The SDK's errors as replies. One that no chat completion can raise is a bug, and is raised again."""
    import openai

    match exc:
        case openai.APIStatusError():
            return Reply(usage=Usage(), signal=signals.of_status(exc.status_code, exc.response.headers, exc.response.content, asked))
        case openai.APIConnectionError():
            signal = signals.of_failure(exc, asked)
            return Reply(usage=Usage() if signal.unreachable else None, signal=signal)
        case openai.LengthFinishReasonError():
            return Reply(signal=signals.cut_off())
        case openai.ContentFilterFinishReasonError():
            return Reply(signal=signals.refused(asked))
        case openai.APIError():
            return Reply(signal=signals.unusable("something that can't be read", asked))
    raise exc


def _reply_to_wrapped(exc: Exception, asked: Asked) -> Reply:
    """What instructor wrapped; it wraps whatever went wrong. A cause that isn't the endpoint's doing is a bug, and surfaces."""
    from openai import OpenAIError

    cause = exc.__cause__
    if isinstance(cause, OpenAIError):
        return reply_to(cause, asked)
    if isinstance(cause, ValueError):  # a body that isn't JSON
        return Reply(signal=signals.unusable("something that isn't JSON", asked))
    raise cause or exc


def _calls_for_a_retry(reply: Reply) -> bool:
    return reply.signal is not None and reply.signal.action is Action.RETRY


def _reply_of(state: RetryCallState) -> Reply:
    reply: Reply = state.outcome.result()  # type: ignore[union-attr]  # there is an outcome whenever tenacity asks
    return reply

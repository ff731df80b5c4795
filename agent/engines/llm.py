"""The engine that asks a language model, through any endpoint that speaks OpenAI's chat completions.

The first attempt is thin: ready-made bytes through `Transport`, or through the openai client's `post` where an httpx client was handed in.
instructor runs the re-ask. tenacity waits and counts; it is the only one that repeats a request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from agent.article import Article
from agent.card import Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults, signals
from agent.engines.aloud import Aloud, Hear
from agent.engines.asking import Asking
from agent.engines.chunks import Chunks
from agent.engines.drafting import Drafting, Send
from agent.engines.halt import Halt
from agent.engines.replies import Reply, read_reply
from agent.engines.signals import Action, Asked
from agent.engines.transport import CONNECT_TIMEOUT_S, NoAnswer, Transport, proxy_of, request_headers
from agent.engines.wire import Body
from agent.pacing import Budget, Pace, Pacer
from agent.pacing.backoff import backoff_s
from agent.prompts import Prompts
from agent.settings import OPENAI_BASE_URL, Settings

if TYPE_CHECKING:
    import httpx
    from openai import AsyncOpenAI, OpenAIError
    from tenacity import RetryCallState

_NOT_SO = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_IMPLEMENTED)
_CHATTY = ("openai", "httpx", "httpcore", "instructor")


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
        pacer: Pace | None = None,
    ) -> None:
        """Nothing is connected yet. An `http_client` that is handed in stays the caller's, to configure and to close.

        Raises UsageError when there is no model, or when the key, the base URL or a header can't be one.
        """
        self._settings = settings
        self._prompts = prompts
        self._asking = Asking.by(settings, prompts)
        self.pacer: Pace = pacer or Pacer.from_settings(settings)
        """All requests of this engine pass it."""
        self.halt = Halt()
        """So does the brake."""
        self.budget = budget
        """So does the budget, where there is one."""
        self._channel = _Channel(settings, self._asking, http_client, self.pacer)
        self._drafting = Drafting(settings, prompts, self._asking, self._channel, self.pacer, budget, self.halt)

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Everything but the article that can change the answer."""
        return self._asking.ingredients

    def expects(self, article: Article) -> Usage:
        """What a draft of `article` will take, by rules of thumb: one request that is answered at once."""
        return self._drafting.expects(article)

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """Draft the article, and ask again once if the reply isn't a draft or `find_faults` finds any.

        Raises ArticleError when this article got no draft, EndpointError when no article can, BudgetExceeded before a call that the budget
        doesn't allow.
        """
        await self.pacer.begin()
        return await self._drafting.draft(article, find_faults)

    async def draft_aloud(self, article: Article, find_faults: FindFaults, hear: Hear) -> Drafted:
        """As `draft`; each field is told as soon as the model has written it."""
        await self.pacer.begin()
        return await self._drafting.draft(article, find_faults, Aloud(hear))

    def work_aside(self, threads: Executor) -> None:
        """From now on check drafts there, so that the event loop goes on meanwhile: for a service, which others wait for."""
        self._drafting = replace(self._drafting, aside=threads)

    def behind(self) -> LLMEngine:
        """Another engine with connections and a brake of its own, which shares this one's budget and its pace, and lets it go first."""
        other = LLMEngine(self._settings, self._prompts, budget=self.budget, pacer=self.pacer.behind())
        if self._drafting.aside is not None:
            other.work_aside(self._drafting.aside)
        return other

    async def aclose(self) -> None:
        """Close the connections; the next article opens new ones."""
        await self._channel.aclose()
        if (others := getattr(self.pacer, "others", None)) is not None:
            await others.aclose()
        if self.budget is not None:
            await self.budget.aclose()


@dataclass(frozen=True, slots=True)
class _Connection:
    loop: asyncio.AbstractEventLoop
    client: AsyncOpenAI


class _Channel:
    """The libraries: aiohttp sends, openai and instructor send again, tenacity repeats."""

    def __init__(self, settings: Settings, asking: Asking, http_client: httpx.AsyncClient | None, pacer: Pace) -> None:
        self._settings = settings
        self._asking = asking
        self._given_http_client = http_client
        self._pacer = pacer
        self._transport = Transport(settings, asking.key, pacer.cap)
        self._connection: _Connection | None = None
        self._mute = False

    async def post(self, body: Body, asked: Asked, hear: Callable[[str], None] | None = None) -> Reply:
        if self._given_http_client is not None:
            return await self._post_by_sdk(body.whole(), asked)
        chunks = Chunks()
        refused = 0

        def take(piece: bytes) -> bool:
            body.take()  # nobody sends it again: this is the answer
            if chunks.feed(piece) and hear is not None:
                hear(chunks.text)
            return chunks.is_done

        try:
            if hear is None or self._mute:
                answer = await self._transport.post(body)
            else:
                answer = await self._transport.post(self._asking.form.aloud(body), take)
                if answer.status in _NOT_SO and b"stream" in (answer.body or b""):
                    self._mute = True  # the endpoint can't: from now on fields come with the whole reply
                    refused = 1
                    answer = await self._transport.post(body)
        except NoAnswer as exc:
            if chunks.is_whole:
                return read_reply(chunks.body(), asked)  # it came, and was paid for
            return _reply_to_failure(exc, asked)
        found = chunks.body() if answer.body is None else answer.body
        if answer.status == HTTPStatus.OK:
            reply = read_reply(found, asked)
        else:
            reply = Reply(usage=Usage(), signal=signals.of_status(answer.status, answer.headers, found, asked))
        return replace(reply.under(answer.headers), refused=refused) if refused else reply.under(answer.headers)

    async def _post_by_sdk(self, body: bytes, asked: Asked) -> Reply:
        import httpx
        from openai import OpenAIError

        # The key and the article go to the address that was configured and to no other: no redirects.
        options: Any = {"headers": self._headers(), "follow_redirects": False}
        try:
            response = await self._client().post("/chat/completions", cast_to=httpx.Response, content=body, options=options)
        except OpenAIError as exc:
            return reply_to(exc, asked)
        return read_reply(response.content, asked).under(response.headers)

    async def post_again(self, messages: list[dict[str, str]], rest: dict[str, Any], asked: Asked) -> Reply:
        import instructor
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
        found = json.dumps(completion.model_dump(mode="json", warnings="none")) if isinstance(completion, BaseModel) else "<"
        return read_reply(found.encode(), asked)

    async def patiently(self, send: Send, *, attempts: int, seconds_left: Callable[[], float]) -> Reply:
        reply = await send()
        if attempts == 1 or not _calls_for_a_retry(reply):
            return reply  # nearly always, and tenacity costs more than all that was needed to get here
        from tenacity import AsyncRetrying, retry_if_result

        there = [reply]

        async def go_on() -> Reply:
            return there.pop() if there else await send()

        def wait(state: RetryCallState) -> float:
            signal = _reply_of(state).signal
            return backoff_s(state.attempt_number, signal.wait_s if signal else 0.0, self._pacer.clock)

        def is_enough(state: RetryCallState) -> bool:
            return state.attempt_number >= attempts or state.upcoming_sleep >= seconds_left()

        # Made afresh for each use: a shared one mixes up the counts of concurrent articles.
        retrying = AsyncRetrying(
            retry=retry_if_result(_calls_for_a_retry),
            wait=wait,
            stop=is_enough,
            sleep=self._pacer.clock.sleep,
            retry_error_callback=_reply_of,
        )
        last: Reply = await retrying(go_on)
        return last

    async def aclose(self) -> None:
        await self._transport.aclose()
        connection, self._connection = self._connection, None
        if connection is not None and self._given_http_client is None:
            await connection.client.close()

    def _headers(self) -> dict[str, Any]:
        from openai import omit

        return {} if "Authorization" in request_headers(self._settings, self._asking.key) else {"Authorization": omit}

    def _client(self) -> AsyncOpenAI:
        """The client of the running event loop. Sockets of a loop that is gone are of no use, nor can they be closed any more."""
        loop = asyncio.get_running_loop()
        if self._connection is None or self._connection.loop is not loop:
            self._connection = _Connection(loop, self._make_client())
        return self._connection.client

    def _make_client(self) -> AsyncOpenAI:
        return sdk_client(self._settings, self._asking.key, connections=self._pacer.cap, http_client=self._given_http_client)


def sdk_client(settings: Settings, key: str, *, connections: int, http_client: httpx.AsyncClient | None = None) -> AsyncOpenAI:
    """The openai client of these settings, which repeats nothing by itself. For the event loop that runs."""
    import httpx
    import openai

    from agent.engines.pooled import sdk_transport

    for name in _CHATTY:  # at DEBUG they log articles and prompts, and instructor logs replies as errors
        logging.getLogger(name).setLevel(logging.CRITICAL)
    address = settings.base_url or OPENAI_BASE_URL
    timeout = httpx.Timeout(settings.timeout_s, connect=min(CONNECT_TIMEOUT_S, settings.timeout_s), pool=None)
    # A number, always: without one the aiohttp backend falls back to 100 connections.
    limits = httpx.Limits(max_connections=connections)
    client = openai.AsyncOpenAI(
        api_key=key,
        admin_api_key="",
        base_url=address,
        max_retries=0,
        timeout=timeout,
        default_headers=_sdk_headers(request_headers(settings, key)),
        http_client=http_client
        or openai.DefaultAioHttpClient(
            transport=sdk_transport(_trust(address), limits, proxy_of(address)), timeout=timeout, follow_redirects=False
        ),
        _enforce_credentials=False,
    )
    client.organization, client.project = settings.organization, settings.project  # what the SDK finds by itself isn't for all endpoints
    return client


def _sdk_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of the first request that the SDK wouldn't send by itself."""
    return {name: value for name, value in headers.items() if name.lower() not in {"content-type", "accept"}}


def _trust(address: str) -> ssl.SSLContext | bool:
    """Reading the trusted certificates takes longer than all else about a start; plain http has no use for them, and gets none."""
    return True if address.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def reply_to(exc: OpenAIError, asked: Asked) -> Reply:
    """The SDK's errors as replies. One that no chat completion can raise is a bug, and is raised again."""
    import openai

    match exc:
        case openai.APIStatusError():
            headers = exc.response.headers
            return Reply(usage=Usage(), signal=signals.of_status(exc.status_code, headers, exc.response.content, asked)).under(headers)
        case openai.APIConnectionError():
            return _reply_to_failure(exc, asked)
        case openai.LengthFinishReasonError():
            return Reply(signal=signals.cut_off())
        case openai.ContentFilterFinishReasonError():
            return Reply(signal=signals.refused(asked))
        case openai.APIError():
            return Reply(signal=signals.unusable("something that can't be read", asked))
    raise exc


def _reply_to_failure(exc: Exception, asked: Asked) -> Reply:
    signal = signals.of_failure(exc, asked)
    return Reply(usage=Usage() if signal.unreachable else None, signal=signal)


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

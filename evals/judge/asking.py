"""The judge's own calls: instructor holds the reply to its form, tenacity repeats what failed on the way. Speed is no matter here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from agent.errors import EndpointError, NewscardError, UsageError
from agent.settings import Settings
from evals.judge.questions import Judgement, Messages

if TYPE_CHECKING:
    from instructor import AsyncInstructor

ATTEMPTS = 4
LONGEST_WAIT_S = 30.0
TIMEOUT_S = 120.0


class JudgeFailed(NewscardError):
    """The judge gave no usable judgement of one pair."""


class JudgeModel:
    """Asks the model of the settings. Use it as `async with`; it lives within one event loop."""

    def __init__(self, settings: Settings, *, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        """Nothing is connected yet. Raises UsageError when there is no model."""
        if not settings.model:
            raise UsageError("a judge is a model: set NEWSCARD_MODEL or pass --model")
        self._settings = settings
        self._longest_wait_s = longest_wait_s
        self._client: AsyncInstructor | None = None

    async def __aenter__(self) -> Self:
        """Make the client."""
        import instructor
        import openai

        for name in ("openai", "httpx", "httpcore", "instructor"):  # they log prompts, and instructor logs replies as errors
            logging.getLogger(name).setLevel(logging.CRITICAL)
        key = self._settings.api_key.get_secret_value() if self._settings.api_key else "none"
        timeout_s = max(self._settings.timeout_s, TIMEOUT_S)
        client = openai.AsyncOpenAI(api_key=key, base_url=self._settings.base_url, max_retries=0, timeout=timeout_s)
        self._client = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        if self._client is not None and self._client.client is not None:
            await self._client.client.close()

    async def __call__(self, messages: Messages) -> Judgement:
        """One judgement. Raises JudgeFailed when there is none for these messages, EndpointError when there can be none at all."""
        from instructor.core.exceptions import InstructorError
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

        assert self._client is not None, "use it as `async with`"
        # Made afresh for each call: a shared one mixes up the counts of concurrent calls.
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=1, max=self._longest_wait_s),
            reraise=True,
        )
        create: Any = self._client.create
        try:
            reply: Judgement = await retrying(
                create, response_model=Judgement, messages=list(messages), model=self._settings.model, max_retries=1, temperature=0
            )
        except InstructorError as exc:
            raise _told(exc) from None
        # instructor replies with a class that it made of ours.
        return Judgement.model_validate(reply.model_dump())


def _passes(exc: BaseException) -> bool:
    """Whether the failure may be over at the next attempt. instructor wraps whatever went wrong."""
    import openai

    cause = exc.__cause__ or exc
    status = getattr(cause, "status_code", None)
    return isinstance(cause, openai.APIConnectionError) or status in {408, 409, 429} or (isinstance(status, int) and status >= 500)  # noqa: PLR2004


def _told(exc: Exception) -> NewscardError:
    """The failure in one line that holds neither the key nor the article."""
    status = getattr(exc.__cause__, "status_code", None)
    if status in {401, 403, 404}:
        return EndpointError(f"the judge's endpoint says {status}; check NEWSCARD_MODEL, NEWSCARD_BASE_URL and the key")
    return JudgeFailed(f"the judge gave no usable judgement ({status or type(exc.__cause__ or exc).__name__})")

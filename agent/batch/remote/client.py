"""The provider's files and batches, through the openai client; tenacity repeats what can be repeated without paying twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agent import durable
from agent.engines.asking import Asking
from agent.engines.complaint import Complaint
from agent.engines.signals import Action, Asked, Signal, of_failure, of_status, unusable
from agent.errors import EndpointError, SinkFailed
from agent.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from tenacity import RetryCallState

T = TypeVar("T")

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
"""States of a batch that no other follows. In all but `failed` there may be answers, and they are billed."""
_PAGE = 100
_ATTEMPTS = 6
_LONGEST_WAIT_S = 60.0
_LONGEST_ASKED_S = 600.0
"""What the provider asks to wait is waited, but no longer than this."""
_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Remote:
    """A batch as the provider tells of it. `problem` is set where it was refused, with `code` and the first words."""

    id: str
    state: str
    metadata: Mapping[str, str]
    total: int = 0
    done: int = 0
    failed: int = 0
    answers: str | None = None
    errors: str | None = None
    code: str = ""
    problem: str = ""


class _Unread(Exception):
    """A 200 that holds something else than was asked for, as gateways send it."""


class Client:
    """One endpoint's Batch API. For one event loop. Raises EndpointError for what no waiting mends."""

    def __init__(self, settings: Settings, asking: Asking) -> None:
        self._settings = settings
        self._asking = asking
        self._asked = Asked(asking.endpoint, asking.form.model, hidden=(asking.key,))
        self._opened: AsyncOpenAI | None = None

    async def upload(self, path: Path) -> str:
        """The provider's name of the file at `path`, which is sent as it is, in pieces."""

        async def send() -> str:
            with path.open("rb") as stream:
                found = await self._client.files.create(file=(path.name, stream, "application/jsonl"), purpose="batch", **self._keyless)
            name: str = _known(found, "id").id
            return name

        return await self._patiently(send)

    async def create(self, file: str, url: str, metadata: Mapping[str, str]) -> Remote:
        """Begin a batch; sent once, because a second time would be a second batch. Raises EndpointError when no answer comes."""

        async def send() -> Remote:
            return self._read(
                await self._client.batches.create(
                    input_file_id=file,
                    endpoint=url,  # type: ignore[arg-type]  # the SDK lists those of one provider
                    completion_window="24h",
                    metadata=dict(metadata),
                    **self._keyless,
                )
            )

        return await self._patiently(send, attempts=1)

    async def look(self, batch: str) -> Remote:
        """How a batch stands."""

        async def ask() -> Remote:
            return self._read(await self._client.batches.retrieve(batch, **self._keyless))

        return await self._patiently(ask)

    async def all(self) -> AsyncIterator[Remote]:
        """Every batch of the account, the newest first."""
        after: str | None = None
        while True:

            async def page(after: str | None = after) -> Any:
                more: dict[str, Any] = {} if after is None else {"after": after}
                try:
                    found = await self._client.batches.list(limit=_PAGE, **more, **self._keyless)
                except AttributeError:  # the SDK makes a page of whatever came
                    raise _Unread from None
                if not isinstance(getattr(found, "data", None), list):
                    raise _Unread
                return [self._read(one) for one in found.data], found.has_more

            found, more = await self._patiently(page)
            for one in found:
                yield one
            if not found or not more:
                return
            after = found[-1].id

    async def fetch(self, file: str, to: Path) -> None:
        """A file's content, whole or not at all. Raises SinkFailed when the disk doesn't take it."""
        beside = to.with_name(f".{to.name}.tmp")

        async def get() -> None:
            async with self._client.files.with_streaming_response.content(file, **self._keyless) as response:
                with beside.open("wb") as stream:
                    async for piece in response.iter_bytes(1 << 20):
                        stream.write(piece)
                    durable.settle(stream)

        try:
            await self._patiently(get)
            durable.put(beside, to)
        except OSError as exc:
            raise SinkFailed(f"{to}: answers can't be written: {exc.strerror}; they wait with the provider") from None

    async def aclose(self) -> None:
        """Close the connections."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.close()

    @property
    def _keyless(self) -> dict[str, Any]:
        """What tells the SDK that no key is meant, where there is none."""
        from openai import omit

        return {} if self._asking.key else {"extra_headers": {"Authorization": omit}}

    @property
    def _client(self) -> AsyncOpenAI:
        if self._opened is None:
            from agent.engines.llm import sdk_client

            self._opened = sdk_client(self._settings, self._asking.key, connections=_CONNECTIONS)
        return self._opened

    async def _patiently(self, send: Callable[[], Awaitable[T]], *, attempts: int = _ATTEMPTS) -> T:
        from httpx import HTTPError  # what the SDK doesn't make its own: a body that breaks off
        from openai import OpenAIError
        from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential

        own = wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT_S)
        known = (OpenAIError, HTTPError, json.JSONDecodeError, _Unread)

        def wait(state: RetryCallState) -> float:
            exc = state.outcome.exception() if state.outcome else None
            return max(own(state), self._signal(exc).wait_s if isinstance(exc, known) else 0.0)

        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda exc: isinstance(exc, known) and self._signal(exc).action is Action.RETRY),
            wait=wait,
            stop=lambda state: state.attempt_number >= attempts or state.upcoming_sleep > _LONGEST_ASKED_S,
            reraise=True,
        )
        try:
            return await retrying(send)
        except known as exc:
            signal = self._signal(exc)
            error = signal.error if issubclass(signal.error, EndpointError) else EndpointError
            raise error(f"the Batch API: {signal.problem}") from None

    def _signal(self, exc: Exception) -> Signal:
        from openai import APIStatusError

        if isinstance(exc, json.JSONDecodeError | _Unread):
            return unusable("something else than was asked for", self._asked)
        if isinstance(exc, APIStatusError):
            return of_status(exc.status_code, exc.response.headers, exc.response.content, self._asked)
        return of_failure(exc, self._asked)

    def _read(self, batch: Any) -> Remote:
        counts, errors = _known(batch, "id", "status").request_counts, (batch.errors.data or []) if batch.errors else []
        first = errors[0] if errors else None
        return Remote(
            id=batch.id,
            state=batch.status,
            metadata=batch.metadata or {},
            total=counts.total if counts else 0,
            done=counts.completed if counts else 0,
            failed=counts.failed if counts else 0,
            answers=batch.output_file_id,
            errors=batch.error_file_id,
            code=(first.code or "") if first else "",
            problem=Complaint(first.message or "").quote(self._asked.hidden) if first else "",
        )


def _known(found: Any, *names: str) -> Any:
    """What was asked for: it has texts of those names. Raises _Unread for anything else."""
    if not all(isinstance(getattr(found, name, None), str) for name in names):
        raise _Unread
    return found

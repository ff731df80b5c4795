"""The SDK's errors, every one of them."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import httpx
import openai
import pytest

from agent.engines.llm import reply_to
from agent.engines.signals import Action, Asked

OPENAI = "https://api.openai.com/v1"


ERRORS = {
    name: cls
    for module in (openai, openai._exceptions)
    for name, cls in sorted(vars(module).items())
    if isinstance(cls, type) and issubclass(cls, openai.OpenAIError)
}
NEVER_OURS = {
    "OpenAIError": "the root; a client without credentials, which ours never lacks",
    "SubjectTokenProviderError": "workload identity",
    "WebSocketConnectionClosedError": "realtime",
    "WebSocketQueueFullError": "realtime",
    "_AmbiguousModuleClientUsageError": "the client that lives in the module",
}


def _an(cls: type[openai.OpenAIError]) -> openai.OpenAIError:
    """An instance, however it is made."""
    request = httpx.Request("POST", OPENAI)
    status = getattr(cls, "status_code", 500)
    response = httpx.Response(status if isinstance(status, int) else 500, request=request, content=b"{}")
    known: dict[str, Any] = {
        "request": request,
        "response": response,
        "body": None,
        "message": "x",
        "completion": completion_of(),
        "unsent_messages": [],
    }
    for names in chain.from_iterable(combinations(known, n) for n in range(len(known))):
        try:
            return cls(**{name: known[name] for name in names})
        except (TypeError, AttributeError):
            continue
    raise AssertionError(f"{cls} can't be made")


def completion_of() -> Any:
    """A completion without usage."""
    return openai.types.chat.ChatCompletion.construct(usage=None)


@pytest.mark.parametrize("cls", ERRORS.values(), ids=ERRORS)
def test_every_error_of_the_sdk_is_mapped(cls: type[openai.OpenAIError]) -> None:
    """A new class in a new release fails here, not in a run."""
    exc = _an(cls)
    if cls.__name__ in NEVER_OURS:
        with pytest.raises(cls):
            reply_to(exc, Asked("e", "m"))
    else:
        assert reply_to(exc, Asked("e", "m")).signal is not None


def test_the_sdks_own_reading_of_a_reply_is_mapped_too() -> None:
    """Should its parser ever be used: length and filter mean what they mean."""
    cut = reply_to(openai.LengthFinishReasonError(completion=completion_of()), Asked("e", "m")).signal
    filtered = reply_to(openai.ContentFilterFinishReasonError(), Asked("e", "m")).signal
    assert [s.action for s in (cut, filtered) if s] == [Action.GROW, Action.FAIL]

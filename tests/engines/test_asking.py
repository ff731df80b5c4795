"""What is settled once about asking: what can never work, and what decides the answer."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from agent.engines.llm import LLMEngine
from agent.errors import UsageError
from agent.prompts import load_prompts
from tests.engines.samples import a_settings

OPENAI = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"model": None}, "set NEWSCARD_MODEL or pass --model"),
        ({"model": ""}, "set NEWSCARD_MODEL or pass --model"),
        ({"api_key": None}, "set OPENAI_API_KEY"),
        ({"api_key": "sk-ключ"}, "OPENAI_API_KEY"),
        ({"api_key": "sk-1 2"}, "OPENAI_API_KEY"),
        ({"base_url": "http://"}, "NEWSCARD_BASE_URL"),
        ({"base_url": "http://[::1/v1"}, "NEWSCARD_BASE_URL"),
        ({"base_url": "http://localhost:port/v1"}, "NEWSCARD_BASE_URL"),
    ],
)
def test_what_can_never_work_is_said_before_anything_is_sent(settings: dict[str, Any], says: str) -> None:
    """A UsageError in one line, without the key."""
    with pytest.raises(UsageError, match=says) as caught:
        LLMEngine(a_settings(OPENAI).model_copy(update=_secret(settings)), load_prompts())
    assert "sk-" not in str(caught.value)


def _secret(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: SecretStr(value) if name == "api_key" and value else value for name, value in settings.items()}


CHANGES: dict[str, Any] = {
    "model": "other",
    "base_url": "http://127.0.0.1:9/v1",
    "mode": "text",
    "temperature": 0.5,
    "max_output_tokens": 999,
    "reasoning_effort": "high",
    "max_input_tokens": 777,
    "max_reasks": 0,
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_setting_that_changes_the_answer_is_an_ingredient(name: str) -> None:
    """Change one, and the cache misses."""
    base = a_settings("http://127.0.0.1:8/v1")
    changed = base.model_copy(update={name: CHANGES[name]})
    assert LLMEngine(base, load_prompts()).ingredients != LLMEngine(changed, load_prompts()).ingredients


def test_what_cannot_change_the_answer_is_no_ingredient() -> None:
    """Time-outs, retries, the key, money."""
    base = a_settings("http://127.0.0.1:8/v1")
    changed = a_settings("http://127.0.0.1:8/v1", api_key="sk-other", timeout_s=1, deadline_s=1, max_attempts=1, concurrency=99)
    ingredients = LLMEngine(base, load_prompts()).ingredients
    assert LLMEngine(changed, load_prompts()).ingredients == ingredients
    assert ingredients["prompt"] == f"card.v1@{load_prompts().digest[:12]}"
    assert "canary" not in repr(ingredients)


def test_two_paths_at_one_host_are_two_endpoints() -> None:
    """A gateway serves different models under different paths."""
    one, other = (LLMEngine(a_settings(f"http://127.0.0.1:8/{path}/v1"), load_prompts()).ingredients for path in "ab")
    assert one["endpoint"] == other["endpoint"]
    assert one != other

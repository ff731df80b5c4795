"""Defaults per endpoint and model family."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agent.engines.endpoints import FAMILIES, HOSTS, PLAIN_CAP, REASONING_CAP, family_of, profile
from agent.settings import Settings


def of(model: str, base_url: str | None = None, **settings: Any) -> Any:
    """The profile for that model there."""
    return profile(Settings(model=model, base_url=base_url, **settings))


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4.1-mini", "gpt-4o-mini-2024-07-18", "gpt-5.1-chat-latest", "llama3"])
def test_plain_models_are_asked_at_temperature_0(model: str) -> None:
    """And for no more tokens than a card needs."""
    chosen = of(model)
    assert (chosen.temperature, chosen.effort, chosen.cap) == (0.0, None, PLAIN_CAP)


@pytest.mark.parametrize(
    "model",
    ["o1", "o3", "o4-mini-2025-04-16", "gpt-5", "gpt-5-mini", "gpt-5.4-mini-2026-03-17", "gpt-6.1-sol", "openai/gpt-5.6-luna"],
)
def test_reasoning_models_get_no_temperature_but_an_effort(model: str) -> None:
    """They refuse the one, and think for long without the other."""
    chosen = of(model)
    assert (chosen.temperature, chosen.effort, chosen.cap, chosen.cap_field) == (None, "low", REASONING_CAP, "max_completion_tokens")


@pytest.mark.parametrize("model", ["gpt-5-pro", "gpt-5.4-pro", "o1-mini", "o1-preview", "o3-pro"])
def test_models_with_a_fixed_effort_are_sent_none(model: str) -> None:
    """Neither temperature nor effort."""
    assert (of(model).temperature, of(model).effort) == (None, None)


@pytest.mark.parametrize("model", ["qwen3:14b", "Qwen/Qwen3-8B", "deepseek-r1:7b", "QwQ-32B", "qwen-max-thinking"])
def test_open_models_that_think_sample_as_their_server_has_it(model: str) -> None:
    """Greedy decoding makes them repeat themselves."""
    assert (of(model).temperature, of(model).cap) == (None, REASONING_CAP)


@pytest.mark.parametrize("model", ["o", "omni", "o11y-model", "gpt-4", "gpt-neo", "mistral-small", ""])
def test_a_likeness_in_name_is_not_a_family(model: str) -> None:
    """What isn't known gets the common defaults."""
    assert family_of(model).effort is None
    assert family_of(model).temperature == 0.0


@pytest.mark.parametrize(
    ("base_url", "cap_field", "extra"),
    [
        (None, "max_completion_tokens", {}),
        ("https://API.openai.com/v1", "max_completion_tokens", {}),
        ("https://res.openai.azure.com/openai/v1/", "max_completion_tokens", {}),
        ("https://res.services.ai.azure.com/openai/v1", "max_completion_tokens", {}),
        ("https://openrouter.ai/api/v1", "max_tokens", {"provider": {"require_parameters": True}}),
        ("http://127.0.0.1:11434/v1", "max_tokens", {}),
        ("https://evil-api.openai.com.example/v1", "max_tokens", {}),
        ("https://openai.azure.com.example/v1", "max_tokens", {}),
    ],
)
def test_endpoints_differ_in_their_cap_and_extras(base_url: str | None, cap_field: str, extra: dict[str, Any]) -> None:
    """By host name, whole or from a dot on; the mode is json_schema everywhere."""
    chosen = of("some-model", base_url)
    assert (chosen.mode, chosen.cap_field, dict(chosen.extra)) == ("json_schema", cap_field, extra)


def test_openrouter_takes_max_tokens_for_every_model() -> None:
    """It translates it."""
    assert of("openai/gpt-5", "https://openrouter.ai/api/v1").cap_field == "max_tokens"


def test_settings_override_every_default() -> None:
    """Whatever the family says."""
    chosen = of("gpt-5", mode="text", temperature=1.0, max_output_tokens=999, reasoning_effort="none")
    assert (chosen.mode, chosen.temperature, chosen.cap, chosen.effort) == ("text", 1.0, 999, "none")


def test_tools_go_without_a_default_effort() -> None:
    """Newer models refuse the two together."""
    assert of("gpt-6-sol", mode="tools").effort is None
    assert of("gpt-6-sol", mode="tools", reasoning_effort="high").effort == "high"


def test_every_default_has_its_reason() -> None:
    """A table of guesses would be worse than none."""
    assert all(len(row.why) > 20 for row in (*HOSTS, *FAMILIES))
    assert all(isinstance(family.pattern, re.Pattern) for family in FAMILIES)

"""What endpoints and model families take: the defaults that settings override.

Small on purpose. An endpoint or a model that isn't here gets what every OpenAI-compatible server is known to take; what it refuses all the
same comes back as one line that names the setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from agent.settings import OPENAI_BASE_URL, Effort, Mode, Settings

CapField = Literal["max_tokens", "max_completion_tokens"]

PLAIN_CAP = 4_000
"""Tokens of a reply without reasoning: about twice a long card."""
REASONING_CAP = 16_000
"""Tokens of a reply with its reasoning, which counts against the same cap."""


@dataclass(frozen=True, slots=True)
class Host:
    """An endpoint by its host name, or by the end of it where `name` begins with a dot."""

    name: str
    why: str
    mode: Mode = "json_schema"
    cap_field: CapField = "max_tokens"
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Family:
    """Models by the beginning of their name, after any vendor's prefix such as `openai/`."""

    pattern: re.Pattern[str]
    why: str
    temperature: float | None = 0.0
    effort: Effort | None = None
    cap: int = PLAIN_CAP
    cap_field: CapField | None = None


HOSTS = (
    Host(
        "api.openai.com",
        "strict json_schema since 2024-08; reasoning models refuse max_tokens, and all models take max_completion_tokens",
        cap_field="max_completion_tokens",
    ),
    Host(
        ".openai.azure.com",
        "as OpenAI; the model is a deployment's name, which needn't tell its family (learn.microsoft.com, structured outputs, 12/2025)",
        cap_field="max_completion_tokens",
    ),
    Host(".services.ai.azure.com", "the same service under its newer host name", cap_field="max_completion_tokens"),
    Host(
        "openrouter.ai",
        "routes to providers that may drop what they don't know; require_parameters keeps to those that honour the schema",
        extra=MappingProxyType({"provider": {"require_parameters": True}}),
    ),
)
ANY_HOST = Host("", "vLLM, Ollama, llama.cpp and LM Studio take json_schema and max_tokens; LM Studio refuses json_object")

FAMILIES = (
    Family(re.compile(r"gpt-[\d.]+-chat"), "the chat variants don't reason and take a temperature (BerriAI/litellm#13781)"),
    Family(
        re.compile(r"(o1-(mini|preview)|o\d(-\w+)?-pro|gpt-([5-9]|\d\d)[\d.]*-pro)\b"),
        "reasoning models with one fixed effort",
        temperature=None,
        cap=REASONING_CAP,
        cap_field="max_completion_tokens",
    ),
    Family(
        re.compile(r"(o[1-9]|gpt-([5-9]|\d\d))(?![\da-z])"),
        "OpenAI's reasoning models refuse any temperature but 1 and max_tokens (tmc/langchaingo#1355, khoj-ai/khoj#1377), take effort low",
        temperature=None,
        effort="low",
        cap=REASONING_CAP,
        cap_field="max_completion_tokens",
    ),
    Family(re.compile(r"gpt-oss"), "open weights with reasoning effort; temperature is taken", effort="low", cap=REASONING_CAP),
    Family(
        re.compile(r"(qwen-?3|qwq|deepseek-r\d|deepseek-reasoner|magistral)|.*\b(thinking|reasoning)\b"),
        "reason in text; their model cards advise against greedy decoding, so the server's own sampling defaults stand",
        temperature=None,
        cap=REASONING_CAP,
    ),
)
ANY_FAMILY = Family(re.compile(""), "temperature 0 for the least spread between runs")


@dataclass(frozen=True, slots=True)
class Profile:
    """How one endpoint is asked for one model's cards."""

    mode: Mode
    cap_field: CapField
    cap: int
    temperature: float | None
    effort: Effort | None
    extra: Mapping[str, object]


def profile(settings: Settings) -> Profile:
    """The defaults for the endpoint and the model in `settings`, with what the settings say themselves on top."""
    host_name = urlsplit(settings.base_url or OPENAI_BASE_URL).hostname or ""
    host = next((h for h in HOSTS if host_name == h.name or (h.name.startswith(".") and host_name.endswith(h.name))), ANY_HOST)
    family = family_of(settings.model or "")
    mode = settings.mode or host.mode
    # From GPT-5.6 on, function tools together with an effort are refused (onyx-dot-app/onyx#15008).
    default_effort = None if mode == "tools" else family.effort
    return Profile(
        mode=mode,
        # OpenRouter takes max_tokens for every model and translates it.
        cap_field=host.cap_field if host.extra else (family.cap_field or host.cap_field),
        cap=settings.max_output_tokens or family.cap,
        temperature=family.temperature if settings.temperature is None else settings.temperature,
        effort=settings.reasoning_effort or default_effort,
        extra=host.extra,
    )


def family_of(model: str) -> Family:
    """The family a model's name tells, whatever vendor's prefix stands before it."""
    name = model.lower().rpartition("/")[2]
    return next((family for family in FAMILIES if family.pattern.match(name)), ANY_FAMILY)

"""What is settled once about asking: whom, for which model, with which parameters and key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

from agent.draft import wire_schema_digest
from agent.engines.endpoints import Profile, profile
from agent.engines.signals import Asked
from agent.engines.wire import Form
from agent.errors import UsageError
from agent.prompts import Prompts
from agent.settings import OPENAI_BASE_URL, Settings
from agent.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything about an engine's requests that no article changes. `key` is empty for servers that need none."""

    endpoint: str
    profile: Profile
    form: Form
    ingredients: Mapping[str, str]
    key: str = field(repr=False)

    @classmethod
    def by(cls, settings: Settings, prompts: Prompts) -> Self:
        """As `settings` have it. Raises UsageError when there is no model, or when the key or the base URL can't be one."""
        if not settings.model:
            raise UsageError("set NEWSCARD_MODEL or pass --model")
        address = _address(settings)
        chosen = profile(settings)
        form = Form(settings.model, chosen, prompts)
        decisive = {
            "endpoint": settings.endpoint,
            "path": urlsplit(address).path,
            "model": settings.model,
            "mode": chosen.mode,
            "temperature": str(chosen.temperature),
            "reasoning_effort": str(chosen.effort),
            "max_output_tokens": str(chosen.cap),
            "max_input_tokens": str(settings.max_input_tokens),
            "max_reasks": str(settings.max_reasks),
            "prompt": f"{prompts.name}@{prompts.digest[:12]}",
            "schema": wire_schema_digest()[:12],
            "taxonomy": load_taxonomy().digest[:12],
        }
        return cls(settings.endpoint, chosen, form, MappingProxyType(decisive), _key(settings))

    def asked(self, message: Callable[[], str]) -> Asked:
        """Who is asked, for messages; what was sent, the article's `message` with it, is not to be quoted in them."""
        return Asked(self.endpoint, self.form.model, hidden=_Hidden(self.key, self.form, message))


@dataclass(slots=True)
class _Hidden:
    """What was sent, made once more if anybody looks: hardly any request fails."""

    key: str
    form: Form
    message: Callable[[], str]

    def __iter__(self) -> Iterator[str]:
        return iter((self.key, self.form.system, self.message()))


def _address(settings: Settings) -> str:
    address = settings.base_url or OPENAI_BASE_URL
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise UsageError("NEWSCARD_BASE_URL: there is no host in it; it looks like http://127.0.0.1:11434/v1")
    return address


def _key(settings: Settings) -> str:
    key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
    if not key and urlsplit(settings.base_url or OPENAI_BASE_URL).hostname == "api.openai.com":
        raise UsageError("api.openai.com needs a key; set OPENAI_API_KEY")
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError("OPENAI_API_KEY: there are characters in it that no key has; copy it again")
    return key

"""What the engine's tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from agent.engines.llm import LLMEngine
from agent.prompts import load_prompts
from tests.engines.samples import a_settings, no_sleep
from tests.faults.server import FaultServer

MakeEngine = Callable[..., LLMEngine]


@pytest.fixture
async def make_engine(fault_server: FaultServer) -> AsyncIterator[MakeEngine]:
    """`make_engine(**settings)`: an engine for the fault server. The waits between attempts are left out."""
    engines: list[LLMEngine] = []

    def make(**settings: Any) -> LLMEngine:
        own = {name: settings.pop(name) for name in ("sleep", "budget", "http_client") if name in settings}
        base_url = settings.pop("base_url", fault_server.base_url)
        engines.append(LLMEngine(a_settings(base_url, **settings), load_prompts(), **({"sleep": no_sleep} | own)))
        return engines[-1]

    yield make
    for engine in engines:
        await engine.aclose()

"""LLMEngine against a real loopback server."""

from __future__ import annotations

from agent.engines.llm import LLMEngine
from agent.prompts import load_prompts
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, a_settings, no_faults, no_sleep
from tests.faults.server import FaultServer


async def test_a_reply_becomes_a_draft(fault_server: FaultServer) -> None:
    """One request, and its usage to the token."""
    fault_server.reply(DRAFT_REPLY)
    engine = LLMEngine(a_settings(fault_server.base_url), load_prompts(), sleep=no_sleep)
    drafted = await engine.draft(EXAMPLE, no_faults)
    await engine.aclose()
    assert drafted.draft.summary
    assert drafted.usage.requests == 1
    assert len(fault_server.requests) == 1

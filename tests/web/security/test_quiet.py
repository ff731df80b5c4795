"""What nobody waits for."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from agent.web.security.quiet import hush, tell_kinds


async def test_a_fault_nobody_waits_for_is_told_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    """Asyncio would log its message."""
    caplog.set_level(logging.DEBUG)
    hush()
    tell_kinds(asyncio.get_running_loop())

    async def fails() -> None:
        raise ValueError("canary")

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    assert "ValueError in test_quiet.py" in caplog.text
    assert "canary" not in caplog.text


def test_the_access_log_is_off_and_chatty_libraries_are_silent(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever level the root has."""
    caplog.set_level(logging.DEBUG)
    hush()
    for name in (
        "uvicorn.access",
        "sqlalchemy.engine.Engine",
        "httpx",
        "httpcore.http11",
        "openai",
        "python_multipart.multipart",
        "asyncio",
    ):
        logging.getLogger(name).error("canary")
    assert "canary" not in caplog.text

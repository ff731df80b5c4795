"""The event loop of the command line."""

from __future__ import annotations

import asyncio
import gc
import sys

import pytest

from agent import loops


async def _kind() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_runs_where_it_is_installed() -> None:
    """Which it is, here."""
    assert loops.run(_kind()) == "uvloop"


def test_asyncio_runs_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows, for example."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loops.run(_kind()).startswith("asyncio")


def test_asyncio_runs_without_a_standard_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libuv would end the process."""
    monkeypatch.setattr(sys, "stdin", None)
    assert loops.run(_kind()).startswith("asyncio")


def test_cycles_are_looked_for_seldom_and_afterwards_as_before() -> None:
    """Articles in flight live until their replies; whoever called keeps the thresholds that were set."""

    async def threshold() -> int:
        return gc.get_threshold()[0]

    before = gc.get_threshold()
    assert loops.run(threshold()) == loops.COLLECT_AFTER
    assert gc.get_threshold() == before

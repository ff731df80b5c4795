"""The event loop of the command line."""

from __future__ import annotations

import asyncio
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

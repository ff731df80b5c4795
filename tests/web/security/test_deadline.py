"""Waiting until a deadline."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agent.web.security.deadline import by


async def test_what_is_there_needs_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline may be long past."""

    async def ready() -> int:
        return 3

    monkeypatch.setattr(asyncio, "timeout_at", None)
    assert await by(0.0, ready()) == 3


async def test_what_comes_later_is_waited_for_through_several_steps() -> None:
    """As if it had been awaited."""

    async def later() -> str:
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        return "here"

    assert await by(asyncio.get_running_loop().time() + 60, later()) == "here"


async def test_what_does_not_come_is_a_timeout_that_it_is_told_of() -> None:
    """It may clean up."""
    cleaned = []

    async def never() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            cleaned.append(True)

    with pytest.raises(TimeoutError):
        await by(asyncio.get_running_loop().time() + 0.01, never())
    assert cleaned


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_what_goes_wrong_is_raised(steps: int) -> None:
    """At once or after a while."""

    async def wrong() -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await by(asyncio.get_running_loop().time() + 60, wrong())


async def test_whoever_waits_can_be_cancelled() -> None:
    """And what it waits for with it."""
    cancelled = []

    async def never() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    waiting = asyncio.ensure_future(by(asyncio.get_running_loop().time() + 60, never()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert cancelled


async def test_a_future_is_awaited_as_it_is() -> None:
    """Not only coroutines come."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, 5)
    assert await by(asyncio.get_running_loop().time() + 60, future) == 5


async def test_a_timeout_of_its_own_goes_through() -> None:
    """It is raised as what it is, long before the deadline."""

    async def impatient() -> Any:
        async with asyncio.timeout(0.005):
            await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await by(asyncio.get_running_loop().time() + 60, impatient())

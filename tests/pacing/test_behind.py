"""Work that nobody waits for goes behind work that somebody does, by a clock that stands still."""

from __future__ import annotations

import asyncio

import pytest

from agent.errors import EndpointUnreachable
from agent.pacing import Outcome, Pacer
from tests.pacing.clocks import HandClock, settle
from tests.pacing.test_pacer import broken_down


@pytest.mark.parametrize(("limit", "behind"), [(1, 1), (2, 1), (4, 3), (8, 6), (100, 75)])
async def test_a_quarter_of_the_room_stays_free(limit: int, behind: int) -> None:
    """One place at least, where there is more than one."""
    pacer = Pacer(cap=limit, clock=HandClock().clock)
    pacer._concurrency._limit = float(limit)
    back = pacer.behind()
    assert back.limit == behind
    turns = [back.try_enter(1) for _ in range(limit)]
    assert sum(turn is not None for turn in turns) == behind
    assert (pacer.try_enter(1) is not None) == (limit > 1)


async def test_whoever_somebody_waits_for_goes_first() -> None:
    """However long the others have waited, first request or retry."""
    pacer = Pacer(cap=1, clock=HandClock().clock)
    turn = await pacer.enter(1)
    order: list[str] = []

    async def go(name: str, again: bool, back: bool) -> None:  # noqa: FBT001
        pace = pacer.behind() if back else pacer
        mine = await pace.enter(1, again=again)
        order.append(name)
        await asyncio.sleep(0)
        pace.leave(mine, Outcome.ANSWERED)

    tasks = []
    for name, again, back in (("job", False, True), ("job again", True, True), ("live", False, False), ("live again", True, False)):
        tasks.append(asyncio.create_task(go(name, again, back)))
        await settle()
    pacer.leave(turn, Outcome.ANSWERED)
    await asyncio.gather(*tasks)
    assert order == ["live again", "live", "job", "job again"]
    assert (pacer.in_flight, pacer._behind, pacer.waiting) == (0, 0, 0)


async def test_a_rate_serves_the_live_first() -> None:
    """One a second: the second that is free next is the live request's."""
    hand = HandClock()
    pacer = Pacer(rpm=61, clock=hand.clock)
    back = pacer.behind()
    await back.enter(1)
    job = asyncio.create_task(back.enter(1))
    await settle()
    live = asyncio.create_task(pacer.enter(1))
    await hand.pass_(1)
    assert (live.done(), job.done()) == (True, False)
    await hand.pass_(1)
    assert job.done()


async def test_one_that_gives_up_behind_leaves_its_place() -> None:
    """Waiting or just let in."""
    pacer = Pacer(cap=1, clock=HandClock().clock)
    back = pacer.behind()
    turn = await back.enter(1)
    tasks = [asyncio.create_task(back.enter(1)) for _ in range(3)]
    await settle()
    tasks[0].cancel()
    back.leave(turn, Outcome.UNKNOWN)
    tasks[1].cancel()
    await settle()
    assert tasks[2].done()
    assert (pacer.in_flight, pacer._behind, pacer.waiting) == (1, 1, 0)


async def test_patience_ends_behind_too() -> None:
    """A long outage tells everyone."""
    hand = HandClock()
    pacer = broken_down(hand, outage_s=5)
    await hand.pass_(2)
    assert pacer.try_enter(1) is not None  # the probe, which never comes back
    waiting = asyncio.create_task(pacer.behind().enter(1))
    await hand.pass_(6)
    pacer._admit()
    with pytest.raises(EndpointUnreachable):
        await waiting

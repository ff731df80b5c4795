"""The pacer, by a clock that stands still."""

from __future__ import annotations

import asyncio

import pytest

from agent.errors import EndpointUnreachable
from agent.pacing import Outcome, Pacer, Turn
from agent.pacing.pacer import MOST_IN_FLIGHT, most_in_flight
from agent.settings import Settings
from tests.pacing.clocks import HandClock, settle


def broken_down(hand: HandClock, **settings: float) -> Pacer:
    """One whose endpoint has just gone out."""
    pacer = Pacer(clock=hand.clock, **settings)  # type: ignore[arg-type]  # only outage_s is ever given
    turns = [pacer.try_enter(10) for _ in range(6)]
    assert all(turns)
    pacer.leave(turns[0], Outcome.ANSWERED)  # type: ignore[arg-type]
    for turn in turns[1:]:
        pacer.leave(turn, Outcome.DOWN)  # type: ignore[arg-type]
    assert pacer.is_out
    return pacer


async def test_no_more_than_the_limit_are_in_flight() -> None:
    """The next goes when one ends."""
    pacer = Pacer(cap=2, clock=HandClock().clock)
    turns = [await pacer.enter(1), await pacer.enter(1)]
    waiting = asyncio.create_task(pacer.enter(1))
    await settle()
    assert (waiting.done(), pacer.waiting, pacer.limit) == (False, 1, 2)
    pacer.leave(turns[0], Outcome.ANSWERED)
    await waiting
    assert pacer.in_flight == 2


async def test_an_article_that_gives_up_leaves_its_place() -> None:
    """Waiting or just let in, it blocks nobody."""
    pacer = Pacer(cap=1, clock=HandClock().clock)
    turn = await pacer.enter(1)
    tasks = [asyncio.create_task(pacer.enter(1)) for _ in range(3)]
    await settle()
    tasks[0].cancel()
    await settle()
    pacer.leave(turn, Outcome.UNKNOWN)
    tasks[1].cancel()  # its turn has come, but it hasn't seen it
    await settle()
    assert isinstance(await tasks[2], Turn)
    assert (pacer.in_flight, pacer.waiting) == (1, 0)


async def test_the_users_rate_is_kept() -> None:
    """60 a minute: one a second, and how long each was held is told."""
    hand = HandClock()
    pacer = Pacer(rpm=61, clock=hand.clock)
    tasks = [asyncio.create_task(pacer.enter(1)) for _ in range(4)]
    await settle()
    assert [task.done() for task in tasks] == [True, False, False, False]
    await hand.pass_(2.01)
    assert [task.done() for task in tasks] == [True, True, True, False]
    assert tasks[2].result().held_s == pytest.approx(2, abs=0.01)
    await hand.pass_(1)
    assert tasks[3].done()


async def test_the_users_tokens_are_kept() -> None:
    """And what a request didn't use is given back."""
    hand = HandClock()
    pacer = Pacer(tpm=61_000, clock=hand.clock)
    turn = await pacer.enter(5_000)
    waiting = asyncio.create_task(pacer.enter(1_000))
    await hand.pass_(1)
    assert not waiting.done()
    pacer.used(turn, 100)
    pacer.leave(turn, Outcome.ANSWERED)
    await settle()
    assert waiting.done()


async def test_headers_hold_back_before_a_429_does() -> None:
    """None left, six seconds to go."""
    hand = HandClock()
    pacer = Pacer(clock=hand.clock)
    pacer.leave(await pacer.enter(1), Outcome.ANSWERED, headers={"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6s"})
    waiting = asyncio.create_task(pacer.enter(1))
    await hand.pass_(5.9)
    assert not waiting.done()
    await hand.pass_(0.2)
    assert waiting.done()


async def test_when_nothing_gets_through_everyone_waits_as_long_as_asked() -> None:
    """A quota that is used up, without headers: not each article finds out by itself."""
    hand = HandClock()
    pacer = Pacer(clock=hand.clock)
    for turn in [await pacer.enter(1) for _ in range(6)]:
        pacer.leave(turn, Outcome.BUSY, asked_s=40)
    waiting = asyncio.create_task(pacer.enter(1))
    await hand.pass_(39)
    assert not waiting.done()
    await hand.pass_(2)
    assert waiting.done()


async def test_an_outage_is_probed_one_at_a_time_and_ends_without_help() -> None:
    """C29: twenty wait, one goes; when it succeeds, the others follow."""
    hand = HandClock()
    pacer = broken_down(hand)
    tasks = [asyncio.create_task(pacer.enter(1)) for _ in range(20)]
    await hand.pass_(0.5)
    assert not any(task.done() for task in tasks)
    await hand.pass_(1)
    assert [task.done() for task in tasks].count(True) == 1
    pacer.leave(tasks[0].result(), Outcome.DOWN)
    await hand.pass_(0.9)
    assert [task.done() for task in tasks].count(True) == 1
    await hand.pass_(2)
    assert [task.done() for task in tasks].count(True) == 2
    pacer.leave(tasks[1].result(), Outcome.ANSWERED)
    await settle()
    assert not pacer.is_out
    assert pacer.in_flight == pacer.limit == 8
    assert pacer.counts.outages == 1


async def test_an_outage_that_lasts_ends_the_run() -> None:
    """With one line that says for how long, and what to do."""
    hand = HandClock()
    pacer = broken_down(hand, outage_s=10)
    tasks = [asyncio.create_task(pacer.enter(1)) for _ in range(9)]
    for probe in tasks[:4]:
        await hand.pass_(16)
        if probe.done() and not probe.exception():
            pacer.leave(probe.result(), Outcome.NOBODY)
    await settle()
    errors = [task.exception() for task in tasks[4:]]
    assert all(isinstance(error, EndpointUnreachable) for error in errors)
    assert "has been out for" in str(errors[0])
    assert "NEWSCARD_OUTAGE_S" in str(errors[0])


async def test_a_probe_whose_article_is_cancelled_makes_room_for_the_next() -> None:
    """Else nobody would ever ask again."""
    hand = HandClock()
    pacer = broken_down(hand)
    tasks = [asyncio.create_task(pacer.enter(1)) for _ in range(2)]
    await hand.pass_(2)
    pacer.leave(tasks[0].result(), Outcome.UNKNOWN)
    await settle()
    assert tasks[1].done()


async def test_retries_wait_for_their_budget_and_first_requests_pass_them() -> None:
    """The floor is ten; the eleventh waits, and what earns its turn goes ahead."""
    hand = HandClock()
    pacer = Pacer(clock=hand.clock)
    for _ in range(10):
        pacer.leave(await pacer.enter(1, again=True), Outcome.ANSWERED)
    retry = asyncio.create_task(pacer.enter(1, again=True))
    first = asyncio.create_task(pacer.enter(1))
    await settle()
    assert (retry.done(), first.done()) == (False, True)
    await hand.pass_(1.1)
    assert retry.done()
    assert (pacer.counts.first, pacer.counts.retries) == (1, 11)


def test_settings_are_caps() -> None:
    """Without any there are the process's own limits."""
    assert Pacer.from_settings(Settings(concurrency=5)).cap == 5
    assert 1 <= Pacer.from_settings(Settings()).cap == most_in_flight() <= MOST_IN_FLIGHT


def test_it_works_in_one_event_loop_after_another() -> None:
    """C34: nothing of it belongs to a loop while nobody waits."""
    pacer = Pacer(cap=1)

    async def twice() -> None:
        turn = await pacer.enter(1)
        waiting = asyncio.create_task(pacer.enter(1))
        await asyncio.sleep(0)
        pacer.leave(turn, Outcome.ANSWERED)
        pacer.leave(await waiting, Outcome.ANSWERED)

    asyncio.run(twice())
    asyncio.run(twice())
    assert pacer.in_flight == 0

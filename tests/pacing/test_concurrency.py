"""The limit of concurrency, with replies as they come."""

from __future__ import annotations

from agent.pacing.concurrency import DECREASE, START, Concurrency


def grown(cap: int, to: int, seconds: float = 0.5) -> Concurrency:
    """One that has grown to `to`, all of it in use."""
    concurrency = Concurrency(cap)
    while concurrency.limit < to:
        concurrency.answered(seconds, concurrency.limit)
    return concurrency


def test_it_starts_small_without_a_setting_and_grows_quickly() -> None:
    """By half a round trip: 8 to 200 in less than ten."""
    concurrency = Concurrency(2_000)
    assert concurrency.limit == START
    rounds = 0
    while concurrency.limit < 200:
        for _ in range(concurrency.limit):
            concurrency.answered(0.5, concurrency.limit)
        rounds += 1
    assert rounds < 10


def test_the_users_cap_holds() -> None:
    """From the start, and for ever."""
    assert Concurrency(3).limit == 3
    concurrency = grown(50, 50)
    for _ in range(1_000):
        concurrency.answered(0.5, 50)
    assert concurrency.limit == 50


def test_one_decrease_for_all_that_was_sent_before_it() -> None:
    """C28: a burst of refusals is one piece of news; the next one sent is another."""
    concurrency = grown(2_000, 200)
    for _ in range(50):
        concurrency.congested(sent_at=10.0, in_flight=200, now=10.5)
    assert concurrency.limit == int(200 * DECREASE)
    concurrency.congested(sent_at=10.6, in_flight=180, now=11.0)
    assert concurrency.limit == int(180 * DECREASE)


def test_near_the_trouble_growth_is_additive() -> None:
    """One percent, at least one, a round trip."""
    concurrency = grown(2_000, 200)
    concurrency.congested(10.0, 200, 10.5)
    for _ in range(concurrency.limit):
        concurrency.answered(0.5, concurrency.limit)
    assert 181 <= concurrency.limit <= 182


def test_a_limit_that_was_lifted_is_found_out() -> None:
    """Well above the old ceiling growth is quick again."""
    concurrency = grown(2_000, 200)
    concurrency.congested(10.0, 200, 10.5)
    rounds = 0
    while concurrency.limit < 1_000:
        for _ in range(concurrency.limit):
            concurrency.answered(0.5, concurrency.limit)
        rounds += 1
    assert rounds < 40


def test_what_is_not_used_does_not_grow() -> None:
    """A batch that is nearly over says nothing about the endpoint."""
    concurrency = Concurrency(2_000)
    for _ in range(1_000):
        concurrency.answered(0.5, 1)
    assert concurrency.limit == START


def test_a_server_that_only_queues_is_not_flooded() -> None:
    """It works on 16 at once, whatever is asked of it, and never says no: waiting longer than twice as long ends the growth."""
    concurrency = Concurrency(2_000)
    for _ in range(20_000):
        concurrency.answered(max(1.0, concurrency.limit / 16), concurrency.limit)
    assert 16 <= concurrency.limit <= 64


def test_after_an_outage_it_begins_again_and_comes_back_quickly() -> None:
    """Not all at once on a server that has just started."""
    concurrency = grown(2_000, 200)
    concurrency.restart()
    assert concurrency.limit == START
    rounds = 0
    while concurrency.limit < 170:
        for _ in range(concurrency.limit):
            concurrency.answered(0.5, concurrency.limit)
        rounds += 1
    assert rounds < 10

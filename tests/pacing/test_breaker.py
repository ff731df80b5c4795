"""The breaker and the retry budget."""

from __future__ import annotations

from agent.pacing.breaker import Breaker
from agent.pacing.retries import FLOOR, RetryBudget
from tests.pacing.clocks import HandClock


def opened(hand: HandClock) -> Breaker:
    """One whose endpoint answered once, and then failed five times in a row."""
    breaker = Breaker(hand.clock)
    breaker.answered()
    assert [breaker.failed(50, reached=True, probe=False) for _ in range(5)] == [False] * 4 + [True]
    return breaker


def test_failures_in_a_row_open_it() -> None:
    """One success between them, and they are no outage."""
    breaker = Breaker(HandClock().clock)
    for _ in range(20):
        assert not breaker.failed(50, reached=True, probe=False)
        assert not breaker.failed(50, reached=True, probe=False)
        breaker.answered()
    assert not breaker.is_open


def test_few_in_flight_open_it_sooner() -> None:
    """Two articles would have spent their attempts before five failures."""
    breaker = Breaker(HandClock().clock)
    breaker.answered()
    breaker.failed(2, reached=True, probe=False)
    assert breaker.failed(2, reached=True, probe=False)


def test_an_endpoint_that_nobody_ever_reached_is_no_outage() -> None:
    """A wrong address is said at once, not waited for."""
    breaker = Breaker(HandClock().clock)
    assert not any(breaker.failed(50, reached=False, probe=False) for _ in range(100))


def test_probes_come_one_at_a_time_and_ever_less_often() -> None:
    """C29: a minute's outage sees about half a dozen."""
    hand = HandClock()
    breaker = opened(hand)
    probes = 0
    end = hand.now + 60
    while hand.now + breaker.wait_s(hand.now) < end:
        hand.now += breaker.wait_s(hand.now)
        breaker.begin_probe()
        assert breaker.wait_s(hand.now) == float("inf")
        breaker.failed(1, reached=True, probe=True)
        probes += 1
    assert 4 <= probes <= 8


def test_any_answer_closes_it() -> None:
    """That of a request sent before it opened, too."""
    breaker = opened(HandClock())
    assert breaker.answered()
    assert not breaker.is_open
    assert not breaker.answered()


def test_retries_are_a_tenth_of_what_is_sent_and_a_small_floor() -> None:
    """However many want to."""
    budget = RetryBudget()
    for _ in range(1_000):
        budget.sent_first()
    made = 0
    while budget.wait_s(now=5.0) == 0:
        budget.spend(now=5.0)
        made += 1
    assert made in {100 + int(FLOOR), 99 + int(FLOOR)}
    assert budget.wait_s(now=6.0) == 0

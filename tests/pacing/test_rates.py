"""The user's rates and the endpoint's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.pacing.headers import Window
from agent.pacing.rates import LONGEST_HOLD_S, Allowance, Rate


@given(st.integers(1, 10_000), st.integers(0, 100))
def test_no_minute_has_more_than_the_rate(per_minute: int, start: int) -> None:
    """However eagerly somebody sends."""
    rate = Rate(per_minute)
    now, sent = float(start), 0
    while True:
        now += rate.wait_s(1, now) + 1e-9
        if now > start + 60:
            break
        rate.take(1, now)
        sent += 1
    assert sent <= max(per_minute, 1)
    assert sent >= per_minute * 0.9 - 2


def test_what_was_taken_too_much_comes_back() -> None:
    """Tokens are guessed before a request and known after it."""
    rate = Rate(600)
    rate.take(100, 0)
    assert rate.wait_s(1, 0) > 9
    rate.take(-95, 0)
    assert rate.wait_s(1, 0) == 0


def test_more_than_a_seconds_worth_goes_and_is_paid_off() -> None:
    """A request bigger than the bucket would wait for ever otherwise."""
    rate = Rate(60)
    assert rate.wait_s(500, 0) == 0
    rate.take(500, 0)
    assert 490 < rate.wait_s(1, 0) < 520


def test_an_unknown_allowance_holds_nobody() -> None:
    """No header, or one without a reset: the 429s will tell."""
    allowance = Allowance()
    assert allowance.wait_s(1e9, 0) == 0
    allowance.learn(Window(0), 0, 0)
    assert allowance.wait_s(1, 0) == 0


def test_a_spent_allowance_holds_until_it_refills() -> None:
    """500 a minute come back 8.3 a second; without the limit's size, all at the reset."""
    allowance = Allowance()
    allowance.learn(Window(0, 500, 60), 0, now=100)
    assert 0.11 < allowance.wait_s(1, 100) < 0.13
    assert allowance.wait_s(1, 101) == 0
    allowance.learn(Window(0, None, 60), 0, now=100)
    assert allowance.wait_s(1, 130) == 30
    assert allowance.wait_s(1, 161) == 0


def test_requests_under_way_may_not_be_counted_yet() -> None:
    """Ten are left, ten are out: the next waits."""
    allowance = Allowance()
    allowance.learn(Window(10, None, 5), outstanding=10, now=0)
    assert allowance.wait_s(1, 0) == 5


def test_a_header_alone_holds_nobody_for_hours() -> None:
    """After LONGEST_HOLD_S one tries."""
    allowance = Allowance()
    allowance.learn(Window(0, None, 86_400), 0, now=0)
    assert allowance.wait_s(1, 0) == LONGEST_HOLD_S

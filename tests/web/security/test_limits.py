"""Requests of one key: how many a minute, how many at once."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from agent.web.callers import Caller, Limits
from agent.web.problems import Problem
from agent.web.security.limits import Gates


class Clock:
    """Seconds that a test counts."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def read(self) -> float:
        """What it shows."""
        return self.now_s


def ask(gates: Gates, caller: Caller) -> bool:
    """One request, which ends at once; whether it was let in."""
    try:
        with gates.passed(caller):
            return True
    except Problem:
        return False


def test_a_minutes_requests_may_come_at_once_and_no_more() -> None:
    """The next is let in when its part of the minute is over."""
    clock = Clock()
    gates, caller = Gates(clock.read), Caller(key="a", limits=Limits(requests_per_minute=6))
    assert [ask(gates, caller) for _ in range(10)] == [True] * 6 + [False] * 4
    clock.now_s = 9.9
    assert not ask(gates, caller)
    clock.now_s = 10.0
    assert [ask(gates, caller) for _ in range(2)] == [True, False]


def test_a_long_rest_does_not_save_up() -> None:
    """An hour of silence is worth one minute's requests."""
    clock = Clock()
    gates, caller = Gates(clock.read), Caller(key="a", limits=Limits(requests_per_minute=3))
    assert ask(gates, caller)
    clock.now_s = 3600.0
    assert [ask(gates, caller) for _ in range(4)] == [True, True, True, False]


def test_who_is_refused_is_told_when_to_come_again() -> None:
    """After that long one request is let in."""
    clock = Clock()
    gates, caller = Gates(clock.read), Caller(key="a", limits=Limits(requests_per_minute=4))
    assert all(ask(gates, caller) for _ in range(4))
    with pytest.raises(Problem) as caught, gates.passed(caller):
        pass
    wait_s = caught.value.retry_after_s
    assert (caught.value.kind.status, wait_s) == (429, 15.0)
    assert wait_s is not None
    clock.now_s += wait_s
    assert ask(gates, caller)


def test_requests_in_hand_are_counted_until_they_end() -> None:
    """However they end."""
    gates, caller = Gates(), Caller(key="a", limits=Limits(concurrency=2))
    with ExitStack() as stack:
        stack.enter_context(gates.passed(caller))
        stack.enter_context(gates.passed(caller))
        assert not ask(gates, caller)
    with pytest.raises(ZeroDivisionError), gates.passed(caller):
        raise ZeroDivisionError
    with ExitStack() as stack:
        stack.enter_context(gates.passed(caller))
        stack.enter_context(gates.passed(caller))


def test_keys_do_not_count_for_each_other() -> None:
    """One that is busy leaves the others alone."""
    gates = Gates()
    one, other = (Caller(key=name, limits=Limits(1, 1)) for name in "ab")
    assert [ask(gates, one), ask(gates, one), ask(gates, other)] == [True, False, True]


def test_a_key_without_limits_has_none() -> None:
    """None is no limit, and not zero."""
    gates, caller = Gates(), Caller(key="a")
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(gates.passed(caller))

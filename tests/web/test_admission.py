"""What is in hand is bounded, and drained."""

from __future__ import annotations

import asyncio

import pytest

from agent.web.admission import Admission
from agent.web.callers import Caller, Limits
from agent.web.metrics import Metrics
from agent.web.problems import Problem


async def test_past_the_bound_comes_503_and_past_a_callers_own_429() -> None:
    """Both say when to come again."""
    admission = Admission(2, Metrics())
    small, other = Caller(name="small", limits=Limits(concurrency=1)), Caller(name="other")
    with admission.enter(small):
        with pytest.raises(Problem) as own, admission.enter(small):
            pass
        with admission.enter(other), pytest.raises(Problem) as whole, admission.enter(other):
            pass
    assert [(caught.value.code, caught.value.kind.status) for caught in (own, whole)] == [("too_many_requests", 429), ("queue_full", 503)]
    assert all(int(caught.value.headers()["retry-after"]) >= 1 for caught in (own, whole))
    with admission.enter(small):
        assert admission.in_hand == 1


async def test_draining_waits_for_what_is_in_hand_and_takes_nothing_more() -> None:
    """An error counts as an end."""
    admission = Admission(2, Metrics())
    with pytest.raises(KeyError), admission.enter(Caller()):  # noqa: PT012  what happens inside is the point
        admission.draining = True
        waiting = asyncio.create_task(admission.idle())
        await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(Problem, match="draining"), admission.enter(Caller()):
            pass
        raise KeyError
    await waiting

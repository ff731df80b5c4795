"""What is in hand is bounded, and drained."""

from __future__ import annotations

import asyncio

import pytest

from agent.web.admission import Admission
from agent.web.metrics import Metrics
from agent.web.problems import Problem


async def test_past_the_bound_comes_503() -> None:
    """It says when to come again."""
    admission = Admission(2, Metrics())
    with admission.enter(), admission.enter(), pytest.raises(Problem) as caught, admission.enter():
        pass
    assert (caught.value.code, caught.value.kind.status) == ("queue_full", 503)
    assert int(caught.value.headers()["retry-after"]) >= 1
    with admission.enter():
        assert admission.in_hand == 1


async def test_draining_waits_for_what_is_in_hand_and_takes_nothing_more() -> None:
    """An error counts as an end."""
    admission = Admission(2, Metrics())
    with pytest.raises(KeyError), admission.enter():  # noqa: PT012  what happens inside is the point
        admission.draining = True
        waiting = asyncio.create_task(admission.idle())
        await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(Problem, match="draining"), admission.enter():
            pass
        raise KeyError
    await waiting

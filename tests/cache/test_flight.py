"""Single flight."""

from __future__ import annotations

import asyncio
import gc

import pytest

from agent.cache import SingleFlight


class Call:
    """A call that answers when told to, and says how often it ran and how it ended."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.under_way = asyncio.Event()
        self.started = 0
        self.cancelled = 0
        self.error: Exception | None = None

    async def __call__(self) -> str:
        """The call."""
        self.started += 1
        self.under_way.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return f"answer {self.started}"


async def waiting(flights: SingleFlight[str], call: Call, number: int) -> list[asyncio.Task[tuple[str, bool]]]:
    """So many tasks that wait for the same call."""
    tasks = [asyncio.create_task(flights.run("k", call)) for _ in range(number)]
    await call.under_way.wait()
    return tasks


async def test_equal_keys_share_one_call() -> None:
    """One runs, the others hear that it was shared."""
    flights, call = SingleFlight[str](), Call()
    tasks = await waiting(flights, call, 5)
    call.go.set()
    answers = await asyncio.gather(*tasks)
    assert call.started == 1
    assert sorted(answers) == [("answer 1", False)] + [("answer 1", True)] * 4
    assert len(flights) == 0


async def test_other_keys_run_on_their_own() -> None:
    """Only equal questions are shared."""
    flights, call = SingleFlight[str](), Call()
    call.go.set()
    answers = await asyncio.gather(flights.run("a", call), flights.run("b", call))
    assert [shared for _, shared in answers] == [False, False]
    assert call.started == 2


async def test_a_later_call_is_made_anew() -> None:
    """A flight isn't a cache."""
    flights, call = SingleFlight[str](), Call()
    call.go.set()
    assert await flights.run("k", call) == ("answer 1", False)
    assert await flights.run("k", call) == ("answer 2", False)


@pytest.mark.parametrize("which", [0, 2])
async def test_cancelling_one_waiter_leaves_the_others_their_answer(which: int) -> None:
    """The one that began the call included: it belongs to all of them."""
    flights, call = SingleFlight[str](), Call()
    tasks = await waiting(flights, call, 4)
    tasks[which].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[which]
    call.go.set()
    rest = await asyncio.gather(*(task for task in tasks if task is not tasks[which]))
    assert [answer for answer, _ in rest] == ["answer 1"] * 3
    assert (call.started, call.cancelled) == (1, 0)


async def test_when_all_leave_the_call_is_cancelled() -> None:
    """Nobody would hear its answer, and it may cost money. It has ended when the last one has gone."""
    flights, call = SingleFlight[str](), Call()
    tasks = await waiting(flights, call, 3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert call.cancelled == 1
    assert len(flights) == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_error_goes_to_all_who_wait() -> None:
    """And the next caller tries again."""
    flights, call = SingleFlight[str](), Call()
    tasks = await waiting(flights, call, 3)
    call.error = RuntimeError("broke")
    call.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["broke"] * 3
    assert len(flights) == 0
    call.error = None
    assert await flights.run("k", call) == ("answer 2", False)


async def test_who_comes_while_a_call_is_being_cancelled_starts_another() -> None:
    """A cancelled call has no answer to share."""
    flights, call = SingleFlight[str](), Call()
    cleaning, cleaned = asyncio.Event(), asyncio.Event()

    async def slow_to_end() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            cleaning.set()
            await cleaned.wait()
        return "never"

    first = asyncio.create_task(flights.run("k", slow_to_end))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    await cleaning.wait()
    call.go.set()
    assert await flights.run("k", call) == ("answer 1", False)
    cleaned.set()
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_an_error_during_cancellation_is_not_reported_to_nobody() -> None:
    """The loop would report "exception was never retrieved" when the task is collected."""
    flights: SingleFlight[str] = SingleFlight()
    reports: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))

    async def breaks_at_its_end() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("broken pipe")

    task = asyncio.create_task(flights.run("k", breaks_at_its_end))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    gc.collect()
    assert reports == []

"""Articles enriched at once, outcomes in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.article import Article
from agent.card import Card
from agent.cli.order import WINDOW, InOrder, Item, Made, NotTried, Outcome
from agent.errors import EndpointUnreachable, NoReply, SourceError
from tests.present.sample import CARD


def article(number: int) -> Article:
    """The n-th article."""
    return Article(id=str(number), text="Text.")


async def collect(
    items: Iterator[Item], make: Callable[[Article], Awaitable[Card]], at_once: int = 2, *, count_rest: bool = True
) -> list[Outcome]:
    """All outcomes."""
    run = InOrder(items, make, at_once=at_once, count_rest=count_rest)
    async with aclosing(run.outcomes()) as outcomes:
        return [outcome async for outcome in outcomes]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=25), st.integers(1, 4))
def test_outcomes_come_in_the_order_of_the_items(delays: list[int], at_once: int) -> None:
    """However long each takes, and however many run at once; never more than that do."""
    running = most = 0

    async def make(one: Article) -> Card:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(delays[int(one.id)]):
            await asyncio.sleep(0)
        running -= 1
        return CARD.model_copy(update={"id": one.id})

    outcomes = asyncio.run(collect(map(article, range(len(delays))), make, at_once))
    assert [outcome.card.id for outcome in outcomes if isinstance(outcome, Made)] == [str(number) for number in range(len(delays))]
    assert most <= at_once


async def test_only_a_window_of_the_input_is_read_ahead() -> None:
    """While the first article takes its time, the reader waits: memory doesn't grow with the input."""
    read = 0
    full = asyncio.Event()
    loop = asyncio.get_running_loop()

    def items() -> Iterator[Item]:
        nonlocal read
        for number in range(1000):
            read += 1
            if read == WINDOW * 2:
                loop.call_soon_threadsafe(full.set)
            yield article(number)

    async def make(one: Article) -> Card:
        if one.id == "0":
            await full.wait()
            for _ in range(100):
                await asyncio.sleep(0)
            assert read <= WINDOW * 2 + 1
        return CARD

    assert len(await collect(items(), make)) == 1000


async def test_errors_keep_their_place() -> None:
    """A source that can't be read and an article that failed are outcomes like cards."""
    source_error, failed = SourceError("b.txt", "no text"), NoReply("1", "no reply")

    async def make(one: Article) -> Card:
        if one.id == "1":
            raise failed
        return CARD

    outcomes = await collect(iter([article(0), source_error, article(1), article(2)]), make)
    assert [type(outcome) for outcome in outcomes] == [Made, SourceError, NoReply, Made]


async def test_after_a_dead_endpoint_nothing_new_begins_and_what_is_in_flight_ends() -> None:
    """What is being paid for is waited for; the rest comes out as not tried."""
    dead = asyncio.Event()
    begun: list[str] = []

    async def make(one: Article) -> Card:
        begun.append(one.id)
        if one.id == "1":
            dead.set()
            raise EndpointUnreachable("nothing answers")
        await dead.wait()
        await asyncio.sleep(0)
        return CARD

    outcomes = await collect(map(article, range(50)), make)
    assert [type(outcome) for outcome in outcomes] == [Made, EndpointUnreachable, *[NotTried] * 48]
    assert begun == ["0", "1"]


async def test_an_error_of_the_reader_is_raised() -> None:
    """A fault that nobody foresaw isn't swallowed on its way through the thread."""

    def items() -> Iterator[Item]:
        yield article(0)
        raise ZeroDivisionError

    async def make(_: Article) -> Card:
        return CARD

    with pytest.raises(ZeroDivisionError):
        await collect(items(), make)


async def test_closing_cancels_what_is_in_flight() -> None:
    """Nothing goes on behind the back of whoever stopped listening."""
    cancelled: list[str] = []
    begun = asyncio.Event()

    async def make(one: Article) -> Card:
        if one.id == "0":
            await begun.wait()
            return CARD
        try:
            begun.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(one.id)
            raise
        return CARD

    run = InOrder(map(article, range(2)), make, at_once=2, count_rest=True)
    async with aclosing(run.outcomes()) as outcomes:
        async for _ in outcomes:
            break
    assert cancelled == ["1"]

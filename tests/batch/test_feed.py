"""The input, read ahead in a thread."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from agent.batch.feed import AHEAD, AT_ONCE, Feed
from agent.errors import SourceError
from agent.sources import Placed


def placed(number: int) -> Placed:
    """Something that stands at that place."""
    return Placed(str(number), SourceError("x", "nothing"))


async def all_of(feed: Feed) -> list[str]:
    """The places of all that is to come."""
    found: list[str] = []
    while batch := await feed.take():
        assert len(batch) <= AT_ONCE
        found += [one.place for one in batch]
    return found


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AHEAD, 10 * AHEAD + 7])
async def test_everything_comes_once_and_in_order(count: int) -> None:
    """However much it is."""
    assert await all_of(Feed(map(placed, range(count)))) == list(map(str, range(count)))


async def test_it_reads_no_further_ahead_than_it_should() -> None:
    """A million rows aren't kept in memory."""
    read = itertools.count()
    feed = Feed(placed(next(read)) for _ in range(1_000_000))
    await feed.take()
    await asyncio.sleep(0.1)
    assert next(read) <= AHEAD + AT_ONCE + 1
    feed.close()


async def test_what_a_pipe_has_is_given_while_more_may_come() -> None:
    """Nobody waits for a group to be full."""
    more = threading.Event()

    def slow() -> Iterator[Placed]:
        yield placed(0)
        more.wait(10)
        yield placed(1)

    feed = Feed(slow())
    assert [one.place for one in await feed.take()] == ["0"]
    more.set()
    assert await all_of(feed) == ["1"]


async def test_turns_of_a_fast_reader_and_a_fast_taker_lose_no_call() -> None:
    """Each waits for the other many times."""

    def halting() -> Iterator[Placed]:
        for number in range(2_000):
            if number % 50 == 0:
                time.sleep(0.0005)
            yield placed(number)

    async with asyncio.timeout(20):
        assert len(await all_of(Feed(halting()))) == 2_000


async def test_what_was_read_before_an_error_comes_before_it() -> None:
    """And the error is raised where the items are taken."""

    def broken() -> Iterator[Placed]:
        yield placed(0)
        raise OSError("gone")

    feed = Feed(broken())
    with pytest.raises(OSError, match="gone"):
        await all_of(feed)


async def test_a_closed_feed_gives_nothing_and_wakes_who_waits() -> None:
    """The thread may wait for a pipe for ever."""
    never = threading.Event()

    def waiting() -> Iterator[Placed]:
        never.wait()
        yield placed(0)

    feed = Feed(waiting())
    taking = asyncio.create_task(feed.take())
    await asyncio.sleep(0.01)
    feed.close()
    assert await taking == await feed.take() == []
    never.set()

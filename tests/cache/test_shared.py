"""Drafts in a real Redis."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.article import Article
from agent.cache import SharedDrafts
from agent.cache.shared import FENCE, LEASE, PREFIX
from agent.enrich import Enricher
from agent.errors import UsageError
from agent.link import Link
from agent.settings import Settings
from tests.cache.made import an_entry
from tests.faults.server import FaultServer
from tests.redis_server import RedisServer

KEY = "k"
ENTRY = an_entry()


@pytest.fixture
async def drafts(redis_server: RedisServer) -> AsyncIterator[SharedDrafts]:
    """A machine's view of them."""
    made = SharedDrafts(Link(redis_server.url), lease_ms=300)
    yield made
    await made.aclose()


async def test_what_is_kept_is_found_with_the_bytes_of_the_disk(drafts: SharedDrafts, redis_server: RedisServer) -> None:
    """By whoever asks, one by one or many at once; the stored bytes are those that a disk would hold."""
    assert await drafts.put(KEY, ENTRY)
    other = SharedDrafts(Link(redis_server.url))
    assert await other.get(KEY) == ENTRY
    assert await other.get_many([KEY, "another"]) == [ENTRY.drafted, None]
    assert (other.hits, other.misses) == (2, 1)
    raw = Link(redis_server.url)
    assert await raw.ask(lambda redis: redis.get(PREFIX + KEY)) == ENTRY.to_bytes()
    for link in (raw, other):
        await link.aclose()


async def test_what_isnt_an_entry_is_a_miss_and_counted(drafts: SharedDrafts, redis_server: RedisServer) -> None:
    """Whoever can write there can write anything."""
    link = Link(redis_server.url)
    await link.ask(lambda redis: redis.set(PREFIX + KEY, b"\x80\x04not json"))
    assert await drafts.get(KEY) is None
    assert drafts.corrupt == 1
    async with drafts.lead(KEY) as lead:
        assert lead.found is None
        assert await lead.put(ENTRY)
    assert await drafts.get(KEY) == ENTRY
    await link.aclose()


async def test_of_many_that_miss_one_asks_and_the_others_take_its_draft(drafts: SharedDrafts, redis_server: RedisServer) -> None:
    """They wait as long as it lives, longer than its lease would last."""
    asked = 0

    async def machine() -> bool:
        nonlocal asked
        mine = SharedDrafts(Link(redis_server.url), lease_ms=300)
        async with mine.lead(KEY) as lead:
            if lead.found is None:
                asked += 1
                await asyncio.sleep(0.8)
                await lead.put(ENTRY)
        await mine.aclose()
        return lead.found is None or lead.found == ENTRY

    assert all(await asyncio.gather(*(machine() for _ in range(8))))
    assert asked == 1
    assert await drafts.get(KEY) == ENTRY


async def test_a_lease_outlives_its_holder_only_for_its_time(drafts: SharedDrafts, redis_server: RedisServer) -> None:
    """A machine that was killed holds the others up for that long, and no longer."""
    link = Link(redis_server.url)
    await link.ask(lambda redis: redis.set(LEASE + KEY, 7, px=300))
    began = time.monotonic()
    async with drafts.lead(KEY) as lead:
        assert lead.found is None
    assert time.monotonic() - began >= 0.25
    await link.aclose()


async def test_an_old_holder_doesnt_write_over_a_newer_ones_draft(drafts: SharedDrafts, redis_server: RedisServer) -> None:
    """Its number is older than the lease's; where there is no draft, its own is kept all the same: it was paid for."""
    newer = an_entry(model="newer")
    link = Link(redis_server.url)
    async with drafts.lead(KEY) as old:
        await link.ask(lambda redis: redis.delete(LEASE + KEY))
        other = SharedDrafts(Link(redis_server.url))
        async with other.lead(KEY) as new:
            assert int(await link.ask(lambda redis: redis.get(FENCE))) == 2
            await new.put(newer)
        await old.put(ENTRY)
    assert await drafts.get(KEY) == newer
    for one in (link, other):
        await one.aclose()


async def test_one_failure_costs_nobody_the_lease(redis_server: RedisServer) -> None:
    """A renewal times out, and the link leaves the server alone for half a lease: the proportions in use, a tenth as long."""
    holder = SharedDrafts(Link(redis_server.url, patience_s=0.1, away_s=0.5), lease_ms=1_000)
    other, raw = SharedDrafts(Link(redis_server.url), lease_ms=1_000), Link(redis_server.url)
    claimed = asyncio.Event()

    async def claim() -> None:
        async with other.lead(KEY):
            claimed.set()

    async with holder.lead(KEY):
        waiting = asyncio.create_task(claim())
        await asyncio.sleep(0.2)
        await raw.ask(lambda redis: redis.client_pause(200))
        await asyncio.sleep(1.5)
        assert not claimed.is_set()
    assert holder.problem is not None
    await waiting
    for one in (holder, other, raw):
        await one.aclose()


async def test_a_failed_call_lets_the_next_one_ask(drafts: SharedDrafts) -> None:
    """At once, without waiting for the lease's end."""
    with pytest.raises(ValueError, match="refused"):
        async with drafts.lead(KEY):
            raise ValueError("refused")
    async with asyncio.timeout(0.2):
        async with drafts.lead(KEY) as lead:
            assert lead.found is None


async def test_a_server_that_is_gone_is_a_miss_and_isnt_waited_for_again(redis_server: RedisServer) -> None:
    """Articles go on, at the price of their calls; the user is told."""
    drafts = SharedDrafts(Link(redis_server.url, away_s=60.0))
    await drafts.put(KEY, ENTRY)
    redis_server.kill()
    assert await drafts.get(KEY) is None
    for _ in range(100):
        assert await drafts.get_many([KEY]) == [None]
        async with drafts.lead(KEY) as lead:
            assert not await lead.put(ENTRY)
    assert drafts.problem is not None
    assert "failed 1 times" in drafts.problem
    await drafts.aclose()


async def test_a_server_that_comes_back_is_used_again(redis_server: RedisServer) -> None:
    """After a while."""
    drafts = SharedDrafts(Link(redis_server.url, away_s=0.05))
    redis_server.kill()
    assert not await drafts.put(KEY, ENTRY)
    redis_server.start()
    await asyncio.sleep(0.1)
    assert await drafts.put(KEY, ENTRY)
    assert await drafts.get(KEY) == ENTRY
    await drafts.aclose()


async def test_a_server_that_is_full_keeps_nothing_and_stops_nobody(redis_server: RedisServer) -> None:
    """With noeviction, as it should be set."""
    redis_server.kill()
    redis_server.start("--maxmemory", "1000", "--maxmemory-policy", "noeviction")
    drafts = SharedDrafts(Link(redis_server.url, away_s=0.0))
    assert not await drafts.put(KEY, ENTRY)
    assert await drafts.get(KEY) is None
    assert drafts.write_failures == 1
    await drafts.aclose()


async def test_what_a_full_server_holds_is_found_after_it_refused_to_keep_more(redis_server: RedisServer) -> None:
    """It answers: it isn't left alone, and what it holds isn't paid for again."""
    drafts, raw = SharedDrafts(Link(redis_server.url, away_s=60.0)), Link(redis_server.url)
    assert await drafts.put(KEY, ENTRY)
    await raw.ask(lambda redis: redis.config_set("maxmemory", 1_000))
    assert not await drafts.put("another", ENTRY)
    assert await drafts.get(KEY) == ENTRY
    async with drafts.lead(KEY) as lead:
        assert lead.found == ENTRY
    for one in (drafts, raw):
        await one.aclose()


async def test_a_server_with_a_password_wants_the_right_one(redis_server: RedisServer) -> None:
    """It stands in the address; with a wrong one every draft is a miss."""
    redis_server.kill()
    redis_server.start("--requirepass", "secret")
    knows, guesses = (SharedDrafts(Link(redis_server.url.replace("//", f"//:{word}@"))) for word in ("secret", "guess"))
    assert await knows.put(KEY, ENTRY)
    assert await knows.get(KEY) == ENTRY
    assert await guesses.get(KEY) is None
    assert guesses.problem is not None
    assert "guess" not in guesses.problem
    for drafts in (knows, guesses):
        await drafts.aclose()


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1:6379"])
def test_an_address_that_is_none_is_said_so(url: str) -> None:
    """Before anything is asked for."""
    with pytest.raises(UsageError, match="NEWSCARD_CACHE_URL: it must start with"):
        Link(url)


def test_the_password_is_told_nobody() -> None:
    """The name for messages has host and port alone."""
    assert Link("rediss://user:secret@cache.example.com:7000/1").name == "cache.example.com:7000"


def _machine(base_url: str, redis_url: str, folder: str, barrier: multiprocessing.synchronize.Barrier) -> None:
    settings = Settings(base_url=base_url, model="test-model", cache_url=redis_url, cache_dir=Path(folder))
    article = Article(id="one", title="Halden lowers its outlook", text="Halden Semiconductor lowered its revenue outlook on Tuesday. " * 4)

    async def once() -> None:
        async with Enricher.from_settings(settings) as enricher:
            barrier.wait()
            card = await enricher.enrich(article)
            assert card.status == "ok"

    asyncio.run(once())


def test_eight_processes_that_miss_one_key_make_one_call(redis_server: RedisServer, tmp_path: Path) -> None:
    """Over the whole way of an article."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(8)
    with FaultServer() as server:
        server.derive()
        server.plan.latency_s = 0.5
        processes = [spawn.Process(target=_machine, args=(server.base_url, redis_server.url, str(tmp_path), barrier)) for _ in range(8)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0] * 8
        assert server.ledger.requests == 1

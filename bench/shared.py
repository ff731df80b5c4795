"""A draft found in Redis beside one found on disk; docs/scale.md shows what came out. Starts a redis-server on the loopback.

python bench/shared.py [--drafts 400] [--rounds 7]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.cache import DiskDrafts, Drafts, Entry, SharedDrafts
from agent.draft import Draft
from agent.engines import Drafted
from agent.link import Link
from agent.loops import run
from evals.recordings import recordings
from tests.cache.made import an_entry
from tests.redis_server import RedisServer

GROUP = 32


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        server = RedisServer(Path(home))
        server.start()
        try:
            run(_measure(Path(home), server.url, options.drafts, options.rounds))
        finally:
            server.kill()


async def _measure(home: Path, url: str, drafts: int, rounds: int) -> None:
    """The best of several rounds, by turns, of the whole process's CPU and of the clock; all drafts are read and validated."""
    entries = _entries(drafts)
    keys = [f"{number:064x}" for number in range(drafts)]
    caches: dict[str, Drafts] = {"disk": DiskDrafts(home / "cache"), "Redis": SharedDrafts(Link(url))}
    for cache in caches.values():
        for key, entry in zip(keys, entries, strict=True):
            await cache.put(key, entry)

    print(f"{'microseconds a draft':24}{'disk: CPU':>12}{'clock':>9}{'Redis: CPU':>12}{'clock':>9}{'CPU':>8}{'clock':>8}")
    for what, way in WAYS.items():
        best = {name: (float("inf"), float("inf")) for name in caches}
        for _ in range(rounds):
            for name, cache in caches.items():
                best[name] = tuple(map(min, best[name], await _took(way, cache, keys)))  # type: ignore[assignment]
        disk, redis = best["disk"], best["Redis"]
        figures = f"{disk[0]:12.0f}{disk[1]:9.0f}{redis[0]:12.0f}{redis[1]:9.0f}"
        print(f"{what:24}{figures}{redis[0] / disk[0]:7.2f}x{redis[1] / disk[1]:7.2f}x")
    for cache in caches.values():
        await cache.aclose()


async def _one_by_one(cache: Drafts, keys: list[str]) -> None:
    for key in keys:
        assert await cache.get(key) is not None


async def _in_groups(cache: Drafts, keys: list[str]) -> None:
    for at in range(0, len(keys), GROUP):
        assert None not in await cache.get_many(keys[at : at + GROUP])


async def _at_once(cache: Drafts, keys: list[str]) -> None:
    for at in range(0, len(keys), GROUP):
        assert None not in await asyncio.gather(*(cache.get(key) for key in keys[at : at + GROUP]))


Way = Callable[[Drafts, list[str]], Awaitable[None]]
WAYS: dict[str, Way] = {"one by one": _one_by_one, f"{GROUP} in one look": _in_groups, f"{GROUP} tasks at once": _at_once}


async def _took(way: Way, cache: Drafts, keys: list[str]) -> tuple[float, float]:
    """Microseconds a draft: CPU, clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    await way(cache, keys)
    return 1e6 * (time.process_time() - cpu) / len(keys), 1e6 * (time.perf_counter() - clock) / len(keys)


def _entries(drafts: int) -> list[Entry]:
    """Of real size: what a strong model wrote."""
    made = [Draft.model_validate_json(recording.replies[-1]) for recording in recordings()]
    return [an_entry().model_copy(update={"drafted": Drafted(draft=made[number % len(made)])}) for number in range(drafts)]


if __name__ == "__main__":
    main()

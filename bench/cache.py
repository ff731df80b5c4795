"""What a lookup costs: microseconds a get and a put, as newscard does it and with less and less around it.

    python bench/cache.py [entries] [--pages N ...]

"async" is `DiskDrafts`: the hop to its thread, diskcache, and the validation on a hit. "one at a time" waits for each;
"32 in flight" is how a run uses it. "raw" is the same file without thread and validation. `--pages`: what it
costs, and takes, when SQLite keeps so many pages of 4 kB in memory, in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from agent.cache import DiskDrafts, Entry, disk
from agent.cache.disk import Shelf
from agent.engines import Drafted

ROUNDS = 5
IN_FLIGHT = 32


def an_entry() -> Entry:
    """About as large as the entry of a real article: some 4 kB."""
    reason = "The company cut its forecast for the year and named weak demand as the reason for it."
    entity = {
        "name": "Acme",
        "kind": "public company",
        "quotes": [reason, reason],
        "relevance": "central",
        "reason": reason,
        "sentiment": "neutral",
    }
    rating = {"reason": reason, "level": 2}
    draft = {
        "entities": [entity | {"name": f"Acme {n}"} for n in range(4)],
        "topics": ["Corporate Guidance & Outlook"],
        "impact": dict.fromkeys(("materiality", "breadth", "surprise", "immediacy", "certainty"), rating),
        "overall": {"reason": reason, "label": "negative"},
        "abstain_because": None,
        "summary": " ".join([reason] * 4),
        "analysis": " ".join([reason] * 14),
    }
    ingredients = dict.fromkeys(("prompt", "schema", "taxonomy", "parameters"), "f" * 64) | {
        "model": "m-1",
        "endpoint": "api.example.com",
    }
    return Entry(ingredients=ingredients, created_at=datetime.now(UTC), drafted=Drafted.model_validate({"draft": draft, "model": "m-1"}))


async def one_at_a_time(work: Callable[[str], Awaitable[object]], keys: Iterable[str]) -> None:
    """Each waits for the one before."""
    for key in keys:
        await work(key)


async def in_flight(work: Callable[[str], Awaitable[object]], keys: Iterable[str]) -> None:
    """IN_FLIGHT workers share the keys."""
    queue = iter(keys)

    async def worker() -> None:
        for key in queue:
            await work(key)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


async def measure(folder: Path, keys: list[str]) -> dict[str, float]:
    """Row -> microseconds an operation, one round."""
    entry = an_entry()
    value = entry.to_bytes()
    drafts, found = DiskDrafts(folder / "async"), dict[str, float]()

    async def timed(name: str, doing: Awaitable[None]) -> None:
        begin = time.perf_counter()
        await doing
        found[name] = (time.perf_counter() - begin) / len(keys) * 1e6

    await drafts.get("open it first")
    await timed("async put, one at a time", one_at_a_time(lambda key: drafts.put(key, entry), keys))
    await timed(f"async put, {IN_FLIGHT} in flight", in_flight(lambda key: drafts.put(key + "'", entry), keys))
    await timed("async get, one at a time", one_at_a_time(drafts.get, keys))
    await timed(f"async get, {IN_FLIGHT} in flight", in_flight(drafts.get, keys))
    await timed("async get, a miss", one_at_a_time(lambda key: drafts.get("no" + key), keys))
    await drafts.aclose()
    shelf = Shelf(folder / "raw")
    raw: dict[str, Callable[[str], object]] = {
        "raw put": lambda key: shelf.put(key, value, "m-1"),
        "raw get": shelf.get,
        "raw get and validate": lambda key: Entry.from_bytes(shelf.get(key) or b""),
    }
    for name, work in raw.items():
        begin = time.perf_counter()
        for key in keys:
            work(key)
        found[name] = (time.perf_counter() - begin) / len(keys) * 1e6
    shelf.close()
    return found


def resident_kb() -> int:
    """Of this process, as proc(5) has it."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmRSS"))


def measure_shelf(folder: Path, pages: int, first: int, number: int) -> dict[str, float]:
    """Row -> microseconds of CPU an operation, and kB, of one opened cache that holds that many pages in memory."""
    settings = {**disk._SETTINGS, "sqlite_cache_size": pages}  # noqa: SLF001  what is measured is no setting of the user's
    value, found = an_entry().to_bytes(), dict[str, float]()
    with mock.patch.object(disk, "_SETTINGS", settings):
        shelf, before = Shelf(folder), resident_kb()
    keys = [f"key-{n:09}" for n in range(first, first + number)]
    begin = time.process_time()
    for some in batched(keys, IN_FLIGHT):
        with shelf.together():
            for key in some:
                shelf.put(key, value, "m-1")
    found[f"put, {IN_FLIGHT} together"] = (time.process_time() - begin) / number * 1e6
    for name in ("get", "get once more"):
        begin = time.process_time()
        for some in batched(keys, IN_FLIGHT):
            assert len(shelf.get_many(some)) == len(some)
        found[f"{name}, {IN_FLIGHT} together"] = (time.process_time() - begin) / number * 1e6
    found["kB resident"] = resident_kb() - before
    shelf.close()
    return found


def batched(keys: list[str], size: int) -> Iterator[list[str]]:
    """So many at a time."""
    return (keys[at : at + size] for at in range(0, len(keys), size))


def compare(sizes: list[int], number: int) -> None:
    """Print what each number of SQLite's pages costs: the least of the rounds, in turns, each in a process of its own."""
    rounds: dict[int, list[dict[str, float]]] = {pages: [] for pages in sizes}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS * len(sizes)):
            pages = sizes[turn % len(sizes)]
            command = [sys.executable, __file__, str(number), "--shelf", folder, str(pages), str(turn * number)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            rounds[pages].append(json.loads(done.stdout))
    print(f"{number} entries of {len(an_entry().to_bytes())} bytes; microseconds of CPU an operation, the least of {ROUNDS} rounds")
    print(f"  {'pages of 4 kB':28}" + "".join(f"{pages:8}" for pages in sizes))
    for name in rounds[sizes[0]][0]:
        print(f"  {name:28}" + "".join(f"{min(one[name] for one in rounds[pages]):8.1f}" for pages in sizes))


def table(number: int) -> None:
    """Print what is done by newscard, and with less around it: the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(asyncio.run(measure(Path(folder), [f"key-{n:09}" for n in range(number)])))
    print(f"{number} entries of {len(an_entry().to_bytes())} bytes; microseconds an operation, median of {ROUNDS} rounds")
    for name in rounds[0]:
        print(f"  {name:28}{sorted(one[name] for one in rounds)[ROUNDS // 2]:8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", nargs="?", type=int, default=2000)
    parser.add_argument("--pages", type=int, nargs="+", metavar="N")
    parser.add_argument("--shelf", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.shelf:
        folder, pages, first = options.shelf
        print(json.dumps(measure_shelf(Path(folder), int(pages), int(first), options.entries)))
    elif options.pages:
        compare(options.pages, options.entries)
    else:
        table(options.entries)


if __name__ == "__main__":
    main()

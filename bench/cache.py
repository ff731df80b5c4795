"""What a lookup costs: microseconds a get and a put, as newscard does it and with less and less around it.

    python bench/cache.py [entries]

"async" is `DiskDrafts`: the hop to its thread, diskcache, and the validation on a hit. "one at a time" waits for each;
"32 in flight" is how a run uses it. "raw" is the same file without thread and validation.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from agent.cache import DiskDrafts, Entry
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


def main() -> None:
    """Print the table: the median of the rounds."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(asyncio.run(measure(Path(folder), [f"key-{n:09}" for n in range(number)])))
    print(f"{number} entries of {len(an_entry().to_bytes())} bytes; microseconds an operation, median of {ROUNDS} rounds")
    for name in rounds[0]:
        print(f"  {name:28}{sorted(one[name] for one in rounds)[ROUNDS // 2]:8.1f}")


if __name__ == "__main__":
    main()

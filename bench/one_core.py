"""What bench/throughput.py measures, each in a process of its own that is held to one core; it prints one line of JSON.

python bench/one_core.py KIND BASE_URL FOLDER ARTICLES IN_FLIGHT
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.article import Article  # noqa: E402  the bench runs from anywhere
from agent.sentences import sentence_spans  # noqa: E402
from bench.memory import forget_peak, memory_kb  # noqa: E402

ARTICLE_CHARS = 6_000
AT_ONCE = 32
"""Articles looked up with one look into the cache, as a batch does it."""
WARM = 200
SECONDS = 6.0
LONGEST_CLIMB_S = 40.0
CLIENT_CORE, SERVER_CORE = 0, 1


def article_lines(number: int, seed: int) -> Iterator[bytes]:
    """JSON lines of articles that are all different."""
    rng = random.Random(seed)
    example = Article.model_validate_json((ROOT / "examples" / "article.json").read_bytes())
    sentences = [example.text[start:end] for start, end in sentence_spans(example.text)]
    for n in range(number):
        text = ""
        while len(text) < ARTICLE_CHARS:
            text += f"{rng.choice(sentences)} "
        line = {"id": f"bench-{seed}-{n}", "title": "A provider loses its largest client", "text": f"{text}It is number {n} of {seed}."}
        yield json.dumps(line).encode()


async def naive(base_url: str, folder: Path, number: int, in_flight: int) -> dict[str, float]:
    """instructor, tenacity and diskcache."""
    from bench.peers.naive import Naive, run

    articles = map(Article.model_validate_json, list(article_lines(number + WARM // 2, 2)))
    peer = Naive(base_url, str(folder))
    await run(peer, itertools.islice(articles, WARM // 2), in_flight)
    used = Used()
    await run(peer, articles, in_flight)
    return used.each(number)


async def ours(base_url: str, folder: Path, number: int, in_flight: int) -> dict[str, float]:
    """An article's way through an Enricher, in the steps of a batch."""
    lines = list(article_lines(number + WARM, 1))
    async with enricher_for(base_url, folder, in_flight) as enricher:
        await _articles(enricher, lines[:WARM], in_flight)
        used = Used()
        await _articles(enricher, lines[WARM:], in_flight)
        return used.each(number)


async def batch(base_url: str, folder: Path, number: int, in_flight: int) -> dict[str, float]:
    """All that `newscard batch` does: besides, a file is read, copies are looked for, and a row is written for each article."""
    from agent.batch.folder import RunFolder
    from agent.batch.runner import Runner
    from agent.batch.stories import Stories
    from agent.sources import read_placed

    async def one(name: str, lines: Iterable[bytes]) -> dict[str, float]:
        (folder / f"{name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        opened = RunFolder.open(folder / name, enricher.fingerprint)
        stories = Stories(folder / name / "stories.db")
        used = Used()
        standing = await Runner(enricher, opened, stories=stories).run(read_placed([str(folder / f"{name}.jsonl")]))
        found = used.each(number)
        stories.close()
        opened.close()
        assert standing.cards == standing.done, standing
        return found

    async with enricher_for(base_url, folder / "cache", in_flight) as enricher:
        await one("warm", article_lines(WARM, 2))
        return await one("run", article_lines(number, 1))


async def share(base_url: str, folder: Path, number: int, in_flight: int) -> dict[str, float]:
    """Throughput with so many in flight, and what they add to the resident memory of a process that has done some and has none in hand."""
    del number
    counter = itertools.count()
    several = list(article_lines(200, 3))

    def lines() -> Iterator[bytes]:
        for line in itertools.cycle(several):
            yield line.replace(b"It is number", b"It is number %d," % next(counter))

    async with enricher_for(base_url, folder, in_flight) as enricher:
        await _articles(enricher, article_lines(WARM, 4), 10)
        gc.collect()
        at_rest = memory_kb("VmRSS")
        forget_peak()
        working = asyncio.create_task(_articles(enricher, lines(), in_flight))
        pacer = enricher.pacer
        began = time.perf_counter()
        while pacer.limit < in_flight and time.perf_counter() - began < LONGEST_CLIMB_S:  # noqa: ASYNC110  it has no event for a bench
            await asyncio.sleep(0.05)
        await asyncio.sleep(2.5)
        used, before_s, sent = Used(), busy_s(), pacer.counts.first
        await asyncio.sleep(SECONDS)
        sent, wall_s = pacer.counts.first - sent, used.wall_s
        others = max(0.0, busy_s() - before_s - used.cpu_s) / wall_s
        found = used.each(sent) | {"per_s": sent / wall_s, "others": others, "limit": pacer.limit}
        found |= {"rest_kb": at_rest, "most_kb": memory_kb("VmHWM"), "asked": pacer.counts.first}
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return found


async def posts(base_url: str, folder: Path, number: int, in_flight: int, *, by_session: bool = False) -> dict[str, float]:
    """Requests alone, of a body as long as an article's; by aiohttp's session, or as they go."""
    from agent.engines.transport import Transport
    from agent.engines.wire import Body
    from agent.settings import Settings

    del folder
    transport = Transport(Settings(model="bench", base_url=base_url), "", in_flight)
    head, article = b"x" * 21_000, b"y" * 6_500
    numbers = iter(range(WARM + number))

    async def some(last: int) -> None:
        for n in numbers:
            if by_session:
                transport._direct = None  # noqa: SLF001  what is compared isn't a setting
            assert (await transport.post(Body(head, article, b"}"))).status == HTTPStatus.OK
            if n >= last:
                return

    await transport.post(Body(b"{}"))
    await asyncio.gather(*(some(WARM) for _ in range(in_flight)))
    used = Used()
    await asyncio.gather(*(some(WARM + number) for _ in range(in_flight)))
    found = used.each(number)
    await transport.aclose()
    return found


class Used:
    """CPU and wall time of this process from here on."""

    def __init__(self) -> None:
        gc.collect()
        self._cpu_s, self._wall_s = time.process_time(), time.perf_counter()

    @property
    def wall_s(self) -> float:
        """Seconds by the clock."""
        return time.perf_counter() - self._wall_s

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU, of all threads."""
        return time.process_time() - self._cpu_s

    def each(self, number: int) -> dict[str, float]:
        """CPU for each of so many articles."""
        return {"cpu_ms": self.cpu_s / number * 1e3}


def enricher_for(base_url: str, folder: Path, in_flight: int) -> Any:
    """An Enricher for the server at `base_url`."""
    from agent.enrich import Enricher
    from agent.settings import Settings

    settings = Settings(engine="llm", model="bench", base_url=base_url, cache_dir=folder, concurrency=in_flight)
    return Enricher.from_settings(settings)


async def _articles(enricher: Any, lines: Iterable[bytes], in_flight: int) -> None:
    """Read, key, look up in vain, ask, validate, keep, make the card."""
    rest = iter(lines)
    room = asyncio.Semaphore(in_flight)

    async def one(article: Article, started: float) -> None:
        try:
            enricher.card(article, await enricher.draft(article), cached=False, started=started)
        finally:
            room.release()

    async with asyncio.TaskGroup() as group:
        while taken := [Article.model_validate_json(line) for line in itertools.islice(rest, AT_ONCE)]:
            for article, drafted in zip(taken, await enricher.find(taken), strict=True):
                assert drafted is None
                await room.acquire()
                group.create_task(one(article, time.perf_counter()))


@contextlib.contextmanager
def without_grounding() -> Iterator[None]:
    """Grounding costs what docs/grounding.md says; here it returns what it returned the first time."""
    import agent.grounding
    import agent.making

    once: Callable[..., Any] = agent.grounding.ground
    kept: list[Any] = []

    def ground(*arguments: Any) -> Any:
        if not kept:
            kept.append(once(*arguments))
        return kept[0]

    with mock.patch.object(agent.making, "ground", ground):
        yield


def busy_s(core: int = CLIENT_CORE) -> float:
    """What all processes together have used of that core (proc(5): all but idle and iowait; 0 where there is no such file)."""
    try:
        lines = Path("/proc/stat").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    times = next((line.split()[1:9] for line in lines if line.startswith(f"cpu{core} ")), [])
    return sum(int(value) for at, value in enumerate(times) if at not in {3, 4}) / os.sysconf("SC_CLK_TCK")


def pin(core: int) -> None:
    """Hold this process to one core, where there are two."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


KINDS: dict[str, Callable[[str, Path, int, int], Any]] = {
    "ours": ours,
    "grounded": ours,
    "batch": batch,
    "naive": naive,
    "share": share,
    "posts": posts,
    "session's posts": partial(posts, by_session=True),
}


def main() -> None:
    """Measure and print."""
    from agent.loops import run

    kind, base_url, folder, number, in_flight = sys.argv[1:]
    pin(CLIENT_CORE)
    going = KINDS[kind](base_url, Path(folder), int(number), int(in_flight))
    with contextlib.nullcontext() if kind == "grounded" else without_grounding():
        print(json.dumps(asyncio.run(going) if kind == "naive" else run(going)))


if __name__ == "__main__":
    main()

"""How the pacer finds an endpoint's limits without a setting, and comes back after an outage.

    python bench/pacing.py [concurrent|rate|outage|all] [--limit 200] [--rps 500] [--outage-s 20] [--seconds 40]

A fault server on the loopback, in its own process, answers after 500 ms (give or take 100) and has a limit that it doesn't tell: 200
requests at once, or 500 a second. Found: the limit of concurrency, or the rate, has come within 20%. The rate back: 80% of what it was
before the outage. Shares of retries count from the first request on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.article import Article  # noqa: E402  the bench runs from anywhere
from agent.engines.llm import LLMEngine  # noqa: E402
from agent.errors import ArticleError  # noqa: E402
from agent.loops import run  # noqa: E402
from agent.pacing.pacer import Pacer  # noqa: E402
from agent.prompts import load_prompts  # noqa: E402
from agent.settings import Settings  # noqa: E402
from bench.throughput import server  # noqa: E402

LATENCY = ("--latency", "0.5", "--jitter", "0.1")
TICK_S = 0.5
BEFORE_OUTAGE_S = 15.0
WITHIN = 0.2


@dataclass
class Course:
    """What was seen every TICK_S seconds: the limit of concurrency, and cards a second."""

    limits: list[int] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    failed: int = 0
    retries: float = 0.0
    """Share of all requests."""


async def course(base_url: str, seconds: float) -> Course:
    """Run articles for so long, as many at once as the pacer's limit."""
    settings = Settings(model="bench", base_url=base_url, max_attempts=20)
    pacer = Pacer.from_settings(settings)
    engine = LLMEngine(settings, load_prompts(), pacer=pacer)
    seen, done, numbers = Course(), 0, itertools.count()
    running: set[asyncio.Task[None]] = set()

    async def one() -> None:
        nonlocal done
        try:
            await engine.draft(Article(text=f"Shares of Acme rose {next(numbers)} cents on Monday."), lambda _: ())
            done += 1
        except ArticleError:
            seen.failed += 1

    began = time.perf_counter()
    tick, before, at = began, 0, began
    while at - began < seconds:
        while len(running) < engine.pacer.limit:
            task = asyncio.create_task(one())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.sleep(0.005)
        at = time.perf_counter()
        if at - tick >= TICK_S:
            seen.limits.append(engine.pacer.limit)
            seen.rates.append((done - before) / (at - tick))
            tick, before = at, done
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await engine.aclose()
    counts = pacer.counts
    seen.retries = counts.retries / (counts.first + counts.retries)
    return seen


def found_after(values: list[float], wanted: float) -> float:
    """Seconds until the mean of two seconds is within 20% of `wanted` for the first time; NaN if never."""
    width = int(2 / TICK_S)
    for n in range(len(values) - width + 1):
        if abs(statistics.mean(values[n : n + width]) / wanted - 1) <= WITHIN:
            return n * TICK_S
    return float("nan")


def report(name: str, seen: Course, values: list[float], wanted: float) -> None:
    """One line."""
    later = values[len(values) // 2 :]
    inside = sum(abs(value / wanted - 1) <= WITHIN for value in later) / len(later)
    print(
        f"{name}: found after {found_after(values, wanted):.1f} s; later {statistics.mean(later) / wanted:.0%} of it on average, "
        f"within 20% in {inside:.0%} of the samples; {seen.retries:.1%} of requests were retries; {seen.failed} articles failed"
    )


def concurrent(options: argparse.Namespace, draft: str) -> None:
    """A hidden limit of concurrency."""
    with server("--draft", draft, *LATENCY, "--concurrent", str(options.limit)) as base_url:
        seen = run(course(base_url, options.seconds))
    report(f"{options.limit} at once", seen, [float(limit) for limit in seen.limits], options.limit)


def rate(options: argparse.Namespace, draft: str) -> None:
    """A hidden limit of requests a second."""
    with server("--draft", draft, *LATENCY, "--rps", str(options.rps)) as base_url:
        seen = run(course(base_url, options.seconds))
    report(f"{options.rps} a second", seen, seen.rates, options.rps)


def outage(options: argparse.Namespace, draft: str) -> None:
    """Everything is reset for a while."""
    # The server counts from its own start, which is about when the course begins.
    end = BEFORE_OUTAGE_S + options.outage_s
    flags = ("--concurrent", str(options.limit), "--outage", f"{BEFORE_OUTAGE_S}:{end}:reset")
    with server("--draft", draft, *LATENCY, *flags) as base_url:
        seen = run(course(base_url, end + 30))
    before = statistics.mean(seen.rates[int((BEFORE_OUTAGE_S - 5) / TICK_S) : int(BEFORE_OUTAGE_S / TICK_S) - 2])
    after = seen.rates[int(end / TICK_S) :]
    back = next((n * TICK_S for n, value in enumerate(after) if value >= (1 - WITHIN) * before), float("nan"))
    print(
        f"outage of {options.outage_s:.0f} s: {before:.0f} cards a second before it; 80% of that again {back:.1f} s after its end; "
        f"{seen.retries:.1%} of requests were retries; {seen.failed} articles failed"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    runs: dict[str, Callable[[argparse.Namespace, str], None]] = {"concurrent": concurrent, "rate": rate, "outage": outage}
    parser.add_argument("what", nargs="?", choices=[*runs, "all"], default="all")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--rps", type=int, default=500)
    parser.add_argument("--outage-s", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=40)
    options = parser.parse_args()
    from bench.throughput import draft_file

    with draft_file() as draft, suppress(KeyboardInterrupt):
        for name, measure in runs.items():
            if options.what in {name, "all"}:
                measure(options, draft)


if __name__ == "__main__":
    main()

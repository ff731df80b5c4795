"""What an uncached article costs, and how much of an endpoint's concurrency is used; beside a naive loop, and curator on request.

    python bench/throughput.py [cpu|share|all] [--rounds 3] [--articles 600] [--curator]

`cpu`: articles of 6 kB, each read, looked up in vain, asked for, validated and kept, at a server that answers at once, 32 in flight; CPU of
the client's process, rounds interleaved. `share`: replies take 500 ms; throughput at 100, 500 and 1,000 in flight as a share of
concurrency / latency, and the resident memory of each further article in flight. Client and server have a core each.
`--curator` makes a virtual environment for bespokelabs-curator (861 MB) in --venv, unless there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.article import Article  # noqa: E402  the bench runs from anywhere
from agent.sentences import sentence_spans  # noqa: E402
from tests.faults.derived import draft_of  # noqa: E402

ARTICLE_CHARS = 6_000
IN_FLIGHT = 32
LATENCY_S = 0.5
WARM = 100
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


def reply_text() -> str:
    """What the server answers every article: about as long as a real card."""
    example = Article.model_validate_json((ROOT / "examples" / "article.json").read_bytes())
    draft = draft_of(example.text)
    quote = example.text[:90].rsplit(" ", 1)[0]
    entity = {"kind": "other", "quotes": [quote], "relevance": "involved", "reason": "It is named.", "sentiment": "neutral"}
    return json.dumps(draft | {"entities": [{"name": name, **entity} for name in ("OpenAI", "Scale AI", "Google", "Meta Platforms")]})


# --- in the client's process


def child(kind: str, base_url: str, folder: str, number: int, in_flight: int) -> dict[str, Any]:
    """One measurement."""
    _pin(CLIENT_CORE)
    if kind == "naive":
        return _naive(base_url, folder, number)
    return _share(base_url, folder, in_flight) if kind == "share" else _ours(base_url, folder, number, grounded=kind == "grounded")


def _naive(base_url: str, folder: str, number: int) -> dict[str, Any]:
    from bench.peers.naive import Naive, run

    lines = list(article_lines(number + WARM, 2))
    articles = map(Article.model_validate_json, lines)
    used = Used()

    async def both() -> None:
        naive = Naive(base_url, folder)
        await run(naive, itertools.islice(articles, WARM), IN_FLIGHT)
        used.begin()
        await run(naive, articles, IN_FLIGHT)

    asyncio.run(both())
    return used.end(number)


def _ours(base_url: str, folder: str, number: int, *, grounded: bool) -> dict[str, Any]:
    lines = list(article_lines(number + WARM, 1))
    articles = map(Article.model_validate_json, lines)
    used = Used()

    async def both() -> None:
        async with _enricher(base_url, folder, IN_FLIGHT) as enricher:
            await _workers(enricher, itertools.islice(articles, WARM), IN_FLIGHT)
            used.begin()
            await _workers(enricher, articles, IN_FLIGHT)

    with contextlib.nullcontext() if grounded else _without_grounding():
        _run(both())
    return used.end(number)


def _share(base_url: str, folder: str, in_flight: int) -> dict[str, Any]:
    lines = itertools.cycle(list(article_lines(200, 3)))
    counter = itertools.count()

    def articles() -> Iterator[Article]:
        for line in lines:
            yield Article.model_validate_json(line.replace(b"It is number", b"It is number %d," % next(counter)))

    found: dict[str, Any] = {}

    async def steady() -> None:
        async with _enricher(base_url, folder, in_flight) as enricher:
            pacer = enricher.pacer
            assert pacer is not None
            working = asyncio.create_task(_workers(enricher, articles(), in_flight))
            while pacer.limit < in_flight:  # noqa: ASYNC110  the pacer has nothing to tell a bench by
                await asyncio.sleep(0.05)
            await asyncio.sleep(4 * LATENCY_S)
            first, began, cpu = pacer.counts.first, time.perf_counter(), time.process_time()
            await asyncio.sleep(8)
            sent, wall_s = pacer.counts.first - first, time.perf_counter() - began
            gc.collect()
            found.update(share=sent / wall_s * LATENCY_S / in_flight, cpu_ms=(time.process_time() - cpu) / sent * 1e3, rss_kb=_rss_kb())
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    with _without_grounding():
        _run(steady())
    return found


class Used:
    """CPU and wall time of this process."""

    def begin(self) -> None:
        """From here on."""
        gc.collect()
        self._cpu_s, self._wall_s = time.process_time(), time.perf_counter()

    def end(self, number: int) -> dict[str, Any]:
        """Until here, for so many articles."""
        return {"cpu_ms": (time.process_time() - self._cpu_s) / number * 1e3, "wall_s": time.perf_counter() - self._wall_s}


def _enricher(base_url: str, folder: str, in_flight: int) -> Any:
    from agent.enrich import Enricher
    from agent.settings import Settings

    settings = Settings(engine="llm", model="bench", base_url=base_url, cache_dir=Path(folder), concurrency=in_flight)
    return Enricher.from_settings(settings)


async def _workers(enricher: Any, articles: Iterator[Article], in_flight: int) -> None:
    async def worker() -> None:
        for article in articles:
            await enricher.enrich(article)

    await asyncio.gather(*(worker() for _ in range(in_flight)))


@contextlib.contextmanager
def _without_grounding() -> Iterator[None]:
    """Grounding costs what docs/grounding.md says; here it returns what it returned the first time."""
    import agent.making

    once: Callable[..., Any] = agent.making.ground
    kept: list[Any] = []

    def ground(*arguments: Any) -> Any:
        if not kept:
            kept.append(once(*arguments))
        return kept[0]

    with mock.patch.object(agent.making, "ground", ground):
        yield


def _run(main: Any) -> None:
    from agent.loops import run

    run(main)


def _rss_kb() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def _pin(core: int) -> None:
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


# --- in the bench's process


@contextlib.contextmanager
def server(*flags: str) -> Iterator[str]:
    """A fault server on its own core; its base URL."""
    command = [sys.executable, "-m", "tests.faults.server", *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: _pin(SERVER_CORE)) as process:  # noqa: PLW1509
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.stdout.read()


@contextlib.contextmanager
def draft_file() -> Iterator[str]:
    """The reply in a file, for the server."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as draft:
        draft.write(reply_text())
        draft.flush()
        yield draft.name


def measure(kind: str, base_url: str, number: int, in_flight: int = IN_FLIGHT) -> dict[str, Any]:
    """One child's figures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", kind, base_url, folder, str(number), str(in_flight)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    return dict(json.loads(done.stdout.splitlines()[-1]))


def curator(base_url: str, number: int, folder: Path) -> dict[str, Any]:
    """The same for curator, in its own environment."""
    from agent.prompts import load_prompts

    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "bespokelabs-curator==0.1.31"], check=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        prompts = load_prompts()
        with (work / "rows.jsonl").open("w", encoding="utf-8") as rows:
            for line in article_lines(number + 20, 4):
                article = Article.model_validate_json(line)
                rows.write(json.dumps({"id": article.id, "user": prompts.user(article, max_tokens=12_000)[0]}) + "\n")
        (work / "system.txt").write_text(prompts.system(), "utf-8")
        files = [str(work / name) for name in ("rows.jsonl", "system.txt", "none", "cache")]
        command = [str(python), str(ROOT / "bench/peers/curator.py"), base_url, *files, str(IN_FLIGHT)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=lambda: _pin(CLIENT_CORE))
        found = json.loads(done.stdout.splitlines()[-1])
    assert found["articles"] == number, found
    return {"cpu_ms": found["cpu_s"] / number * 1e3, "wall_s": found["wall_s"]}


def report_cpu(options: argparse.Namespace, draft: str) -> None:
    """The table of CPU an article."""
    kinds = ["ours", "grounded", "naive", *(["curator"] if options.curator else [])]
    rounds: list[dict[str, float]] = []
    with server("--draft", draft) as base_url:
        for _ in range(options.rounds):
            one = {}
            for kind in kinds:
                number = options.articles if kind in {"ours", "grounded"} else options.articles // 3
                made = curator(base_url, number, options.venv) if kind == "curator" else measure(kind, base_url, number)
                one[kind] = made["cpu_ms"]
            rounds.append(one)
    print(f"CPU of an uncached article, ms: median of {options.rounds} rounds [range]; how many times ours")
    for kind in kinds:
        times, ratios = ([one[kind] / by for one in rounds for by in [one["ours"] if relative else 1]] for relative in (False, True))
        name = {"grounded": "ours, with grounding"}.get(kind, kind)
        print(f"  {name:22}{_spread(times, 3)}   x {_spread(ratios, 1)}")


def report_share(draft: str) -> None:
    """The table of throughput."""
    found = {}
    with server("--draft", draft, "--latency", str(LATENCY_S)) as base_url:
        for in_flight in (100, 500, 1_000):
            found[in_flight] = measure("share", base_url, 0, in_flight)
    print(f"replies after {LATENCY_S * 1e3:.0f} ms: share of concurrency / latency, CPU a request, resident memory")
    for in_flight, one in found.items():
        print(f"  {in_flight:5} in flight  {one['share']:6.1%}  {one['cpu_ms']:.3f} ms  {one['rss_kb'] / 1024:.0f} MB")
    print(f"  each further article in flight: {(found[1_000]['rss_kb'] - found[100]['rss_kb']) / 900:.0f} kB")


def _spread(values: list[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


@lru_cache(maxsize=1)
def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["cpu", "share", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--curator", action="store_true")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv-curator")
    return parser


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--child"]:
        kind, base_url, folder, number, in_flight = sys.argv[2:]
        print(json.dumps(child(kind, base_url, folder, int(number), int(in_flight))))
        return
    options = _parser().parse_args()
    with draft_file() as draft:
        if options.what in {"cpu", "all"}:
            report_cpu(options, draft)
        if options.what in {"share", "all"}:
            report_share(draft)


if __name__ == "__main__":
    main()

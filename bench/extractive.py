"""How fast the extractive engine drafts: start, milliseconds an article of 6 kB (median, 95th percentile), growth up to 1 MB.

    python bench/extractive.py [--articles N]

It runs in one thread on articles made from the packaged example, so no two are the same and nothing is cached. A loop is a fixed piece of
Python, the same as in bench/grounding.py, timed beside each article: it tells a slow machine from slow code.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from agent.article import Article
from agent.engines.extractive import ExtractiveEngine
from agent.sentences import sentence_spans
from agent.symbols import load_symbols

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.loop import loop_ms

EXAMPLE = Path(__file__).parent.parent / "examples" / "article.json"
START = """
import asyncio, sys, time
begun = time.perf_counter()
from agent.article import Article
from agent.engines.extractive import ExtractiveEngine
from agent.symbols import load_symbols
article = Article.model_validate_json(open(sys.argv[1], "rb").read())
ready = time.perf_counter()
asyncio.run(ExtractiveEngine(load_symbols()).draft(article, lambda draft: []))
print((ready - begun) * 1e3, (time.perf_counter() - ready) * 1e3, time.process_time() * 1e3)
"""


def made(size: int, seed: int) -> Article:
    """An article of about `size` characters: the example's sentences in random order, with other figures."""
    rng = random.Random(seed)
    text = Article.model_validate_json(EXAMPLE.read_bytes()).text
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    parts: list[str] = []
    length = 0
    while length < size:
        sentence = f"{rng.choice(sentences)} Shares of Apple rose {rng.random() * 9:.1f}% as costs fell."
        parts.append(sentence)
        length += len(sentence) + 2
    return Article(title="A provider loses its largest client", text="\n\n".join(parts)[:size])


def milliseconds(engine: ExtractiveEngine, article: Article) -> tuple[float, float]:
    """Wall time and processor time of one draft; on a busy machine only the latter says much."""
    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(engine.draft(article, lambda _: []))
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3


def spread(times: list[float]) -> str:
    """Median and 95th percentile."""
    return f"median {statistics.median(times):.1f} ms, p95 {sorted(times)[int(len(times) * 0.95)]:.1f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=300)
    count = parser.parse_args().articles
    runs = [subprocess.run([sys.executable, "-c", START, str(EXAMPLE)], capture_output=True, text=True, check=True) for _ in range(5)]
    imports, first, cpu = (statistics.median(float(run.stdout.split()[at]) for run in runs) for at in range(3))
    print(f"start: imports {imports:.0f} ms; symbols, lexicons and the first article {first:.0f} ms; {cpu:.0f} ms of processor time in all")
    engine = ExtractiveEngine(load_symbols())
    milliseconds(engine, made(6_000, -1))
    gc.collect()
    gc.freeze()  # as the service and a batch do when they have begun
    walls, cpus, loops = zip(*((*milliseconds(engine, made(6_000, seed)), loop_ms()) for seed in range(count)), strict=True)
    print(f"6 kB, {count} articles, each: {spread(list(walls))} on the clock; {spread(list(cpus))} of processor time")
    loop = statistics.median(loops)
    print(f"the median is {statistics.median(cpus) / loop:.0f} loops, of which each took {loop:.2f} ms")
    for size in (10_000, 100_000, 1_000_000):
        _, took = milliseconds(engine, made(size, size))
        print(f"{size:>9,} characters: {took:8.1f} ms of processor time, {took / size * 1e3:.2f} us a character")
    for name, text in {"one word": "a" * 1_000_000, "no full stop": "Profit fell at Apple and " * 40_000, "stops": "a." * 500_000}.items():
        print(f"1 MB of {name}: {milliseconds(engine, Article(text=text))[1]:.0f} ms of processor time")


if __name__ == "__main__":
    main()

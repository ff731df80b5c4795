"""What a process takes: what it loads once, step by step; and `newscard batch` with more and more articles in flight.

    python bench/memory.py [once|batch|all]

Resident memory as the kernel counts it (proc(5)), code of libraries included, each measurement in a process of its own.

`once`: articles one after the other, of a server that answers at once. Only the first step of each kind takes its memory; the re-ask's
is what OpenAI's SDK and instructor are. `batch`: a file of articles of 6 kB is read, copies are looked for, rows are written, and replies
take 500 ms (100 ms where ten are in flight, to be done sooner); memory at its most, from the process's start to its end. What 10 and 100
in flight both have is no matter of the articles in flight: so each row is compared with the first.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FEW, SOME = 10, 200
IN_FLIGHT = (10, 100, 500, 1_000)
ARTICLES = 2_000
"""And ten times as many as are in flight: enough for caches to be as full as they become, and for the pacer to find that so many may be."""
MARK = "Never answered well."
RULES = [{"match": MARK, "answer": "wrongtool"}]


def memory_kb(name: str) -> int:
    """Resident memory of this process now (`VmRSS`) or at its most (`VmHWM`), as proc(5) has it."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith(name))


def forget_peak() -> None:
    """From here on `VmHWM` is the most since now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def once(base_url: str, folder: Path, _in_flight: int) -> dict[str, int]:
    """Step -> kB resident after it."""
    found = {"Python, and this bench": memory_kb("VmRSS")}

    async def steps() -> None:
        from agent.article import Article
        from agent.errors import ArticleError
        from bench.one_core import article_lines, enricher_for

        def note(step: str) -> None:
            gc.collect()
            found[step] = memory_kb("VmRSS")

        first, *more = map(Article.model_validate_json, article_lines(1 + FEW + SOME, 5))
        note("newscard's code")
        async with enricher_for(base_url, folder, FEW) as enricher:
            note("symbols, prompts, settings")
            await enricher.enrich(first)
            note("the first article")
            for count, article in enumerate(more, 1):
                await enricher.enrich(article)
                if count in {FEW, FEW + SOME}:
                    note(f"{count} more")
            try:
                await enricher.enrich(Article(id="asked again", text=f"{first.text} {MARK}"))
            except ArticleError:
                note("the first re-ask")

    _run(steps)
    return found


def batch(base_url: str, folder: Path, in_flight: int) -> dict[str, int]:
    """The most kB resident, and the most articles in flight, of a whole run."""
    from agent.batch.folder import RunFolder
    from agent.batch.runner import Runner
    from agent.batch.stories import Stories
    from agent.batch.watching import Nobody, Standing
    from agent.card import Card
    from agent.sources import read_placed
    from bench.one_core import article_lines, enricher_for

    class Watching(Nobody):
        most = 0

        def began(self, standing: Standing) -> None:
            self._standing = standing

        def made(self, card: Card) -> None:  # noqa: ARG002  the watcher's
            self.most = max(self.most, self._standing.in_flight)

    watching, several = Watching(), list(article_lines(200, 3))
    with (folder / "in.jsonl").open("wb") as rows:
        for number, line in zip(range(ARTICLES + 10 * in_flight), itertools.cycle(several), strict=False):
            rows.write(line.replace(b"It is number", b"It is number %d," % number).replace(b'"bench-', b'"%d-' % number) + b"\n")

    async def run() -> None:
        async with enricher_for(base_url, folder / "cache", in_flight) as enricher:
            opened, stories = RunFolder.open(folder / "run", enricher.fingerprint), Stories(folder / "run" / "stories.db")
            going = Runner(enricher, opened, stories=stories, watcher=watching)
            standing = await going.run(read_placed([str(folder / "in.jsonl")]))
            stories.close()
            opened.close()
            assert standing.cards == ARTICLES + 10 * in_flight, standing

    _run(run)
    return {"kb": memory_kb("VmHWM"), "in_flight": watching.most}


def _run(main: Callable[[], Any]) -> None:
    from agent.loops import run
    from bench.one_core import CLIENT_CORE, pin, without_grounding

    pin(CLIENT_CORE)
    with without_grounding():
        run(main())


def measured(kind: str, base_url: str, in_flight: int) -> dict[str, int]:
    """What a child found."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "child", kind, base_url, folder, str(in_flight)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report_once() -> None:
    """The table of what is loaded once."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as rules:
        rules.write(json.dumps(RULES))
        rules.flush()
        with answering("--rules", rules.name) as base_url:
            found = measured("once", base_url, 1)
    print("MB resident after each step, one article at a time")
    for (step, kb), before in zip(found.items(), [0, *found.values()], strict=False):
        print(f"  {step:28}{kb / 1024:7.1f}   {(kb - before) / 1024:+6.1f}")


def report_batch() -> None:
    """The table of a batch's memory by articles in flight."""
    print("newscard batch, MB resident at its most")
    first: dict[str, int] = {}
    for limit in IN_FLIGHT:
        with answering("--latency", "0.1" if limit == FEW else "0.5") as base_url:
            found = measured("batch", base_url, limit)
        each = f"{(found['kb'] - first['kb']) / (found['in_flight'] - first['in_flight']):5.0f} kB for each more" if first else ""
        first = first or found
        print(f"  {found['in_flight']:5} in flight: {found['kb'] / 1024:6.1f}   {each}", flush=True)


@contextlib.contextmanager
def answering(*flags: str) -> Iterator[str]:
    """The base URL of a server that answers with a draft about as long as a real one."""
    from bench.throughput import draft_file, server

    with draft_file() as draft, server("--draft", draft, *flags) as base_url:
        yield base_url


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["child"]:
        kind, base_url, folder, in_flight = sys.argv[2:]
        print(json.dumps({"once": once, "batch": batch}[kind](base_url, Path(folder), int(in_flight))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["once", "batch", "all"], default="all")
    what = parser.parse_args().what
    if what in {"once", "all"}:
        report_once()
    if what in {"batch", "all"}:
        report_batch()


if __name__ == "__main__":
    main()

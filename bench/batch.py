"""Batch runs under strain; docs/batch.md shows what came out.

python bench/batch.py kill      [--articles 2000] [--kills 50]   SIGKILL at random moments, resume each time, compare with a ledger
python bench/batch.py memory    [--rows 1000000]                 resident memory as a run goes on
python bench/batch.py served    [--rows 200000]                  the same of `newscard batch` against a server that answers at once
python bench/batch.py resume    [--rows 1000000]                 opening the folder of a finished run
python bench/batch.py cached    [--articles 1000] [--rounds 10]  CPU of an article whose draft is in the cache, grounding apart
python bench/batch.py added                                      requests for one row beside a hundred that are cached
python bench/batch.py story     [--stories 200] [--copies 5]     requests for copies that differ in boilerplate
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent import loops
from agent.article import Article
from agent.batch.folder import RunFolder
from agent.batch.heap import settle
from agent.batch.rows import Head, Spent, article_key, encode
from agent.batch.runner import Runner
from agent.batch.segments import segment_path
from agent.batch.sink import SEGMENT_BYTES
from agent.batch.stories import Stories
from agent.batch.watching import Nobody
from agent.cache import DiskDrafts
from agent.card import Card, Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults
from agent.enrich import Enricher
from agent.settings import Settings
from agent.sources import read_placed
from bench.loop import loop_ms
from tests.batch.killing import kill_again_and_again, settings, write_articles
from tests.cli.commands import NEWSCARD
from tests.faults.derived import draft_of
from tests.faults.plan import Plan
from tests.faults.server import FaultServer

WORDS = "plant output demand orders margin price supply quarter lender chip tariff outlook sales rival market cost buyer".split()
FINGERPRINT = {"bench": "rows"}


def main() -> None:
    """Run one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(required=True)
    _command(what, "kill", kill, articles=2_000, kills=50, latency_ms=100)
    _command(what, "memory", memory, rows=1_000_000)
    _command(what, "served", served, rows=200_000)
    _command(what, "resume", resume, rows=1_000_000)
    _command(what, "cached", cached, articles=1_000, rounds=10)
    _command(what, "added", added, articles=100)
    options = vars(parser.parse_args())
    run: Callable[..., None] = options.pop("run")
    with tempfile.TemporaryDirectory() as home:
        run(Path(home), **options)


def _command(what: Any, name: str, run: Callable[..., None], **options: int) -> None:
    command = what.add_parser(name)
    command.set_defaults(run=run)
    for option, default in options.items():
        command.add_argument(f"--{option.replace('_', '-')}", type=int, default=default)


def kill(home: Path, articles: int, kills: int, latency_ms: int) -> None:
    """Every id once, every line valid; the run's accounts are the ledger's, but for what was in flight at a kill."""
    with FaultServer(plan=Plan(latency_s=latency_ms / 1000)) as server:
        server.derive()
        found = kill_again_and_again(server, home, articles=articles, kills=kills)
    print(f"articles {found.articles:,}, kills {found.kills}: every id once, every line valid")
    print(f"requests billed or abandoned {found.requests:,}, {found.asked_twice} of them a second time")
    print(f"requests reported {found.reported_requests:,}, and {found.reported_lost} articles in flight at kills")
    print(f"tokens billed {found.billed}, reported {found.reported}")
    print(f"dollars billed {found.billed_usd:.6f}, reported {found.reported_usd:.6f} and up to {found.lost_usd:.6f} for what was in flight")
    assert found.reported_requests <= found.requests <= found.reported_requests + found.reported_lost
    assert found.reported_usd - 1e-9 <= found.billed_usd <= found.reported_usd + found.lost_usd + 1e-9
    print(f"requests of a further run: {found.noop_requests}")


class Scripted:
    """An engine that takes no time. It abstains but for every hundredth article: grounding a million would take hours."""

    name: Literal["llm", "extractive"] = "llm"
    ingredients: Mapping[str, str] = MappingProxyType({"model": "scripted"})

    def __init__(self) -> None:
        self._asked = 0
        whole = draft_of(text_of(0, 40))
        self._draft = Drafted(draft=Draft.model_validate(whole), usage=USAGE, model="scripted")
        self._none = Drafted(draft=Draft.model_validate(whole | {"abstain_because": "it is no news"}), usage=USAGE, model="scripted")

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """The same for everyone."""
        del article, find_faults
        self._asked += 1
        return self._draft if self._asked % 100 == 1 else self._none

    async def aclose(self) -> None:
        """Nothing is open."""


USAGE = Usage(requests=1, input_tokens=900, output_tokens=300)


def text_of(number: int, words: int) -> str:
    """A text of that many words, no two alike."""
    chosen = [WORDS[(number // len(WORDS) ** (at % 5) + at * 7) % len(WORDS)] for at in range(words)]
    sentences = [" ".join(chosen[at : at + 12]).capitalize() + "." for at in range(0, words, 12)]
    return f"Plant number {number} reported on Tuesday. " + " ".join(sentences)


class Resident(Nobody):
    """Prints resident memory ten times, at equal numbers of rows."""

    def __init__(self, rows: int) -> None:
        self._every = max(rows // 10, 1)
        self._made = 0

    def made(self, card: Card) -> None:
        """A row more."""
        del card
        self._made += 1
        if self._made % self._every == 0:
            print(f"{self._made:>9,} rows  {resident_mb('self'):6.0f} MB", flush=True)


def resident_mb(process: int | str) -> float:
    """Megabytes of a process's memory that are in use now."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _write_input(path: Path, rows: int) -> None:
    with path.open("w") as stream:
        stream.writelines(json.dumps({"id": f"a-{n}", "title": f"Plant {n}", "text": text_of(n, 60)}) + "\n" for n in range(rows))
    print(f"input {path.stat().st_size / 1e6:,.0f} MB")


def memory(home: Path, rows: int) -> None:
    """A run of `rows` articles from a file, stories on, by an engine that takes no time."""
    _write_input(home / "in.jsonl", rows)
    settle()
    started, cpu = time.monotonic(), time.process_time()
    loops.run(_memory(home, rows))
    print(f"most resident {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:.0f} MB")
    print(f"{time.monotonic() - started:.0f} s, {(time.process_time() - cpu) / rows * 1e6:.0f} us of CPU a row")


def served(home: Path, rows: int) -> None:
    """The command itself, cache, stories and all, against a loopback server without latency whose replies abstain."""
    _write_input(home / "in.jsonl", rows)
    started = time.monotonic()
    with FaultServer(keep=False) as server:
        nothing = {"abstain_because": "it is no news", "summary": "", "analysis": ""}  # so that no word of it can be wrong
        server.reply(json.dumps(draft_of("") | nothing))
        command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--quiet"]
        with subprocess.Popen(command, cwd=home, env=settings(server, home)) as process:
            for mark in range(rows // 10, rows + 1, max(rows // 10, 1)):
                while server.ledger.requests < mark and process.poll() is None:
                    time.sleep(0.05)
                if process.poll() is None:
                    print(f"{server.ledger.requests:>9,} requests  {resident_mb(process.pid):6.0f} MB", flush=True)
            assert process.wait() == 0
        assert server.ledger.requests == rows, server.ledger.as_json()
    most = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"most resident {most.ru_maxrss * 1024 / 1e6:.0f} MB, the report at the end included")
    print(f"{time.monotonic() - started:.0f} s, {(most.ru_utime + most.ru_stime) / rows * 1e6:.0f} us of CPU a row")


async def _memory(home: Path, rows: int) -> None:
    enricher = Enricher(Scripted(), Settings(concurrency=100))
    folder = RunFolder.open(home / "run", FINGERPRINT)
    stories = Stories(home / "run" / "stories.db")
    async with enricher:
        runner = Runner(enricher, folder, watcher=Resident(rows), stories=stories)
        standing = await runner.run(read_placed([str(home / "in.jsonl")]))
    stories.close()
    folder.close()
    assert standing.done == rows, standing


def resume(home: Path, rows: int) -> None:
    """Open a folder that holds `rows` cards of the usual length."""
    article = Article(id="a", title="Plant", text=text_of(1, 900))
    drafted = Drafted(draft=Draft.model_validate(draft_of(article.text)), usage=USAGE, model="scripted")
    card = Enricher(Scripted(), Settings()).card(article, drafted, cached=False, started=time.perf_counter()).to_json().encode()
    RunFolder.open(home / "run", FINGERPRINT).close()
    spent = Spent(1, 1, 900, 0, 300, 0.0012, 0.0012)
    number = 0
    with (home / "run" / "asked").open("wb") as asked:
        for segment in range(1, rows):
            if number == rows:
                break
            with segment_path(home / "run" / "rows", segment).open("wb") as stream:
                while number < rows and stream.tell() < SEGMENT_BYTES - 10_000:
                    key, at = article_key(f"a-{number}"), {"id": f"a-{number}", "place": f"in.jsonl:{number}"}
                    asked.write(key)
                    stream.write(encode(Head(key, number & 0xFFFFFFFF, "card", spent), at, card))
                    number += 1
    size = sum(path.stat().st_size for path in (home / "run" / "rows").iterdir())
    print(f"{rows:,} rows, {size / 1e6:,.0f} MB", flush=True)
    subprocess.run([sys.executable, __file__, "_open", str(home / "run")], check=True)


def opened(path: Path) -> None:
    """Open a run in a process of its own, and say what that took."""
    started, cpu = time.monotonic(), time.process_time()
    folder = RunFolder.open(path, FINGERPRINT)
    wall, cpu = time.monotonic() - started, time.process_time() - cpu
    print(f"opened in {wall:.1f} s, {cpu:.1f} s of CPU; {len(folder.index):,} ids; ", end="")
    print(f"most resident {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:.0f} MB")
    folder.close()


class Apart:
    """Wraps a function and adds up the CPU time that it takes in this thread."""

    def __init__(self, wrapped: Callable[..., Any]) -> None:
        self._wrapped = wrapped
        self.seconds = 0.0
        self.calls = 0

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What the function returns."""
        self.calls += 1
        started = time.thread_time()
        try:
            return self._wrapped(*args, **named)
        finally:
            self.seconds += time.thread_time() - started


def cached(home: Path, articles: int, rounds: int) -> None:
    """CPU of all threads, reading and writing included, from the first article to the last row on disk; the least of `rounds`.

    What is taken off as grounding is the time within calls of `agent.grounding.ground`, one an article, and nothing else but what it takes
    to look at the clock around each: calls of the system, which a run doesn't make. What a run takes once is in the figure, spread over its
    articles.
    """
    write = (json.dumps({"id": f"a-{n}", "title": f"Plant {n}", "text": text_of(n, 900)}) + "\n" for n in range(articles))
    (home / "in.jsonl").write_text("".join(write))
    loops.run(_fill(home))
    settle()  # as the command does
    found = []
    for number in range(rounds):
        loop = loop_ms(50)
        found.append((*loops.run(_cached(home, home / f"run-{number}", articles)), (loop + loop_ms(50)) / 2))
    beside, grounding, clock, _ = min(found)
    print(f"{articles:,} articles of {(home / 'in.jsonl').stat().st_size / articles / 1e3:.1f} kB, all cached")
    each = ", ".join(f"{one[0] / articles * 1e6:.0f}" for one in found)
    print(f"beside grounding {beside / articles * 1e6:.0f} us of CPU an article (rounds: {each})")
    turns = sorted(whole / articles * 1e3 / loop for whole, _, _, loop in found)
    print(f"that is {statistics.median(turns):.2f} loops of bench/loop.py (rounds: {turns[0]:.2f} to {turns[-1]:.2f})")
    off, clock = grounding / articles * 1e6, clock / articles * 1e6
    print(f"taken off: {off:,.0f} us in agent.grounding.ground, called once an article, and {clock:.0f} us that looking at the clock took")


async def _fill(home: Path) -> None:
    async with Enricher(Scripted(), Settings(), drafts=DiskDrafts(home / "cache")) as enricher:
        for placed in read_placed([str(home / "in.jsonl")]):
            assert isinstance(placed.item, Article)
            draft = Draft.model_validate(draft_of(placed.item.text))
            await enricher.keep(placed.item, Drafted(draft=draft, usage=USAGE, model="scripted"))


async def _cached(home: Path, run: Path, articles: int) -> tuple[float, float, float]:
    """Seconds beside grounding, in it, and at the clock. Two watches, one within the other: the outer one times the inner one."""
    import agent.grounding
    import agent.making

    apart = Apart(agent.grounding.ground)
    watched = Apart(apart)
    folder = RunFolder.open(run, FINGERPRINT)
    with mock.patch.object(agent.making, "ground", watched):
        async with Enricher(Scripted(), Settings(), drafts=DiskDrafts(home / "cache")) as enricher:
            await enricher.find([Article(id="none", text=text_of(0, 60))])  # opens the cache, once a run
            runner = Runner(enricher, folder)
            cpu = time.process_time()
            standing = await runner.run(read_placed([str(home / "in.jsonl")]))
            whole = time.process_time() - cpu
        folder.close()
    assert standing.cached == standing.cards == standing.done == apart.calls == articles
    return whole - watched.seconds, apart.seconds, watched.seconds - apart.seconds


def added(home: Path, articles: int) -> None:
    """One row among `articles` that were paid for, in a new run directory."""
    with FaultServer() as server:
        server.derive()
        for number, rows in enumerate((articles, articles + 1)):
            write_articles(home / "in.jsonl", rows)
            _batch(server, home, f"run-{number}")
            print(f"{rows} articles: {server.ledger.requests} requests so far")


def _batch(server: FaultServer, home: Path, out: str) -> None:
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", out, "--quiet"]
    subprocess.run(command, cwd=home, env=settings(server, home), check=True, timeout=600)


if __name__ == "__main__":
    if sys.argv[1:2] == ["_open"]:
        opened(Path(sys.argv[2]))
    else:
        main()

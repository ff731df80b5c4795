"""Killing a run again and again at random moments, and what must hold afterwards."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agent.batch.folder import RunFolder, read_manifest
from agent.batch.reading import Runs
from agent.batch.rows import read_head
from tests.cli.commands import NEWSCARD, environment
from tests.faults.server import FaultServer

TEXT = (
    "Halden Semiconductor lowered its outlook for the year on Tuesday, its plant number {number} said. It now sees sales of {number} "
    "million dollars in its largest market. Analysts had expected more from the maker of power chips, whose shares fell in early trading."
)
PRICES = """prices:
- {{model: test-model, endpoint: "{host}", effective_from: 2020-01-01, input: 1.0, cached_input: 1.0, output: 4.0, source: the ledger's}}
"""


@dataclass(frozen=True)
class Killed:
    """What the kills came to. `asked_twice`: requests beyond the first for their article; `reported_lost`: what the run says of them."""

    articles: int
    kills: int
    requests: int
    asked_twice: int
    reported_requests: int
    reported_lost: int
    billed: tuple[int, int]
    reported: tuple[int, int]
    billed_usd: float
    reported_usd: float
    lost_usd: float
    """What the run says that its lost answers cost at most."""
    noop_requests: int


def write_articles(path: Path, count: int) -> None:
    """JSON lines of articles `a-0`, `a-1`, ..., each a story of its own."""
    lines = ({"id": f"a-{n}", "title": f"Halden lowers its outlook, plant {n}", "text": TEXT.format(number=n)} for n in range(count))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def settings(server: FaultServer, home: Path) -> dict[str, str]:
    """The environment of a run against `server`, which has a price."""
    prices = home / "prices.yaml"
    prices.write_text(PRICES.format(host=server.host))
    return environment(
        home,
        NEWSCARD_BASE_URL=server.base_url,
        NEWSCARD_MODEL="test-model",
        NEWSCARD_CACHE_DIR=str(home / "cache"),
        NEWSCARD_PRICES=str(prices),
    )


def kill_again_and_again(server: FaultServer, home: Path, *, articles: int, kills: int, seed: int = 1) -> Killed:
    """Run `articles` to the end through `kills` SIGKILLs, then once more; raises AssertionError where a promise is broken."""
    chance = random.Random(seed)
    write_articles(home / "in.jsonl", articles)
    env = settings(server, home)
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--quiet"]
    for _ in range(kills):
        with subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _wait(server, process, chance.uniform(0, 1.5 * articles / kills))
            time.sleep(chance.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
    finished = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert finished.returncode == 0, finished.stderr
    before = server.ledger.requests
    again = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert again.returncode == 0, again.stderr
    return _account(server, home / "run", articles, kills, before)


def _wait(server: FaultServer, process: subprocess.Popen[bytes], requests: float) -> None:
    """For so many further requests, or until the run is over or makes none for long."""
    start, until = server.ledger.requests, time.monotonic() + 20
    while process.poll() is None and server.ledger.requests - start < requests and time.monotonic() < until:
        time.sleep(0.005)


def _account(server: FaultServer, run: Path, articles: int, kills: int, before: int) -> Killed:
    ids = Counter(row.id for row in Runs([run]).rows())
    assert ids == Counter(f"a-{n}" for n in range(articles)), "every id once"
    text = b"".join(path.read_bytes() for path in sorted((run / "rows").iterdir()))
    assert all(read_head(line) for line in text.splitlines(keepends=True)), "every line valid"
    folder = RunFolder.open(run, read_manifest(run)["fingerprint"])
    folder.close()
    spent, ledger = folder.spent, server.ledger
    return Killed(
        articles=articles,
        kills=kills,
        requests=ledger.requests,
        asked_twice=ledger.requests - articles,
        reported_requests=spent.requests,
        reported_lost=folder.lost,
        billed=(ledger.input_tokens, ledger.output_tokens),
        reported=(spent.input_tokens, spent.output_tokens),
        billed_usd=float(ledger.as_json()["dollars"]),
        reported_usd=spent.cost_usd or 0.0,
        lost_usd=folder.lost_usd or 0.0,
        noop_requests=ledger.requests - before,
    )

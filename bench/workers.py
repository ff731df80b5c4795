"""One Ray worker and two, by turns, against a loopback server of 500 ms; docs/scale.md shows what came out.

python bench/workers.py [--articles 320] [--concurrency 8]

Concurrency is capped per worker, so that two can do twice as much. Ray's start isn't counted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.batch.killing import settings, write_articles
from tests.cli.commands import NEWSCARD
from tests.faults.plan import Plan
from tests.faults.server import FaultServer


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=320)
    parser.add_argument("--concurrency", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, FaultServer(plan=Plan(latency_s=0.5), keep=False) as server:
        server.derive()
        write_articles(Path(home) / "in.jsonl", options.articles)
        rates = {workers: options.articles / _seconds(Path(home), server, workers, options.concurrency) for workers in (1, 2)}
    for workers, rate in rates.items():
        print(f"{workers} of at most {options.concurrency} in flight each: {rate:.1f} articles a second")
    print(f"two do {rates[2] / rates[1]:.2f} times as much as one")


def _seconds(home: Path, server: FaultServer, workers: int, concurrency: int) -> float:
    env = settings(server, home) | {"NEWSCARD_CONCURRENCY": str(concurrency), "NEWSCARD_CACHE": "false"}
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", f"run-{workers}", "--runner", "ray", "--ray-workers", str(workers)]
    done = subprocess.run([*command, "--no-copies", "--log-json"], cwd=home, env=env, capture_output=True, text=True, check=True)
    at = {said["event"]: said["time"] for said in map(json.loads, done.stderr.splitlines())}
    return float(at["health"] - at["began"])


if __name__ == "__main__":
    main()

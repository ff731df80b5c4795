"""The provider's Batch API at size, against a loopback one in a process of its own; docs/scale.md shows what came out.

python bench/remote.py [--requests 120001] [--cache]

"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.batch.killing import PRICES, write_articles
from tests.cli.commands import NEWSCARD, ROOT, environment

MB = 1024 * 1024


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=120_001)
    parser.add_argument("--cache", action="store_true", help="keep drafts in the cache too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        _measure(Path(home), options.requests, cache=options.cache)


def _measure(home: Path, requests: int, *, cache: bool) -> None:
    write_articles(home / "in.jsonl", requests)
    server = subprocess.Popen([sys.executable, "-m", "tests.faults.batches"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        _run(home, url, requests, cache=cache)
    finally:
        server.kill()
        server.wait()


def _run(home: Path, url: str, requests: int, *, cache: bool) -> None:
    prices = home / "prices.yaml"
    prices.write_text(PRICES.format(host=url.split("/")[2]))
    env = environment(
        home,
        NEWSCARD_BASE_URL=url,
        NEWSCARD_MODEL="test-model",
        NEWSCARD_CACHE="true" if cache else "false",
        NEWSCARD_CACHE_DIR=str(home / "cache"),
        NEWSCARD_PRICES=str(prices),
        NEWSCARD_POLL_S="0.5",
    )
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--runner", "openai-batch", "--no-copies", "--log-json"]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=home, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        _one_core(process.pid)
        peaks: list[tuple[int, float]] = []
        for line in process.stderr:
            said = json.loads(line)
            if said["event"] in {"progress", "waiting"}:
                done = said.get("done", sum(batch.get("done", 0) for batch in said.get("batches", [])))
                peaks.append((done, _resident_mb(process.pid)))
    took_s = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime
    with urllib.request.urlopen(url.replace("/v1", "/ledger")) as answer:  # noqa: S310  the loopback server's
        ledger = json.load(answer)
    print(f"{requests:,} requests: exit code {process.returncode}, {ledger['requests']:,} answered in {ledger['batches']} batches")
    print(f"end to end {took_s:.0f} s, {cpu_s:.0f} s of CPU ({1000 * cpu_s / requests:.2f} ms an article)")
    for share in (0.25, 0.5, 0.75, 1.0):
        done, resident = peaks[min(int(share * len(peaks)), len(peaks) - 1)]
        print(f"  resident {resident:.0f} MB at {done:,} done")


def _one_core(pid: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {max(os.sched_getaffinity(0))})


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


if __name__ == "__main__":
    main()

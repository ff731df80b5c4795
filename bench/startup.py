"""How long a user waits before anything happens: `newscard --help`, a card without a model, a card from the cache.

    python bench/startup.py [--runs 15]

Whole processes: wall time, median and slowest, and the processor's median; then the imports that take longest. The cached card is made
once through a server on
the loopback that speaks OpenAI's chat completions, then read from the cache with the server gone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
NEWSCARD = [sys.executable, "-m", "agent"]
ARTICLE = str(ROOT / "examples" / "article.json")


RATING = {"reason": "As the article says.", "level": 2}
DRAFT = {
    "entities": [
        {
            "name": "Meta Platforms",
            "kind": "public company",
            "quotes": ["Meta Platforms agreed to put billions of dollars into the data-labeling startup"],
            "relevance": "central",
            "reason": "It invests.",
            "sentiment": "positive",
        }
    ],
    "topics": ["Artificial Intelligence"],
    "impact": dict.fromkeys(["materiality", "breadth", "surprise", "immediacy", "certainty"], RATING),
    "overall": {"reason": "A supplier loses a customer.", "label": "negative"},
    "abstain_because": None,
    "summary": "OpenAI is phasing out its work with Scale AI after Meta agreed to invest in it.",
    "analysis": "OpenAI is phasing out its work with Scale AI. Sentiment is negative overall and positive for Meta.",
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers every request with the draft, as a chat completion."""

    def do_POST(self) -> None:
        """One reply."""
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": json.dumps(DRAFT)}
        usage = {"prompt_tokens": 3000, "completion_tokens": 400, "total_tokens": 3400}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        body = json.dumps(
            {"id": "c-1", "object": "chat.completion", "created": 1, "model": "example", "choices": choices, "usage": usage}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def cached_card_times(home: str, runs: int) -> list[Times]:
    """Make a card through a server, close the server, read the card from the cache again and again."""
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    extra = {"NEWSCARD_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1", "NEWSCARD_MODEL": "example", "NEWSCARD_MAX_REASKS": "0"}
    command = [*NEWSCARD, "enrich", ARTICLE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(home, **extra), cwd=home)
    server.shutdown()
    server.server_close()
    return times(command, home, runs, **extra)


def environment(home: str, **extra: str) -> dict[str, str]:
    """Nothing of the user's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCARD_", "OPENAI_"))}
    return kept | {"HOME": home, "PYTHONPATH": str(ROOT), "NEWSCARD_CACHE_DIR": f"{home}/cache", **extra}


class Times(NamedTuple):
    """Milliseconds of one run: by the clock, and of the processor, which a busy machine changes less."""

    wall_ms: float
    cpu_ms: float


def times(command: list[str], home: str, runs: int, **extra: str) -> list[Times]:
    """`runs` runs, after one that warms the disk up."""
    found = []
    for _ in range(runs + 1):
        start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(home, **extra), cwd=home)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        found.append(Times((time.perf_counter() - start) * 1000, cpu_s * 1000))
    return found[1:]


def slowest_imports(home: str, arguments: list[str], top: int = 12) -> list[str]:
    """Modules by their own import time, the slowest first."""
    command = [sys.executable, "-X", "importtime", "-m", "agent", *arguments]
    lines = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(home), cwd=home).stderr.splitlines()
    rows = [line.removeprefix("import time:").split("|") for line in lines if line.startswith("import time:") and "self [us]" not in line]
    rows.sort(key=lambda row: -int(row[0]))
    total = sum(int(row[0]) for row in rows)
    return [
        f"  {total / 1000:7.1f} ms  {len(rows)} modules",
        *(f"  {int(own) / 1000:7.1f} ms  {name.strip()}" for own, _, name in rows[:top]),
    ]


def report(name: str, found: list[Times]) -> None:
    """One line of the table."""
    wall, cpu = ([getattr(one, field) for one in found] for field in Times._fields)
    print(f"{name:<24} {statistics.median(wall):6.0f} ms   slowest {max(wall):5.0f} ms   processor {statistics.median(cpu):5.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        report("python -c pass", times([sys.executable, "-c", "pass"], home, runs))
        report("newscard --help", times([*NEWSCARD, "--help"], home, runs))
        report("newscard version", times([*NEWSCARD, "version"], home, runs))
        report("extractive card", times([*NEWSCARD, "enrich", "--engine", "extractive", ARTICLE], home, runs))
        report("card from the cache", cached_card_times(home, runs))
        print("imports of newscard --help:", *slowest_imports(home, ["--help"]), sep="\n")


if __name__ == "__main__":
    main()

"""What an uncached article costs, and how much of an endpoint's concurrency is used; beside a naive loop, and curator on request.

    python bench/throughput.py [posts|cpu|share|all] [--rounds 3] [--articles 600] [--wait 0] [--tls] [--curator PYTHON]

`posts`: requests and nothing else. `cpu`: articles of 6 kB, each read, looked up in vain, asked for, validated and kept, at a server that
answers at once, 32 in flight; CPU of the client's process, all threads, rounds interleaved. `share`: replies take 500 ms; throughput at
100, 500 and 1,000 in flight as a share of concurrency / latency, the best of the rounds, what other programs took of the client's core
meanwhile, and resident memory, of all rounds the worst: at rest, when the process has done 200 articles and has none in hand, and at its
most from then on; the difference for each article in flight; and what each more takes than with the row before (bench/memory.py has what
is loaded once); with `--tls` through HTTPS, as endpoints speak it (openssl makes the certificate). Each measurement waits up to `--wait`
seconds for a moment when both cores are idle. Client and server have a core each.
`--curator` names the Python of an environment of its own that has bespokelabs-curator (861 MB):

    python -m venv /tmp/curator && /tmp/curator/bin/pip install bespokelabs-curator==0.1.31
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.article import Article  # noqa: E402  the bench runs from anywhere
from bench.one_core import CLIENT_CORE, SERVER_CORE, article_lines, busy_s, pin  # noqa: E402
from tests.faults.derived import draft_of  # noqa: E402

IN_FLIGHT = 32
LATENCY_S = 0.5
BUSY = 0.2
"""A core of which others take less is taken to be quiet."""
NAMES = {"ours": "newscard", "batch": "newscard batch, rows written", "grounded": "newscard, with grounding"}


@dataclass(frozen=True)
class Server:
    """A fault server in a process on a core of its own."""

    base_url: str
    pid: int

    @property
    def cpu_s(self) -> float:
        """What it has used so far (proc(5): utime and stime)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(*flags: str) -> Iterator[Server]:
    """The server while it runs."""
    command = [sys.executable, "-m", "tests.faults.server", *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=partial(pin, SERVER_CORE)) as process:  # noqa: PLW1509
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()
            process.stdout.read()


@contextlib.contextmanager
def server(*flags: str) -> Iterator[str]:
    """Its base URL."""
    with serving(*flags) as found:
        yield found.base_url


@contextlib.contextmanager
def certified(*, tls: bool) -> Iterator[list[str]]:
    """The server's flags for HTTPS, whose certificate children trust meanwhile; none without."""
    if not tls:
        yield []
        return
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, SSL_CERT_FILE=f"{folder}/cert.pem"):
        names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
        made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem", *names)
        subprocess.run(made, cwd=folder, check=True, capture_output=True)
        yield ["--tls", f"{folder}/cert.pem", f"{folder}/key.pem"]


def reply_text() -> str:
    """What the server answers every article: about as long as a real card."""
    example = Article.model_validate_json((ROOT / "examples" / "article.json").read_bytes())
    draft = draft_of(example.text)
    quote = example.text[:90].rsplit(" ", 1)[0]
    entity = {"kind": "other", "quotes": [quote], "relevance": "involved", "reason": "It is named.", "sentiment": "neutral"}
    return json.dumps(draft | {"entities": [{"name": name, **entity} for name in ("OpenAI", "Scale AI", "Google", "Meta Platforms")]})


@contextlib.contextmanager
def draft_file() -> Iterator[str]:
    """The reply in a file, for the server."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as draft:
        draft.write(reply_text())
        draft.flush()
        yield draft.name


def measure(kind: str, base_url: str, number: int = 0, in_flight: int = IN_FLIGHT) -> dict[str, Any]:
    """One child's figures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "bench/one_core.py"), kind, base_url, folder, str(number), str(in_flight)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def curator(python: Path, base_url: str, number: int) -> dict[str, Any]:
    """The same for curator, in its own environment."""
    from agent.prompts import load_prompts

    prompts = load_prompts()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        with (work / "rows.jsonl").open("w", encoding="utf-8") as rows:
            for line in article_lines(number + 20, 4):
                article = Article.model_validate_json(line)
                rows.write(json.dumps({"id": article.id, "user": prompts.user(article, max_tokens=12_000)[0]}) + "\n")
        (work / "system.txt").write_text(prompts.system(), "utf-8")
        command = [
            str(python),
            str(ROOT / "bench/peers/curator.py"),
            base_url,
            *(str(work / file) for file in ("rows.jsonl", "system.txt")),
        ]
        command += [str(work / "cache"), str(IN_FLIGHT)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=lambda: pin(CLIENT_CORE))
        found = json.loads(done.stdout.splitlines()[-1])
    assert found["articles"] == number, found
    return {"cpu_ms": found["cpu_s"] / number * 1e3}


def report_posts(options: argparse.Namespace, draft: str) -> None:
    """A request alone."""
    with serving("--draft", draft) as at:
        pairs = [
            [measure(kind, at.base_url, 5 * options.articles)["cpu_ms"] for kind in ("posts", "session's posts")]
            for _ in range(options.rounds)
        ]
    ours, sessions = zip(*pairs, strict=True)
    ratio = _spread([session / our for our, session in pairs], 1)
    print(f"CPU of a request alone, ms: {_spread(ours, 3)}; by aiohttp's session {_spread(sessions, 3)}, x {ratio}")


def report_cpu(options: argparse.Namespace, draft: str) -> None:
    """The table of CPU an article."""
    kinds = ["ours", "batch", "grounded", "naive", *(["curator"] if options.curator else [])]
    rounds: list[dict[str, float]] = []
    with serving("--draft", draft) as at:
        for _ in range(options.rounds):
            one = {}
            for kind in kinds:
                number = options.articles // 3 if kind == "naive" else options.articles
                made = curator(options.curator, at.base_url, number) if kind == "curator" else measure(kind, at.base_url, number)
                one[kind] = made["cpu_ms"]
            rounds.append(one)
    print(f"CPU of an uncached article, ms: median of {options.rounds} rounds [range]; times newscard's in the same round; least to least")
    least = min(one["ours"] for one in rounds)
    for kind in kinds:
        times, ratios = ([one[kind] / by for one in rounds for by in [one["ours"] if relative else 1]] for relative in (False, True))
        print(f"  {NAMES.get(kind, kind):30}{_spread(times, 3)}   x {_spread(ratios, 1)}   x {min(times) / least:.1f}")


def wait_for_quiet(seconds: float) -> None:
    """Wait until other programs leave both cores alone, but no longer than that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        before = [busy_s(core) for core in (CLIENT_CORE, SERVER_CORE)]
        time.sleep(1)
        if all(busy_s(core) - was < BUSY for core, was in zip((CLIENT_CORE, SERVER_CORE), before, strict=True)):
            return


def report_share(options: argparse.Namespace, draft: str) -> None:
    """The table of throughput."""
    print(f"replies after {LATENCY_S * 1e3:.0f} ms; the best of {options.rounds} rounds [range]")
    fewer: tuple[int, float] | None = None
    with certified(tls=options.tls) as flags, serving("--draft", draft, "--latency", str(LATENCY_S), *flags) as at:
        for in_flight in (100, 500, 1_000):
            found = []
            for _ in range(options.rounds):
                wait_for_quiet(options.wait)
                cpu_s = at.cpu_s
                one = measure("share", at.base_url, in_flight=in_flight)
                one["share"] = one["per_s"] * LATENCY_S / in_flight
                one["server_ms"] = (at.cpu_s - cpu_s) / one["asked"] * 1e3
                found.append(one)
            best = max(found, key=lambda one: one["share"])
            shares = [one["share"] for one in found]
            print(f"  {in_flight:5} in flight: {best['share']:.1%} [{min(shares):.0%}-{max(shares):.0%}] of concurrency / latency")
            each = f"CPU {best['cpu_ms']:.3f} ms, the server's {best['server_ms']:.3f} ms"
            print(f"        each article: {each}; the pacer's limit {best['limit']}; {best['others']:.0%} of the core for others")
            fewer = _print_memory(found, in_flight, fewer)


def _print_memory(found: Sequence[dict[str, Any]], in_flight: int, fewer: tuple[int, float] | None) -> tuple[int, float]:
    """The round with the most; how many were in flight and how many kB that were, for the next row."""
    one = max(found, key=lambda one: one["most_kb"] - one["rest_kb"])
    rest, most = one["rest_kb"], one["most_kb"]
    each = f"{(most - rest) / in_flight:.0f} kB for each article in flight"
    if fewer is not None:
        each += f", {(most - fewer[1]) / (in_flight - fewer[0]):.0f} kB for each more than {fewer[0]}"
    print(f"        resident: {rest / 1024:.1f} MB at rest, {most / 1024:.1f} at its most: {each}", flush=True)
    return in_flight, most


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["posts", "cpu", "share", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--curator", type=Path, metavar="PYTHON")
    return parser


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    with draft_file() as draft:
        if options.what in {"posts", "all"}:
            report_posts(options, draft)
        if options.what in {"cpu", "all"}:
            report_cpu(options, draft)
        if options.what in {"share", "all"}:
            report_share(options, draft)


if __name__ == "__main__":
    main()

"""What the service costs, beside the least that could answer the same bytes: cached cards, streams, lists, live requests beside a batch.

    python bench/service.py cached  [--rounds 5] [--seconds 4]   # CPU a request, ours and a bare ASGI app's; latency at 64 connections
    python bench/service.py streams [--streams 500]              # memory with that many streams open at once
    python bench/service.py list    [--cards 1000000] [--folder DIR]   # a page of the list over so many cards; DIR keeps them
    python bench/service.py beside  [--articles 400]             # latency of live requests with and without a batch

Servers are processes of their own on the loopback; CPU is their user and system time, memory their resident set, as the kernel counts
them. `cached` drives both servers with wrk where it is installed (Debian's `wrk`), else with a driver in Python that has less to give.
"stolen" is the share of the processors' time that the host of a virtual machine gave to others: where it is, waits are the machine's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

CONNECTIONS = 64
MOST_ROUNDS = 6
TICKS = os.sysconf("SC_CLK_TCK")
WRK = shutil.which("wrk")
ORDER = json.dumps({"article": json.loads((ROOT / "examples" / "article.json").read_bytes())}).encode()

BARE = """
import sys, pathlib
BODY = pathlib.Path(sys.argv[1]).read_bytes()
START = {"type": "http.response.start", "status": 200,
         "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]}
ANSWER = {"type": "http.response.body", "body": BODY}
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send(START)
    await send(ANSWER)
import uvicorn
uvicorn.run(app, port=int(sys.argv[2]), log_level="critical", access_log=False, lifespan="off")
"""
LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = io.open("%s", "rb"):read("*a")
"""


@dataclass
class Server:
    """A process that listens, and what the kernel knows of it."""

    process: subprocess.Popen[bytes]
    address: str

    @property
    def cpu_s(self) -> float:
        """User and system time so far, seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self, name: str = "VmRSS") -> float:
        """Resident memory now, or at its most (`VmHWM`); MB of a million bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        (kilobytes,) = re.findall(rf"{name}:\s+(\d+) kB", status)
        return int(kilobytes) * 1024 / 1e6


def free_port() -> int:
    """A port that nobody has now."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def environment(**changes: str) -> dict[str, str]:
    """This one without settings of the user's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCARD_", "OPENAI_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


@contextmanager
def running(command: list[str], address: str, path: str, **environ: str) -> Iterator[Server]:
    """A server, from when it answers at `path` until the end of the context."""
    process = subprocess.Popen(command, env=environment(**environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                fetch(address + path)
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command[:3]} ended with {process.returncode}") from None
                time.sleep(0.1)
        yield Server(process, address)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def newscard(folder: Path, *flags: str, **environ: str) -> Iterator[Server]:
    """The service, with its data in `folder`."""
    port = free_port()
    command = [sys.executable, "-m", "agent", "serve", "--port", str(port), "--data-dir", str(folder), "--quiet", *flags]
    with running(command, f"http://127.0.0.1:{port}", "/healthz", NEWSCARD_CACHE_DIR=str(folder / "drafts"), **environ) as server:
        yield server


@contextmanager
def endpoint(*flags: str) -> Iterator[str]:
    """A model's endpoint that derives drafts from articles; its base URL."""
    port = free_port()
    command = [sys.executable, "-m", "tests.faults.server", "--derive", "--port", str(port), *flags]
    with running(command, f"http://127.0.0.1:{port}", "/ledger"):
        yield f"http://127.0.0.1:{port}/v1"


def post(server: Server, path: str, body: bytes, **headers: str) -> bytes:
    """The answer's body."""
    asked = urllib.request.Request(server.address + path, body, {"content-type": "application/json", **headers})  # noqa: S310  our own
    return fetch(asked)


def fetch(asked: str | urllib.request.Request) -> bytes:
    """The body of an answer."""
    body: bytes = urllib.request.urlopen(asked, timeout=120).read()  # noqa: S310  the same
    return body


def cached(options: argparse.Namespace) -> None:
    """CPU and latency of a card that was made before."""
    with tempfile.TemporaryDirectory() as name, endpoint() as base_url:
        folder = Path(name)
        with newscard(folder, NEWSCARD_BASE_URL=base_url, NEWSCARD_MODEL="bench") as ours:
            answers = [post(ours, "/v1/cards", ORDER) for _ in range(3)]
            assert answers[1] == answers[2]
            (folder / "answer").write_bytes(answers[2])
            (folder / "order").write_bytes(ORDER)
            port = free_port()
            bare_command = [sys.executable, "-c", BARE, str(folder / "answer"), str(port)]
            with running(bare_command, f"http://127.0.0.1:{port}", "/") as bare:
                _compare(ours, bare, folder, options)


def _compare(ours: Server, bare: Server, folder: Path, options: argparse.Namespace) -> None:
    print(f"a card of {len((folder / 'answer').read_bytes()):,} bytes, {CONNECTIONS} connections, driven by {'wrk' if WRK else 'Python'}")
    print("round  bare us  ours us  ratio  ours p50 ms  p99 ms  requests/s  bare p99 ms  stolen")
    ratios, slowest = [], []
    for number in range(options.rounds):
        measured, processor = {}, _processor()
        for label, server in (("bare", bare), ("ours", ours)) if number % 2 else (("ours", ours), ("bare", bare)):
            before = server.cpu_s
            requests, p50, p99 = (_wrk if WRK else _drive)(server.address + "/v1/cards", folder / "order", options.seconds)
            measured[label] = ((server.cpu_s - before) / requests * 1e6, p50, p99, requests / options.seconds)
        ratio = measured["ours"][0] / measured["bare"][0]
        ratios.append(ratio)
        us, p50, p99, rate = measured["ours"]
        bare_us, bare_p99 = measured["bare"][0], measured["bare"][2]
        stolen, passed = (now - before for now, before in zip(_processor(), processor, strict=True))
        slowest.append(p99)
        row = f"{number:5}  {bare_us:7.1f}  {us:7.1f}  {ratio:5.2f}  {p50:11.2f}  {p99:6.2f}  {rate:10,.0f}  {bare_p99:11.2f}"
        print(f"{row}  {stolen / passed:6.1%}")
    print(f"CPU of a cached card, times a bare app's: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"99% of cached cards were there within {statistics.median(slowest):.1f} ms ({min(slowest):.1f} to {max(slowest):.1f} by round)")


def _processor() -> tuple[int, int]:
    """Ticks of all cores that the machine's host gave to others, and ticks that have passed."""
    fields = [int(field) for field in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    return fields[7], sum(fields)


def _wrk(url: str, order: Path, seconds: float) -> tuple[int, float, float]:
    script = order.with_suffix(".lua")
    script.write_text(LUA % order, "ascii")
    assert WRK
    command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--latency", "-s", str(script), url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    (requests,) = re.findall(r"(\d+) requests in", text)
    return int(requests), _ms(text, "50%"), _ms(text, "99%")


def _ms(text: str, share: str) -> float:
    ((value, unit),) = re.findall(rf"{share}\s+([\d.]+)(us|ms|s)", text)
    return float(value) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]


def _drive(url: str, order: Path, seconds: float) -> tuple[int, float, float]:
    host, _, path = url.removeprefix("http://").partition("/")
    body = order.read_bytes()
    head = f"POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return asyncio.run(_driven(host, head.encode() + body, seconds))


async def _driven(host: str, request: bytes, seconds: float) -> tuple[int, float, float]:
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def one() -> None:
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            (length,) = re.findall(rb"content-length: (\d+)", head)
            await reader.readexactly(int(length))
            times.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    cuts = statistics.quantiles(times, n=100)
    return len(times), cuts[49] * 1e3, cuts[98] * 1e3


def article(number: int) -> dict[str, Any]:
    """The example under another id, with a sentence of its own."""
    example: dict[str, Any] = json.loads((ROOT / "examples" / "article.json").read_bytes())
    return {**example, "id": f"bench-{number}", "text": f"{example['text']} This is copy number {number} of {number}."}


def streams(options: argparse.Namespace) -> None:
    """Memory while many cards are told at once."""
    count, rounds = options.streams, 0
    with tempfile.TemporaryDirectory() as name, endpoint("--pause", "0.2") as base_url:
        flags = {"NEWSCARD_BASE_URL": base_url, "NEWSCARD_MODEL": "bench", "NEWSCARD_CONCURRENCY": str(count)}
        with newscard(Path(name), **flags) as server:
            asyncio.run(_told(server, range(3)))
            before, drafted = server.memory_mb(), 0
            print(f"{before:.0f} MB after 3 streams")
            # The pacer begins with 8 requests at once, and finds out in some rounds that the endpoint takes them all.
            while drafted < count and rounds < MOST_ROUNDS:
                first = 3 + rounds * count
                rounds += 1
                most, ended = asyncio.run(_told(server, range(first, first + count)))
                drafted = json.loads(fetch(base_url.removesuffix("/v1") + "/ledger"))["most_in_flight"]
                peak = server.memory_mb("VmHWM")
                told = f"{most} streams open at once, {drafted} drafted at once, {ended} ended with their card"
                print(f"round {rounds}: {told}; {peak:.0f} MB at its most, {(peak - before) / count * 1e3:.0f} kB a stream", flush=True)


async def _told(server: Server, numbers: range) -> tuple[int, int]:
    """The most that were open at once, and how many ended with a card."""
    state = {"open": 0, "most": 0, "ended": 0}

    async def one(number: int) -> None:
        host, _, port = server.address.removeprefix("http://").partition(":")
        body = json.dumps({"article": article(number)}).encode()
        head = (
            f"POST /v1/cards HTTP/1.1\r\nhost: {host}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
            f"connection: close\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head.encode() + body)
        head_of_answer = await reader.readuntil(b"\r\n\r\n")
        assert b"200 OK" in head_of_answer, head_of_answer
        state["open"] += 1
        state["most"] = max(state["most"], state["open"])
        rest = await reader.read(-1)
        state["open"] -= 1
        state["ended"] += b"event: card" in rest
        writer.close()

    await asyncio.gather(*(one(number) for number in numbers))
    return state["most"], state["ended"]


SHAPES = {
    "newest": "",
    "a ticker": "ticker=T0007",
    "a rare ticker": "ticker=T1999",
    "a topic": "topic=Topic+3",
    "ticker and topic": "ticker=T0007&topic=Topic+3",
    "strongly negative": "sentiment=strongly+negative",
    "impact 0.9 or more": "min_impact=0.9",
    "an impact that nobody has": "min_impact=1",
    "a month": "from=2024-02-01&to=2024-02-29",
    "a frequent word": "q=w1",
    "a rare word": "q=w19990",
    "two words and a ticker": "q=w3+w1&ticker=T0007",
    "a begun word": "q=w1+w12",
    "a ticker that is on no card": "ticker=NONE",
    "a word and an impact nobody has": "q=w2&min_impact=1",
}
PAGES = ("newest", "a rare ticker", "ticker and topic", "a frequent word", "two words and a ticker")
"""Shapes that are asked of the news list's page too, which shows 30 cards where the API gives 50."""


def lists(options: argparse.Namespace) -> None:
    """A page of the list over many cards."""
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        fill(folder / "cards.db", options.cards)
        with newscard(folder, "--engine", "extractive") as server:
            gigabytes = (folder / "cards.db").stat().st_size / 1e9
            print(f"{options.cards:,} cards in {gigabytes:.1f} GB of SQLite; {options.rounds} questions of each shape")
            print(f"{'':34} server CPU ms   wall ms: median     most   cards")
            for shape, query in SHAPES.items():
                _ask(server, shape, f"/v1/cards?{query}", options.rounds)
            for shape in PAGES:
                _ask(server, f"HTML: {shape}", f"/?{SHAPES[shape]}", options.rounds)


def _ask(server: Server, shape: str, path: str, rounds: int) -> None:
    times = []
    try:
        fetch(server.address + path)
    except urllib.error.HTTPError as exc:
        print(f"{shape:34} {exc.code}: {json.loads(exc.read())['code']}")
        return
    before = server.cpu_s
    for _ in range(rounds):
        began = time.perf_counter()
        answer = fetch(server.address + path)
        times.append((time.perf_counter() - began) * 1e3)
    cpu = (server.cpu_s - before) / rounds * 1e3
    found = answer.count(b"<article") if answer.startswith(b"<!doctype") else len(json.loads(answer)["cards"])
    print(f"{shape:34} {cpu:13.1f} {statistics.median(times):17.1f} {max(times):8.1f} {found:7}")


def fill(path: Path, count: int) -> None:
    """A store of so many cards as the service would have made it, written past SQLAlchemy, which would take half an hour."""
    from agent.web.store import open_database
    from agent.web.store.keys import key_of
    from agent.web.store.search import facet_word, searched_text
    from tests.present.sample import ARTICLE, CARD

    open_database(f"sqlite:///{path}").dispose()
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        database.execute(f"PRAGMA {pragma}")
    (there,) = database.execute("SELECT count(*) FROM cards").fetchone()
    rng, start = random.Random(7), datetime(2023, 1, 1, tzinfo=UTC)
    labels = ["strongly negative", "negative", "neutral", "positive", "strongly positive"]
    article_json, whole = ARTICLE.model_dump_json().encode(), CARD.to_json()
    for first in range(there, count, 20_000):
        cards, facets, words = [], [], []
        for number in range(first, min(first + 20_000, count)):
            card_id, moment = f"card-{number}", start + timedelta(seconds=number * 90)
            key, label = key_of(moment, "", card_id), rng.choice(labels)
            mine = {("ticker", f"T{int(rng.paretovariate(0.6)) % 2_000:04}"), ("topic", f"Topic {rng.randrange(41)}"), ("topic", "Topic 3")}
            body = searched_text(CARD) + " " + " ".join(f"w{int(rng.paretovariate(0.3)) % 20_000}" for _ in range(30))
            text = whole.replace(CARD.id, card_id)
            cards.append((key, "", card_id, label, round(rng.random() * 0.95, 2), "0" * 32, text.encode(), article_json))
            facets += [("", kind, name, key) for kind, name in mine]
            words.append((key, body, " ".join(facet_word(*facet) for facet in [("tenant", ""), *mine, ("label", label)])))
        database.execute("BEGIN")
        database.executemany("INSERT INTO cards (key, tenant, id, label, impact, etag, card, article) VALUES (?,?,?,?,?,?,?,?)", cards)
        database.executemany("INSERT INTO facets (tenant, kind, name, key) VALUES (?,?,?,?)", facets)
        database.executemany("INSERT INTO cards_fts (rowid, body, facets) VALUES (?,?,?)", words)
        database.execute("COMMIT")
        print(f"\r{first + 20_000:,} of {count:,} cards", end="", file=sys.stderr, flush=True)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()
    print(file=sys.stderr)


def beside(options: argparse.Namespace) -> None:
    """How long live requests take while a batch is worked on."""
    flags = ("--concurrency", "16", "--model", "bench")
    with (
        tempfile.TemporaryDirectory() as name,
        endpoint("--latency", "0.5") as base_url,
        newscard(Path(name), *flags, NEWSCARD_BASE_URL=base_url) as server,
    ):
        post(server, "/v1/cards", json.dumps({"article": article(0)}).encode())
        alone = _live(server, 10**6)
        body = json.dumps([article(number) for number in range(1, options.articles + 1)]).encode()
        job = json.loads(post(server, "/v1/batches", body))
        time.sleep(2)
        with_batch = _live(server, 2 * 10**6)
        state = json.loads(fetch(f"{server.address}/v1/batches/{job['id']}"))
    print("replies after 0.5 s, 16 requests at once at most; live requests one after the other")
    for label, times in (("alone", alone), (f"beside a batch of {options.articles}", with_batch)):
        print(f"{label:30} median {statistics.median(times):.2f} s, most {max(times):.2f} s")
    print(f"the batch had {state['cards']} cards when the live requests had ended ({state['state']})")


def _live(server: Server, first: int) -> list[float]:
    times = []
    for number in range(first, first + 20):
        began = time.perf_counter()
        post(server, "/v1/cards", json.dumps({"article": article(number)}).encode())
        times.append(time.perf_counter() - began)
    return times


def main() -> None:
    """Run one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cached", "streams", "list", "beside"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--articles", type=int, default=400)
    options = parser.parse_args()
    {"cached": cached, "streams": streams, "list": lists, "beside": beside}[options.what](options)


if __name__ == "__main__":
    main()

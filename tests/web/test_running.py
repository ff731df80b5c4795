"""`newscard serve` as a process: what it says, how it drains, what a kill and a restart leave."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.faults.server import FaultServer
from tests.web.serving import an_order, events, until

PROGRAM = Path(sys.executable).parent / "newscard"


@contextmanager
def process(data: Path, *flags: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The running command and a client of it; killed at the end if it still runs."""
    environment = {**os.environ, "PYTHONWARNINGS": "default", **{f"NEWSCARD_{name.upper()}": value for name, value in environ.items()}}
    command = [str(PROGRAM), "serve", "--port", "0", "--data-dir", str(data), *flags]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stderr is not None
        said: list[str] = []
        while not said or "serving on" not in said[-1]:
            line = running.stderr.readline()
            assert line, said
            said.append(line)
        (address,) = re.findall(r"http://\S+", said[-1])
        try:
            with httpx.Client(base_url=address, timeout=30) as client:
                yield running, client
        finally:
            running.kill()


def llm(server: FaultServer, cache: Path) -> dict[str, str]:
    """Settings for an endpoint."""
    return {"base_url": server.base_url, "model": "any", "cache_dir": str(cache)}


def said(running: subprocess.Popen[str]) -> str:
    """What a process that has ended had still to say."""
    assert running.stderr is not None
    return running.stderr.read()


def test_without_a_key_it_serves_the_examples_card_and_ends_when_told(tmp_path: Path) -> None:
    """It says where, which engine and why; SIGTERM with nothing in hand ends it at once, with code 0 and no further word."""
    with process(tmp_path) as (running, client):
        (card,) = client.get("/v1/cards").json()["cards"]
        assert card["id"] == "openai-drops-scale-ai"
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
        assert said(running) == ""


def test_a_drain_lets_what_is_in_hand_end_and_takes_nothing_more(tmp_path: Path, fault_server: FaultServer) -> None:
    """Meanwhile it isn't ready, and says 503 with Retry-After to what is new; a told card is told to its end."""
    fault_server.derive()
    fault_server.plan.latency_s = 1.5
    with process(tmp_path, **llm(fault_server, tmp_path / "drafts")) as (running, client), ThreadPoolExecutor(2) as pool:
        plain = pool.submit(client.post, "/v1/cards", json=an_order(1))

        def told() -> list[str]:
            with client.stream("POST", "/v1/cards", json=an_order(2), headers={"accept": "text/event-stream"}) as response:
                return [name for name, _ in events(response)]

        stream = pool.submit(told)
        until(lambda: fault_server.ledger.requests == 2)
        running.send_signal(signal.SIGTERM)
        until(lambda: client.get("/readyz").status_code == 503)
        refused = client.post("/v1/cards", json=an_order(3))
        assert (refused.status_code, refused.json()["code"]) == (503, "draining")
        assert "retry-after" in refused.headers
        assert client.get("/healthz").status_code == 200
        assert plain.result().status_code == 200
        assert stream.result()[-1] == "card"
        assert running.wait(10) == 0
        assert "SIGTERM: waiting up to 30 s" in said(running)
    assert fault_server.ledger.abandoned == 0


@pytest.mark.parametrize("again", [False, True], ids=["deadline", "second signal"])
def test_a_drain_has_an_end(tmp_path: Path, fault_server: FaultServer, again: bool) -> None:  # noqa: FBT001
    """By its deadline, or at once when told again; the call is given up either way."""
    fault_server.plan.latency_s = 60
    drain_s = "30" if again else "0.3"
    with process(tmp_path, **llm(fault_server, tmp_path / "drafts"), drain_s=drain_s) as (running, client):

        def ask() -> None:
            with pytest.raises(httpx.HTTPError):
                client.post("/v1/cards", json=an_order()).raise_for_status()

        asking = threading.Thread(target=ask)
        asking.start()
        until(lambda: fault_server.ledger.requests == 1)
        running.send_signal(signal.SIGTERM)
        if again:
            until(lambda: client.get("/readyz").status_code == 503)
            running.send_signal(signal.SIGINT)
        assert running.wait(10) == (128 + signal.SIGINT if again else 0)
        asking.join()
    until(lambda: fault_server.ledger.abandoned == 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_batch_outlives_the_process(tmp_path: Path, fault_server: FaultServer, number: signal.Signals) -> None:
    """Killed or drained in the middle: after a restart every article has one row and is in the list; only what flew is paid twice."""
    fault_server.derive()
    fault_server.plan.latency_s = 0.03
    environ = llm(fault_server, tmp_path / "drafts")
    articles = [an_order(index)["article"] for index in range(60)]
    with process(tmp_path, **environ, concurrency="4") as (running, client):
        location = client.post("/v1/batches", json=articles).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 8)
        running.send_signal(number)
        running.wait(10)
    assert fault_server.ledger.requests < 60
    with process(tmp_path, **environ) as (_, client):
        until(lambda: client.get(location).json()["state"] == "done", 30)
        rows = client.get(f"{location}/rows", params={"limit": 100}).json()["rows"]
        assert sorted(row["id"] for row in rows) == sorted(article["id"] for article in articles)
        assert len(client.get("/v1/cards", params={"q": "halden", "limit": 100}).json()["cards"]) == 60
    in_flight = 3 if number is signal.SIGKILL else 0
    assert 60 <= fault_server.ledger.requests <= 60 + in_flight


def test_a_cancelled_batch_is_not_gone_on_with_after_a_kill(tmp_path: Path, fault_server: FaultServer) -> None:
    """Whoever was told that it is being cancelled pays for nothing more of it."""
    fault_server.plan.latency_s = 60
    settings = llm(fault_server, tmp_path / "drafts")
    with process(tmp_path, "--concurrency", "2", **settings) as (_, client):
        location = client.post("/v1/batches", json=[an_order(number)["article"] for number in range(5)]).headers["location"]
        until(lambda: fault_server.ledger.requests >= 1)
        assert client.delete(location).json()["state"] == "cancelling"
        asked = fault_server.ledger.requests
    with process(tmp_path, "--concurrency", "2", **settings) as (_, client):
        assert client.get(location).json()["state"] == "cancelled"
    assert fault_server.ledger.requests == asked


@contextmanager
def no_more_bytes(running: subprocess.Popen[str]) -> Iterator[None]:
    """While this lasts no file of the process grows, as on a full disk."""
    whole = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (0, whole[1]))
    try:
        yield
    finally:
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, whole)


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_lost(tmp_path: Path, fault_server: FaultServer) -> None:
    """A batch isn't taken, with a 503, and a cancelled one can't be ended; with room again both are done. The log says why."""
    fault_server.plan.latency_s = 60
    articles = [an_order(number)["article"] for number in range(3)]
    with process(tmp_path, "--concurrency", "2", **llm(fault_server, tmp_path / "drafts"), drain_s="0") as (running, client):
        location = client.post("/v1/batches", json=articles).headers["location"]
        until(lambda: fault_server.ledger.requests >= 1)
        with no_more_bytes(running):
            refused = client.post("/v1/batches", json=articles)
            assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
            assert int(refused.headers["retry-after"]) > 1
            assert client.get(location).json()["state"] == "running"
            client.delete(location)
            until(lambda: client.get(location).json()["state"] == "stopped")
        assert client.delete(location).json()["state"] == "cancelled"
        assert client.post("/v1/batches", json=articles).status_code == 202
        running.send_signal(signal.SIGTERM)
        running.wait(20)
        log = said(running)
    assert "the data folder fails: File too large" in log
    assert "newscard's own" not in log


def test_an_address_in_use_is_one_line(tmp_path: Path) -> None:
    """And code 2; so is a database that can't be used."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([PROGRAM, "serve", "--port", str(port)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"newscard: can't listen on 127.0.0.1 port {port}")
    done = subprocess.run(
        [PROGRAM, "serve", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "NEWSCARD_STORE_URL": "postgresql+psycopg://x:secret@127.0.0.1:1/none"},
    )
    assert done.returncode == 2
    assert "database" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_two_services_do_not_share_a_data_folder(tmp_path: Path) -> None:
    """They would work on the same batches: the second says so, and doesn't begin."""
    with process(tmp_path):
        command = [str(PROGRAM), "serve", "--port", "0", "--data-dir", str(tmp_path), "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"newscard: {tmp_path}: another newscard serves from it; give this one another --data-dir\n",
    )


def test_without_the_web_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    """One line, code 2."""
    script = "import sys; sys.modules['uvicorn'] = None; from agent.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "newscard: `newscard serve` needs uvicorn; install it with: pip install 'newscard[web]'\n"


def test_no_word_of_an_article_is_said(tmp_path: Path, fault_server: FaultServer) -> None:
    """Nor of a key or a prompt, whatever goes wrong."""
    fault_server.reply("canary-reply {")
    with process(tmp_path, **llm(fault_server, tmp_path / "drafts"), api_key="canary-key") as (running, client):
        order = an_order()
        order["article"]["text"] = "canary-text said on Monday that its profit rose, and that it would rise again in the year to come."
        answer = client.post("/v1/cards", json=order)
        assert answer.status_code == 502
        client.post("/v1/cards", content=json.dumps(order)[:-1], headers={"content-type": "application/json"})
        metrics = client.get("/metrics").text
        running.send_signal(signal.SIGTERM)
        running.wait(10)
        assert "canary" not in said(running) + metrics + answer.text

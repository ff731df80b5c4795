"""`newscard batch` and `newscard export` as a user runs them, against a loopback server with a ledger."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.batch.killing import settings, write_articles
from tests.cli.commands import NEWSCARD
from tests.engines.samples import DRAFT_REPLY
from tests.faults import answers
from tests.faults.server import FaultServer


class Place:
    """A folder with articles, and a server."""

    def __init__(self, home: Path, server: FaultServer) -> None:
        self.home = home
        self.server = server
        self.env = settings(server, home)
        write_articles(home / "in.jsonl", 12)

    def newscard(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        command = [*NEWSCARD, *args]
        return subprocess.run(command, cwd=self.home, env=self.env | env, capture_output=True, text=True, check=False, timeout=60)

    def start(self, *args: str, **env: str) -> subprocess.Popen[str]:
        """Run it, and don't wait."""
        return subprocess.Popen([*NEWSCARD, *args], cwd=self.home, env=self.env | env, stderr=subprocess.PIPE, text=True)

    def exported(self, run: str = "run") -> dict[str, Any]:
        """The rows of the run by id."""
        assert self.newscard("export", run, "--to", "out.jsonl").returncode == 0
        return {row["id"]: row for row in map(json.loads, (self.home / "out.jsonl").read_text().splitlines())}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Articles, and a server that drafts whatever it is asked about."""
    with FaultServer() as server:
        server.derive()
        yield Place(tmp_path, server)


BATCH = ("batch", "in.jsonl", "--out", "run")


def test_a_run_makes_every_card_once_and_says_what_it_cost(place: Place) -> None:
    """Checklist A8: what is reported is what the server billed; the same command again makes no call."""
    done = place.newscard(*BATCH)
    assert done.returncode == 0, done.stderr
    dollars = place.server.ledger.as_json()["dollars"]
    assert f"12 cards, cost of the run ${dollars:.4f}, uncached ${dollars:.4f}" in done.stderr
    again = place.newscard(*BATCH)
    assert "12 done already" in again.stderr
    assert place.server.ledger.requests == 12
    assert {row["status"] for row in place.exported().values()} == {"ok"}


def test_standard_input_is_read_as_it_comes(place: Place) -> None:
    """A pipe that stays open doesn't keep cards from being made."""
    with subprocess.Popen([*NEWSCARD, "batch", "-", "--out", "run", "-q"], cwd=place.home, env=place.env, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write((place.home / "in.jsonl").read_bytes())
        process.stdin.flush()
        until = time.monotonic() + 30
        while place.server.ledger.requests < 12 and time.monotonic() < until:
            time.sleep(0.02)
        assert place.server.ledger.requests == 12
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_budget_stops_the_run_with_3_and_what_was_spent_counts_for_the_next_one(place: Place) -> None:
    """Checklist A9: never past it."""
    one = float(_cost_of_one(place))
    limits = ("--max-cost-usd", f"{one * 8:.6f}", "--concurrency", "1")
    first = place.newscard(*BATCH, *limits, NEWSCARD_MAX_OUTPUT_TOKENS="256", NEWSCARD_CACHE="false")
    assert first.returncode == 3, first.stderr
    spent = place.server.ledger.as_json()["dollars"] - one
    assert 0 < spent <= one * 8
    requests = place.server.ledger.requests
    second = place.newscard(*BATCH, *limits, NEWSCARD_MAX_OUTPUT_TOKENS="256", NEWSCARD_CACHE="false")
    assert second.returncode == 3
    assert place.server.ledger.requests == requests
    third = place.newscard(*BATCH, "--concurrency", "4", NEWSCARD_MAX_OUTPUT_TOKENS="256", NEWSCARD_CACHE="false")
    assert third.returncode == 0
    assert len(place.exported()) == 12


@pytest.mark.parametrize("answered", [0, 1])
def test_what_was_in_flight_at_a_kill_counts_for_both_budgets(answered: int, place: Place) -> None:
    """Where nothing was ever answered, too: a runner that is killed again and again would ask for ever."""
    place.env["NEWSCARD_MAX_OUTPUT_TOKENS"] = "256"
    one = _cost_of_one(place)
    tokens = sum(place.server.billed)
    if answered:
        write_articles(place.home / "in.jsonl", 1)
        assert place.newscard(*BATCH, "--no-cache").returncode == 0
        write_articles(place.home / "in.jsonl", 12)
    else:
        assert place.newscard(*BATCH, "--no-cache", "--max-tokens", "1").returncode == 3
    with (place.home / "run" / "asked").open("ab") as stream:
        stream.write(bytes(16) * 50)
    requests = place.server.ledger.requests
    for limit in (("--max-cost-usd", f"{one * 20:.6f}"), ("--max-tokens", f"{tokens * 20}")):
        assert place.newscard(*BATCH, *limit).returncode == 3
        assert place.server.ledger.requests == requests


def _cost_of_one(place: Place) -> float:
    write_articles(place.home / "one.jsonl", 1)
    assert place.newscard("batch", "one.jsonl", "--out", "one", NEWSCARD_CACHE="false").returncode == 0
    return float(place.server.ledger.as_json()["dollars"])


def test_an_endpoint_that_counts_no_tokens_is_paid_by_an_estimate(place: Place) -> None:
    """A card for nothing would be worse: the cost is marked at the end, on the cards and in the budget's account."""
    place.server.reply(answers.completion(DRAFT_REPLY, usage=None))
    done = place.newscard(*BATCH, "--no-copies")
    assert "cost of the run $0," not in done.stderr
    requests = place.server.ledger.requests
    assert f"the tokens of {requests} requests estimated, since the endpoint didn't count them" in done.stderr
    cards = place.exported().values()
    assert sum(card["provenance"]["usage"]["estimated"] for card in cards) == requests
    assert all(card["provenance"]["cost_usd"] > 0 for card in cards)
    more = place.newscard(*BATCH, "--max-tokens", "1000", "--retry-failed")
    assert more.returncode == 0, more.stderr
    events = [json.loads(line) for line in place.newscard(*BATCH, "--log-json").stderr.splitlines()]
    assert events[-1]["spent"]["estimated"] == requests


def test_tokens_are_a_budget_too(place: Place) -> None:
    """Exit code 3, state kept."""
    done = place.newscard(*BATCH, "--max-tokens", "9000", "--concurrency", "1", NEWSCARD_MAX_OUTPUT_TOKENS="256")
    assert done.returncode == 3
    assert "NEWSCARD_MAX_TOKENS" in done.stderr
    assert sum(place.server.billed) <= 9_000


@pytest.mark.parametrize("status", [401, 402, 429])
def test_a_key_or_an_account_that_is_no_good_stops_the_run_with_4(status: int, place: Place) -> None:
    """Checklist A5: within what is in flight; put right, the same command goes on."""
    refusal = answers.error(status, "no", code="insufficient_quota" if status == 429 else None)
    place.server.reply(refusal)
    done = place.newscard(*BATCH, "--concurrency", "2")
    assert done.returncode == 4, done.stderr
    assert place.server.ledger.requests <= 4
    place.server.derive()
    assert place.newscard(*BATCH).returncode == 0


def test_failures_have_rows_and_are_tried_again_when_that_is_asked_for(place: Place) -> None:
    """Exit code 1 as long as there are any; what a failure took is in the cost."""
    place.server.script(*[answers.completion(None, refusal="I can't help with that.")] * 2)
    done = place.newscard(*BATCH, "--concurrency", "1")
    assert done.returncode == 1
    failed = [row for row in place.exported().values() if row["status"] == "failed"]
    assert [row["error"] for row in failed] == ["DraftRefused"] * 2
    assert place.newscard(*BATCH).returncode == 1
    assert place.server.ledger.requests == 12
    again = place.newscard(*BATCH, "--retry-failed")
    assert again.returncode == 0
    assert f"cost of the run ${place.server.ledger.as_json()['dollars']:.4f}" in again.stderr
    assert place.server.ledger.requests == 14


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_what_is_in_flight_end(number: signal.Signals, code: int, place: Place) -> None:
    """Checklist C33: nothing that was asked for is lost, and the ledger agrees."""
    place.server.plan.latency_s = 0.5
    with place.start(*BATCH, "--concurrency", "3") as process:
        place.server.arrived.wait(30)
        process.send_signal(number)
        assert process.wait(30) == code
    rows = place.exported()
    assert len(rows) == place.server.ledger.requests
    assert place.server.ledger.abandoned == 0
    assert place.newscard(*BATCH).returncode == 0
    assert place.server.ledger.requests == 12


def test_a_signal_before_the_first_article_is_heard(place: Place) -> None:
    """While workers start, or answers are fetched: nothing is asked for after it."""
    late = (
        "import asyncio, os, signal, sys; from agent.enrich import Enricher\n"
        "async def enter(self):\n    os.kill(os.getpid(), signal.SIGTERM); await asyncio.sleep(0.2); return self.keep_open()\n"
        f"Enricher.__aenter__ = enter; sys.argv = {['newscard', *BATCH]!r}; from agent.cli import main; main()"
    )
    done = subprocess.run([NEWSCARD[0], "-c", late], cwd=place.home, env=place.env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 143, done.stderr
    assert place.server.ledger.requests == 0


def test_a_second_signal_ends_at_once(place: Place) -> None:
    """Whatever the server does."""
    place.server.reply(answers.HANG)
    with place.start(*BATCH) as process:
        place.server.arrived.wait(30)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    assert time.monotonic() - started < 10
    place.server.derive()
    assert place.newscard(*BATCH).returncode == 0


def test_a_disk_that_is_full_ends_with_5_and_no_further_call(place: Place) -> None:
    """Checklist A7, with a limit on the size of files; the run goes on when there is room."""
    place.server.plan.latency_s = 0.05
    command = ["newscard", *BATCH, "--concurrency", "1", "--no-copies", "--no-cache"]
    limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000)); sys.argv = {command!r}"
    script = f"{limited}; from agent.cli import main; main()"
    done = subprocess.run(
        [NEWSCARD[0], "-c", script], cwd=place.home, env=place.env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 5, done.stderr
    assert "File too large" in done.stderr
    requests = place.server.ledger.requests
    assert requests < 12
    assert place.newscard(*BATCH, "--no-cache").returncode == 0
    assert len(place.exported()) == 12
    # The rows that were whole are there; what was in flight when the disk was full is asked for again.
    assert place.server.ledger.requests <= 12 + 3


def test_shards_are_exported_together(place: Place) -> None:
    """Every article once."""
    for number in (1, 2):
        assert place.newscard("batch", "in.jsonl", "--out", f"run-{number}", "--shard", f"{number}/2").returncode == 0
    assert place.newscard("export", "run-1", "run-2", "--to", "all.csv").returncode == 0
    assert len((place.home / "all.csv").read_text("utf-8-sig").splitlines()) == 13


def test_events_are_json_lines_for_machines(place: Place) -> None:
    """The one at the end has the figures."""
    done = place.newscard(*BATCH, "--log-json")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert events[0]["event"] == "began"
    (ended,) = [event for event in events if event["event"] == "ended"]
    assert ended["cards"] == 12
    assert ended["spent"]["requests"] == 12


def test_an_error_that_ends_a_run_is_json_for_machines(place: Place) -> None:
    """With the exit code; and so is what went wrong with the cache."""
    (place.home / "full").mkdir()
    (place.home / "full" / "other").touch()
    done = place.newscard(*BATCH, "--log-json", NEWSCARD_CACHE_DIR=str(place.home / "full"))
    problems = [event["problem"] for event in map(json.loads, done.stderr.splitlines()) if event["event"] == "problem"]
    assert [problem.startswith(f"{place.home / 'full'} holds other files") for problem in problems] == [True]
    refused = place.newscard(*BATCH, "--log-json", "--model", "another")
    last = json.loads(refused.stderr.splitlines()[-1])
    assert (refused.returncode, last["event"], last["error"], last["exit_code"]) == (2, "error", "RunRefused", 2)
    assert "it belongs to another run" in last["problem"]
    gone = place.newscard("batch", "gone.jsonl", "--out", "run", "--log-json")
    (only,) = map(json.loads, gone.stderr.splitlines())
    assert (gone.returncode, only["error"], only["problem"]) == (2, "SourceError", "gone.jsonl: no such file")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("batch", "gone.jsonl", "--out", "run"), "gone.jsonl: no such file"),
        (("batch", "in.jsonl", "--out", "run", "--shard", "9/8"), "--shard 9/8: write it like 2/8, from 1/8 to 8/8"),
        (("batch", "in.jsonl", "--out", "in.jsonl"), "in.jsonl: it is a file; give --out the name of a folder"),
        (
            ("batch", "in.jsonl", "--out", "run", "--stage", "submit"),
            "--stage is for --runner openai-batch; add that, or leave --stage out",
        ),
        (("batch", "in.jsonl", "--out", "run", "--finish-now", "--runner", "ray"), "--finish-now is for --runner openai-batch"),
        (("batch", "in.jsonl", "--out", "run", "--ray-workers", "2"), "--ray-workers is for --runner ray"),
        (("batch", "", "--out", "run"), "an empty name is no source"),
        (("export", "gone", "--to", "there/x.csv"), "--to there/x.csv: there is no folder"),
        (("export", "gone", "--to", "x.csv"), "gone: there is no run in it"),
        (("export", "gone", "--to", "x.xlsx"), "--to x.xlsx: its suffix names no format"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_2(args: tuple[str, ...], said: str, place: Place) -> None:
    """Before anything is asked or made."""
    done = place.newscard(*args, NEWSCARD_ENGINE="extractive")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (place.home / "run").exists()


def test_without_a_key_the_extractive_engine_makes_a_run(tmp_path: Path) -> None:
    """No network, no cost."""
    from tests.cli.commands import environment

    write_articles(tmp_path / "in.jsonl", 3)
    done = subprocess.run(
        [*NEWSCARD, *BATCH], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "3 cards" in done.stderr
    assert "cost of the run $0," in done.stderr


def test_the_report_is_plain_where_the_terminal_has_no_bars(tmp_path: Path) -> None:
    """Each cell of a bar was six characters."""
    from tests.cli.commands import environment

    write_articles(tmp_path / "in.jsonl", 1)
    env = environment(tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C.UTF-8")
    done = subprocess.run([*NEWSCARD, *BATCH], cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert "########################  1" in done.stderr
    assert "\\u" not in done.stderr

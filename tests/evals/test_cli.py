"""`newscard eval` as a user types it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evals.runs import RunFolder
from evals.runs.folder import MANIFEST, ROWS
from tests.cli.commands import NEWSCARD, environment, run, said
from tests.engines.samples import DRAFT_REPLY
from tests.faults.answers import Answer, completion, error
from tests.faults.server import FaultServer

EVALS = (sys.executable, "-m", "evals")


@pytest.fixture(scope="module")
def extractive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which an extractive run `base` over two dozen cards was made."""
    home = tmp_path_factory.mktemp("evals")
    done = run(EVALS, "run", "--engine", "extractive", "--limit", "24", "--out", "base", home=home)
    assert done.returncode == 0, done.stderr
    assert re.search(r"tickers\.f1 +\d+\.\d%  +\d+\.\d% to \d+\.\d% +\d+ scored", done.stdout)
    return home


def test_both_commands_are_one(extractive: Path) -> None:
    """`newscard eval` and `python -m evals`."""
    one, other = (run(command, "show", "base", home=extractive) for command in ((*NEWSCARD, "eval"), EVALS))
    assert (one.returncode, one.stdout) == (0, other.stdout)


def test_a_prompt_or_model_that_nobody_asks_is_refused(tmp_path: Path) -> None:
    """Without a key the extractive engine runs, and a changed prompt would look as good as the old one."""
    done = run(EVALS, "run", "--prompt", "card.v2", "--model", "m", home=tmp_path)
    told = (
        "--model and --prompt: the extractive engine, chosen because neither a key nor a base URL is set, has none; set a key or --base-url"
    )
    assert (done.returncode, done.stderr) == (2, f"newscard: {told}\n")


def test_a_replay_needs_no_network_and_prints_the_same(extractive: Path) -> None:
    """From the run's folder alone."""
    shown, replayed = run(EVALS, "show", "base", home=extractive), run(EVALS, "run", "--replay", "base", home=extractive)
    assert (replayed.returncode, replayed.stdout) == (0, shown.stdout)


def test_the_report_is_the_same_bytes_each_time(extractive: Path) -> None:
    """With JUnit XML beside it."""
    for name in ("one.html", "two.html"):
        assert run(EVALS, "report", "base", "--out", name, "--junit", "junit.xml", home=extractive).returncode == 0
    assert (extractive / "one.html").read_bytes() == (extractive / "two.html").read_bytes()
    suite = ET.parse(extractive / "junit.xml").getroot()  # noqa: S314  our own file
    assert suite.get("failures") == "0"


def test_a_set_named_by_its_place_at_home_is_found_again(tmp_path: Path) -> None:
    """A shell leaves the ~ after an equals sign to us; the run isn't made in vain."""
    labelled = {"name": "Acme", "sentiment": "positive"}
    rows = [{"id": number, "text": f"Acme rose {number}% on Monday.", "entities": [labelled]} for number in range(10)]
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    args = ("run", "--engine", "extractive", "--split", "all", "--data", "finentity=~/set.jsonl", "--out", "r")
    done = run(EVALS, *args, home=tmp_path, env={"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_accept_and_gate(extractive: Path) -> None:
    """A run passes what was made of it."""
    assert run(EVALS, "accept", "base", "--name", "b", "--baselines", "kept", home=extractive).returncode == 0
    done = run(EVALS, "gate", "base", "--baseline", "b", "--baselines", "kept", "--junit", "gate.xml", home=extractive)
    assert (done.returncode, said(done.stderr)[-1]) == (0, "passed: no metric is worse beyond its interval")


def test_compare_says_that_equal_runs_are_equal(extractive: Path) -> None:
    """No verdict but undecided, and what could have been seen."""
    done = run(EVALS, "compare", "base", "base", home=extractive)
    assert done.returncode == 0
    assert " better " not in done.stdout.split("\n", 1)[1]
    assert " worse " not in done.stdout


def test_nothing_is_concluded_from_an_invalid_run(extractive: Path) -> None:
    """Exit code 5 and the reason; no figure that could be read as worse."""
    broken = extractive / "broken"
    broken.mkdir()
    (broken / MANIFEST).write_bytes((extractive / "base" / MANIFEST).read_bytes())
    (broken / ROWS).write_bytes(b"".join((extractive / "base" / ROWS).read_bytes().splitlines(keepends=True)[:-3]))
    done = run(EVALS, "compare", "base", "broken", home=extractive)
    assert (done.returncode, done.stdout) == (5, "")
    assert "3 of its rows were not made" in done.stderr


def test_runs_on_other_articles_are_not_compared(extractive: Path) -> None:
    """Exit code 5; where they share some, it is said how many."""
    for out, options in (("gate", ["--split", "gate", "--limit", "2"]), ("fewer", ["--limit", "3"])):
        assert run(EVALS, "run", "--engine", "extractive", *options, "--out", out, home=extractive).returncode == 0
    apart, shared = (run(EVALS, "compare", "base", other, home=extractive) for other in ("gate", "fewer"))
    assert (apart.returncode, apart.stdout) == (5, "")
    assert "no article in common" in apart.stderr
    assert shared.returncode == 0
    assert "only the 3 articles of both runs are compared, of 24 in A and 3 in B" in shared.stderr


def test_a_matrix_prints_the_frontier_and_draws_it(extractive: Path) -> None:
    """With the one engine that needs no network."""
    done = run(EVALS, "matrix", "--model", "extractive", "--limit", "4", "--out", "matrix", home=extractive)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\* extractive +\$0\.0000 +\d", done.stdout)
    assert "<svg" in (extractive / "matrix" / "matrix.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["run", "--data", "nonsense"], "no such data set"),
        (["run", "--data", "finentity"], "--data finentity=PATH"),
        (["run", "--data", "finentity=/none"], "it isn't there"),
        (["show", "none"], "there is no run in it"),
        (["gate", "base", "--baseline", "none", "--baselines", "nowhere"], "there is no baseline"),
        (["matrix", "--quality", "nonsense"], "no such metric"),
        (["run", "--limit", "0"], "--limit"),
        (["judge", "base"], "judge it with a model first"),
    ],
)
def test_bad_input_is_one_line(extractive: Path, args: list[str], line: str) -> None:
    """That says what to do; exit code 2 (a judge that isn't there leaves nothing to count)."""
    done = run(EVALS, *args, home=extractive)
    assert line in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if args[0] == "judge" else 2)


def model_at(server: FaultServer) -> dict[str, str]:
    """The environment in which that server is the model."""
    return {"NEWSCARD_BASE_URL": server.base_url, "NEWSCARD_MODEL": "test-model", "NEWSCARD_MAX_REASKS": "0", "NEWSCARD_CONCURRENCY": "2"}


def test_missing_replies_make_a_run_invalid(tmp_path: Path, fault_server: FaultServer) -> None:
    """Exit code 5, and a line that says so; the scores are shown all the same."""
    fault_server.reply(DRAFT_REPLY)
    fault_server.script(error(400, "no", code="bad"), *[error(500)] * 2)
    env = model_at(fault_server) | {"NEWSCARD_MAX_ATTEMPTS": "1", "NEWSCARD_CONCURRENCY": "1"}
    fault_server.script()
    fault_server._script.popleft()
    done = run(EVALS, "run", "--limit", "4", "--out", "r", home=tmp_path, env=env)
    assert done.returncode == 5, done.stderr
    assert "invalid: 2 of 4 rows" in done.stderr


def test_a_wrong_key_ends_the_run_and_keeps_nothing_false(tmp_path: Path, fault_server: FaultServer) -> None:
    """Exit code 4."""
    fault_server.reply(error(401, "no such key"))
    done = run(EVALS, "run", "--limit", "4", "--out", "r", home=tmp_path, env=model_at(fault_server))
    assert done.returncode == 4
    assert RunFolder(tmp_path / "r").rows() == []


def test_a_killed_run_goes_on_and_asks_for_nothing_twice(tmp_path: Path, fault_server: FaultServer) -> None:
    """SIGKILL in the middle, then the same command."""
    slow = completion(DRAFT_REPLY)
    fault_server.reply(Answer(body=slow.body, usage=slow.usage, delay_s=0.15))
    env = environment(tmp_path, **model_at(fault_server))
    command = [*EVALS, "run", "--limit", "20", "--out", "r"]
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = tmp_path / "r" / ROWS
    deadline = time.monotonic() + 50
    while not (rows.exists() and rows.read_bytes().count(b"\n") >= 4) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept, asked = len(RunFolder(tmp_path / "r").rows()), len(fault_server.requests)
    assert 4 <= kept < 20
    fault_server.reply(DRAFT_REPLY)
    done = run(EVALS, "run", "--limit", "20", "--out", "r", home=tmp_path, env=model_at(fault_server))
    assert done.returncode == 0, done.stderr
    assert len(fault_server.requests) - asked == 20 - kept
    assert len({row.key for row in RunFolder(tmp_path / "r").rows()}) == 20


def test_the_budget_stops_a_run(tmp_path: Path, fault_server: FaultServer) -> None:
    """Before the call that could cost more; exit code 3, nothing sent."""
    env = model_at(fault_server) | {"NEWSCARD_PRICES": str(tmp_path / "prices.yaml")}
    (tmp_path / "prices.yaml").write_text(PRICES.format(host=fault_server.host), "utf-8")
    done = run(EVALS, "run", "--limit", "4", "--max-cost-usd", "0.000001", "--out", "r", home=tmp_path, env=env)
    assert done.returncode == 3, done.stderr
    assert fault_server.requests == []
    assert "the same command goes on from there" in done.stderr


PRICES = """
prices:
  - {{model: test-model, endpoint: "{host}", effective_from: 2025-01-01, input: 1, cached_input: 1, output: 1, source: this test}}
"""

"""The fault server itself."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import answers
from tests.faults.server import FaultServer

ROOT = Path(__file__).parents[2]


def ask(server: FaultServer) -> tuple[int, bytes]:
    """Status and body of one request, made by the standard library."""
    with contextlib.closing(http.client.HTTPConnection(server.host, timeout=5)) as connection:
        connection.request("POST", "/v1/chat/completions", b'{"model": "m"}', {"X-Test": "1"})
        with connection.getresponse() as response:
            return response.status, response.read()


def test_answers_come_in_the_order_of_the_script_then_the_standing_reply(fault_server: FaultServer) -> None:
    """And the ledger has what was sent and billed."""
    fault_server.script(answers.error(503), answers.page())
    fault_server.reply("a draft")
    responses = [ask(fault_server) for _ in range(3)]
    assert [status for status, _ in responses] == [503, 200, 200]
    assert b"a draft" in responses[2][1]
    assert fault_server.requests[0].headers["x-test"] == "1"
    assert fault_server.requests[0].json == {"model": "m"}
    assert fault_server.billed == (1_000, 200)


@pytest.mark.parametrize("answer", [answers.RESET, answers.CUT_SHORT], ids=["reset", "cut short"])
def test_a_connection_can_be_broken(answer: answers.Answer, fault_server: FaultServer) -> None:
    """Before the answer or within it."""
    fault_server.reply(answer)
    with pytest.raises((ConnectionError, http.client.IncompleteRead)):
        ask(fault_server)


def test_it_can_be_run_by_hand(tmp_path: Path) -> None:
    """For trying the command line against it."""
    draft = tmp_path / "draft.json"
    draft.write_text("{}", "utf-8")
    command = [sys.executable, "-m", "tests.faults.server", "--draft", str(draft), "--script", "503,html"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        process.terminate()
    assert url.startswith("http://127.0.0.1:")


def test_its_help_names_the_faults() -> None:
    """So that nobody needs to read the source."""
    done = subprocess.run([sys.executable, "-m", "tests.faults.server", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "refusal" in done.stdout

"""The fault server itself."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agent.article import Article
from agent.draft import Draft
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.goldset import load_gold
from tests.faults import answers, derived
from tests.faults.plan import Bucket, Plan, Rule, read_rules
from tests.faults.server import FaultServer

ROOT = Path(__file__).parents[2]


def ask(server: FaultServer, body: bytes = b'{"model": "m"}') -> tuple[int, bytes]:
    """Status and body of one request, made by the standard library."""
    with contextlib.closing(http.client.HTTPConnection(server.host, timeout=5)) as connection:
        connection.request("POST", "/v1/chat/completions", body, {"X-Test": "1"})
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


def statuses(server: FaultServer, number: int, body: bytes = b"{}") -> list[int]:
    """Of so many requests, one after the other."""
    return [ask(server, body)[0] for _ in range(number)]


def test_rules_pick_requests_by_their_article_their_number_and_their_times() -> None:
    """The first that holds counts."""
    rules = [Rule("500", match=re.compile(b"marker"), times=1), Rule("502", arrivals=(3, 4)), Rule("503", seconds=(1e6, 2e6))]
    with FaultServer(plan=Plan(rules)) as server:
        assert statuses(server, 5) == [200, 200, 502, 502, 200]
        assert statuses(server, 2, b"a marker") == [500, 200]


def test_rules_come_from_a_file_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    """With its number, and what is wrong."""
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([{"answer": {"status": 418, "body": "x"}, "arrivals": [1, 1]}, {"answer": "429-ms"}]), "utf-8")
    with FaultServer(plan=Plan(read_rules(path))) as server:
        assert statuses(server, 2) == [418, 429]
    path.write_text('[{"answer": "no such thing"}]', "utf-8")
    with pytest.raises(ValueError, match="rule 1: 'no such thing' is neither"):
        read_rules(path)


def test_a_share_of_requests_is_the_same_share_at_every_run() -> None:
    """Chance has a seed."""
    runs = []
    for _ in range(2):
        with FaultServer(plan=Plan([Rule("503", chance=0.3)])) as server:
            runs.append(statuses(server, 40))
    assert runs[0] == runs[1]
    assert 4 <= runs[0].count(503) <= 20


def test_hidden_limits_answer_429_and_tell_if_they_are_told_to() -> None:
    """Requests and tokens; the headers are OpenAI's."""
    with FaultServer(plan=Plan(requests=Bucket(0.1, 2), tells=True)) as server:
        assert statuses(server, 3) == [200, 200, 429]
        with contextlib.closing(http.client.HTTPConnection(server.host, timeout=5)) as connection:
            connection.request("POST", "/v1/chat/completions", b"{}")
            told = dict(connection.getresponse().getheaders())
    assert (told["x-ratelimit-limit-requests"], told["x-ratelimit-remaining-requests"]) == ("2", "0")
    assert told["retry-after"] == "1"
    with FaultServer(plan=Plan(tokens=Bucket(1, 100))) as server:
        assert statuses(server, 3, b"x" * 200) == [200, 200, 429]


def test_the_ledger_is_there_while_it_runs(fault_server: FaultServer) -> None:
    """Requests, repeats, tokens, dollars, answers."""
    fault_server.script(answers.error(503), answers.completion("x", usage=(1_000, 0, 500)))
    statuses(fault_server, 2)
    with contextlib.closing(http.client.HTTPConnection(fault_server.host, timeout=5)) as connection:
        connection.request("GET", "/ledger")
        ledger = json.loads(connection.getresponse().read())
    assert (ledger["requests"], ledger["repeats"], ledger["answers"]) == (2, 1, {"503": 1, "200": 1})
    assert (ledger["input_tokens"], ledger["output_tokens"], ledger["dollars"]) == (1_000, 500, 0.003)


def test_a_stuttering_gateway_sends_its_answer_twice() -> None:
    """The second is there before anybody asks."""
    with FaultServer(plan=Plan([Rule("twice")])) as server:
        host, _, port = server.host.partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
            received = b""
            while received.count(b"HTTP/1.1 200") < 2:
                received += connection.recv(4_096)


def test_derived_drafts_are_faithful_to_any_article() -> None:
    """The checks find nothing in them, on every gold article; and the same article has the same draft."""
    symbols, taxonomy = load_symbols(None), load_taxonomy()
    for item in load_gold():
        article = Article.model_validate(item.article.model_dump())
        draft = Draft.model_validate(derived.draft_of(article.text))
        assert ground(article, draft, symbols, taxonomy).faults == (), article.id
        assert derived.draft_of(article.text) == derived.draft_of(article.text)


def test_its_ledger_is_printed_at_the_end(tmp_path: Path) -> None:
    """And written, where that is asked for."""
    command = [sys.executable, "-m", "tests.faults.server", "--derive", "--ledger", str(tmp_path / "ledger.json"), "--outage", "0:1:500"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        printed = process.stdout.read()
    assert json.loads(printed) == json.loads((tmp_path / "ledger.json").read_text("utf-8"))
    assert json.loads(printed)["requests"] == 0


def test_a_flag_that_makes_no_sense_is_refused() -> None:
    """With what there is instead."""
    command = [sys.executable, "-m", "tests.faults.server", "--storm", "0.5:nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is neither an HTTP status" in done.stderr

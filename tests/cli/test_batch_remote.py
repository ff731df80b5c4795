"""`newscard batch --runner openai-batch`, against a loopback Batch API with a ledger."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.batch.reading import Runs
from agent.batch.remote import desk as desk_module
from agent.batch.remote.ledger import Ledger
from agent.batch.rows import Row
from agent.cli import run
from agent.errors import NewscardError, RunRefused
from tests.batch.killing import PRICES, write_articles
from tests.cli.commands import NEWSCARD, environment
from tests.faults import answers, derived
from tests.faults.answers import Answer
from tests.faults.batches import BatchServer

N = 10


class Place:
    """A folder with articles, and a provider."""

    def __init__(self, home: Path, server: BatchServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.server = server
        write_articles(home / "in.jsonl", N)
        prices = home / "prices.yaml"
        prices.write_text(PRICES.format(host=server.base_url.split("/")[2]))
        self.env = {
            "NEWSCARD_BASE_URL": server.base_url,
            "NEWSCARD_MODEL": "test-model",
            "NEWSCARD_CACHE_DIR": str(home / "cache"),
            "NEWSCARD_PRICES": str(prices),
            "NEWSCARD_POLL_S": "0.02",
        }
        for name, value in self.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(home)

    def batch(self, *more: str) -> int:
        """The exit code."""
        try:
            return run(["batch", "in.jsonl", "--out", "run", "--runner", "openai-batch", *more])
        except NewscardError as exc:
            return exc.exit_code

    def rows(self) -> dict[str, Row]:
        """The run's rows by id."""
        rows = list(Runs([self.home / "run"]).rows())
        assert len({row.id for row in rows}) == len(rows)
        return {row.id: row for row in rows}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Articles, and a provider that drafts whatever it is asked about."""
    with BatchServer() as server:
        yield Place(tmp_path, server, monkeypatch)


def named(body: dict[str, Any], number: int) -> bool:
    """Whether a request is about the article of that number."""
    return f"plant {number}\n" in str(body["messages"][1]["content"])


def test_every_article_gets_its_card_at_half_the_price(place: Place) -> None:
    """One batch, one request an article; what is reported is half of what the tokens cost, and the same command again asks for nothing."""
    assert place.batch() == 0
    ledger = place.server.ledger
    assert (ledger["batches"], ledger["requests"]) == (1, N)
    rows = place.rows()
    assert sorted(rows) == sorted(f"a-{n}" for n in range(N))
    full = (ledger["input_tokens"] * 1.0 + ledger["output_tokens"] * 4.0) / 1e6
    assert sum(row.spent.cost_usd or 0 for row in rows.values()) == pytest.approx(full / 2)
    assert place.batch() == 0
    assert place.server.ledger["requests"] == N
    assert place.server.ledger["batches"] == 1


def test_what_goes_out_is_what_is_asked_in_real_time(place: Place) -> None:
    """The same bodies to the byte, so that a draft is the same whoever asked, and the cache holds it for both."""
    assert place.batch("--stage", "submit") == 6
    (lines,) = [path.read_bytes().splitlines() for path in (place.home / "run/remote").glob("*.jsonl")]
    assert [json.loads(line)["url"] for line in lines] == ["/v1/chat/completions"] * N
    assert place.batch() == 0
    calls = place.server.ledger["calls"]
    assert run(["batch", "in.jsonl", "--out", "second"]) == 0
    assert place.server.ledger["calls"] == calls


def test_submit_status_and_collect_are_steps_of_their_own(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in a process of its own if need be; 6 says that answers are still to come."""
    place.server.plan.takes_s = 3600.0
    assert place.batch("--stage", "submit") == 6
    assert place.batch("--stage", "collect") == 6
    assert place.batch("--stage", "status") == 6
    assert f"{N} requests sent" in " ".join(capsys.readouterr().out.split())
    for batch in place.server.batches:
        batch.ends_at = 0.0
    assert place.batch("--stage", "collect") == 0
    assert place.server.ledger["requests"] == N
    assert place.batch("--stage", "status") == 0


def test_lots_are_split_by_lines_and_by_bytes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte: no lot is over either limit, and together they hold every request once."""
    assert place.batch("--stage", "submit") == 6
    (first,) = lots(place)
    longest = max(map(len, first))
    monkeypatch.setattr(desk_module.Desk.__init__, "__kwdefaults__", {"most": (4, 3 * longest + 300)})
    write_articles(place.home / "in.jsonl", N + 10)
    assert place.batch() == 0
    assert [len(lot) for lot in lots(place)] == [N, 3, 3, 3, 1]
    monkeypatch.setattr(desk_module.Desk.__init__, "__kwdefaults__", {"most": (4, 9 * longest)})
    write_articles(place.home / "in.jsonl", N + 20)
    assert place.batch() == 0
    assert [len(lot) for lot in lots(place)][5:] == [4, 4, 2]
    assert len(place.rows()) == N + 20
    assert set(place.server.asked.values()) == {1}


def lots(place: Place) -> list[list[bytes]]:
    """The lines of each lot's requests."""
    paths = sorted((place.home / "run/remote").glob("[0-9][0-9][0-9][0-9][0-9][0-9].jsonl"))
    return [path.read_bytes().splitlines(keepends=True) for path in paths]


def test_answers_in_any_order_and_twice_are_joined_by_id_once(place: Place) -> None:
    """Every card is its own article's."""
    place.server.plan.twice = True
    assert place.batch() == 0
    assert all(row.card and f"number {row.id[2:]} " in row.card["summary"] for row in place.rows().values())


def test_what_an_expired_batch_had_done_is_kept_and_the_rest_asked_again(place: Place) -> None:
    """The finished half is billed and used; only the other half goes out once more."""
    place.server.plan.expire = 1
    assert place.batch() == 0
    assert place.server.ledger["batches"] == 2
    assert place.server.ledger["requests"] == N
    assert len(place.rows()) == N


def test_a_reply_that_is_no_draft_is_repaired_in_a_second_batch(place: Place) -> None:
    """With its faults named; the others aren't asked again."""

    def reply(body: dict[str, Any]) -> Answer:
        good = derived.reply(body)
        return answers.completion("no draft at all") if named(body, 3) and len(body["messages"]) == 2 else good

    place.server.plan.reply = reply
    assert place.batch() == 0
    assert place.server.ledger["batches"] == 2
    assert place.server.ledger["requests"] == N + 1
    row = place.rows()["a-3"]
    assert row.card is not None
    assert row.card["provenance"]["reasked"]
    assert row.spent.requests == 2


def test_what_stays_no_draft_fails_alone_and_is_asked_anew_by_retry_failed(place: Place) -> None:
    """With its reason; the answers that were no drafts aren't looked at a second time."""
    broken = [3]

    def reply(body: dict[str, Any]) -> Answer:
        return answers.completion("no draft at all") if any(named(body, number) for number in broken) else derived.reply(body)

    place.server.plan.reply = reply
    assert place.batch() == 1
    assert place.rows()["a-3"].error == "DraftRejected"
    assert place.batch() == 1
    assert place.server.ledger["requests"] == N + 1
    broken.clear()
    assert place.batch("--retry-failed") == 0
    assert place.rows()["a-3"].status == "ok"
    assert place.server.ledger["requests"] == N + 2


@pytest.mark.parametrize(
    "refusal", [answers.named("quota"), answers.error(401, "no"), answers.error(404, "no")], ids=["quota", "401", "404"]
)
def test_a_request_that_was_refused_in_a_batch_fails_alone(place: Place, refusal: Answer) -> None:
    """The answers beside it were paid for and become cards; when what was wrong is mended, it alone is asked anew."""
    wrong = [3]

    def reply(body: dict[str, Any]) -> Answer:
        return refusal if any(named(body, number) for number in wrong) else derived.reply(body)

    place.server.plan.reply = reply
    assert place.batch() == 1
    rows = place.rows()
    assert [row.id for row in rows.values() if row.card is None] == ["a-3"]
    assert "--retry-failed" in (rows["a-3"].problem or "")
    wrong.clear()
    assert place.batch("--retry-failed") == 0
    assert len(place.rows()) == N
    assert place.server.ledger["requests"] == N + 1


def test_a_reply_that_may_be_longer_is_reserved_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ended at the cap is asked for with twice the cap, and that is what the budget holds for it."""
    monkeypatch.setenv("NEWSCARD_MAX_OUTPUT_TOKENS", "256")
    place.server.plan.reply = lambda body: answers.named("length") if body["max_tokens"] == 256 else derived.reply(body)
    for held in (256, 512):
        assert place.batch("--stage", "submit") == 6
        with closing(Ledger(place.home / "run" / "remote")) as ledger:
            assert ledger.worst()[1] == N * held


def test_finishing_now_asks_in_real_time_only_for_what_failed(place: Place) -> None:
    """One call at the full price, after two in batches at half of it."""
    batched: list[int] = []

    def reply(body: dict[str, Any]) -> Answer:
        if named(body, 3) and len(batched) < 2:
            batched.append(1)
            return answers.completion("no draft at all")
        return derived.reply(body)

    place.server.plan.reply = reply
    assert place.batch("--finish-now") == 0
    assert place.server.ledger["calls"] == 1
    row = place.rows()["a-3"]
    assert row.spent.requests == 3
    assert row.status == "ok"


REFUSED = answers.completion(None, refusal="no", usage=(10_000, 0, 250))


@pytest.mark.parametrize(("refusals", "code"), [(N, 0), (2 * N, 1)], ids=["then drafts", "then refusals again"])
def test_what_is_asked_at_once_after_a_batch_costs_what_both_cost(place: Place, refusals: int, code: int) -> None:
    """Half the price for the batch's tokens, the whole for the others, though they are made up of input and output differently."""
    asked = itertools.count()
    place.server.plan.reply = lambda body: REFUSED if next(asked) < refusals else derived.reply(body)
    assert place.batch("--finish-now") == code
    ledger = place.server.ledger
    batch = N * (10_000 * 1.0 + 250 * 4.0) / 1e6
    both = (ledger["input_tokens"] * 1.0 + ledger["output_tokens"] * 4.0) / 1e6
    rows = place.rows().values()
    assert sum(row.spent.requests for row in rows) == 2 * N
    assert sum(row.spent.cost_usd or 0 for row in rows) == pytest.approx(both - batch / 2)


def test_a_budget_is_one_for_what_is_in_batches_and_what_is_asked_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for the batch alone: what it refused waits, and the exit code says for what."""
    monkeypatch.setenv("NEWSCARD_MAX_OUTPUT_TOKENS", "256")
    place.server.plan.reply = lambda _: REFUSED
    assert place.batch("--finish-now", "--max-tokens", "115000") == 3
    assert spent_tokens(place) == N * 10_250
    assert place.server.ledger["calls"] == 0


def test_what_was_asked_at_once_when_a_kill_came_counts_for_the_budget(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be billed, though nobody heard the answer."""
    monkeypatch.setenv("NEWSCARD_MAX_OUTPUT_TOKENS", "256")
    asked, is_there = itertools.count(), threading.Event()

    def reply(_: dict[str, Any]) -> Answer:
        if next(asked) >= N and not is_there.is_set():
            is_there.set()
            time.sleep(0.5)  # the server does nothing else meanwhile
        return REFUSED

    place.server.plan.reply = reply
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--runner", "openai-batch", "--finish-now"]
    env = environment(place.home, **place.env, NEWSCARD_MAX_OUTPUT_TOKENS="256")
    with subprocess.Popen(command, cwd=place.home, env=env, stderr=subprocess.DEVNULL) as process:
        assert is_there.wait(30)
        os.kill(process.pid, signal.SIGKILL)
    time.sleep(1.0)
    asked, calls = itertools.count(N), place.server.ledger["calls"]
    assert not place.rows()
    assert place.batch("--finish-now", "--max-tokens", f"{N * 10_250 + 30_000}") == 3
    assert place.server.ledger["calls"] == calls
    place.server.plan.reply = derived.reply
    assert place.batch("--finish-now") == 0
    assert len(place.rows()) == N


def test_a_batch_whose_creation_was_never_answered_is_adopted(place: Place) -> None:
    """It is there and will be billed: it is found by its metadata, and no second one is made."""
    place.server.plan.lose_created = 1
    assert place.batch() == 0
    assert place.server.ledger["batches"] == 1
    assert place.server.ledger["requests"] == N


def test_a_download_that_breaks_off_is_done_again(place: Place) -> None:
    """It costs nothing; what had come of it isn't taken for the whole."""
    place.server.plan.break_off = 2
    assert place.batch() == 0
    assert place.server.ledger["requests"] == len(place.rows()) == N


def test_another_runner_says_what_is_still_with_the_provider(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks for the same, and pays for it a second time."""
    assert place.batch("--stage", "submit") == 6
    assert run(["batch", "in.jsonl", "--out", "run", "--max-tokens", "1"]) == 3
    said = f"run: {N} requests with the provider's Batch API; this runner asks and pays for their articles again"
    assert said in capsys.readouterr().err
    assert place.batch() == 0
    assert run(["batch", "in.jsonl", "--out", "run"]) == 0
    assert "Batch API" not in capsys.readouterr().err


def test_a_second_runner_is_refused_while_the_first_one_waits(place: Place) -> None:
    """Only a look is free to all, and touches nothing of a lot that is being written."""
    place.server.plan.takes_s = 3600.0
    env = environment(place.home, **place.env | {"NEWSCARD_POLL_S": "1"})
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--runner", "openai-batch"]
    with subprocess.Popen(command, cwd=place.home, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("waiting: 0 of" in line for line in process.stderr)
        (place.home / "run/remote/000002.part").write_bytes(b"half a lot")
        with pytest.raises(RunRefused, match=f"process {process.pid} on .* is running it"):
            run([*command[3:], "--stage", "collect"])
        assert place.batch("--stage", "status") == 6
        assert (place.home / "run/remote/000002.part").exists()
        process.terminate()
        assert process.wait(30) == 143
    assert place.batch("--stage", "collect") == 6
    assert not (place.home / "run/remote/000002.part").exists()


def test_a_full_queue_holds_a_batch_back_and_nothing_is_lost(place: Place) -> None:
    """It is handed over again when there is room."""
    place.server.plan.refuse = ["token_limit_exceeded", "token_limit_exceeded"]
    assert place.batch() == 0
    assert place.server.ledger["batches"] == 3
    assert place.server.ledger["requests"] == N


def test_a_refused_batch_ends_the_command_with_the_providers_words(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of it was asked for; the same command asks anew."""
    place.server.plan.refuse = ["invalid_json_line"]
    with pytest.raises(NewscardError, match="invalid_json_line"):
        run(["batch", "in.jsonl", "--out", "run", "--runner", "openai-batch"])
    assert place.batch() == 0
    assert place.server.ledger["requests"] == N
    capsys.readouterr()


def test_copies_of_one_text_are_asked_about_once(place: Place) -> None:
    """In the same lot already: the second takes the first one's draft over when it comes."""
    lines = (place.home / "in.jsonl").read_text().splitlines()
    copy = json.loads(lines[0]) | {"id": "copy", "source": "another wire"}
    (place.home / "in.jsonl").write_text("\n".join([*lines, json.dumps(copy)]) + "\n")
    assert place.batch() == 0
    assert place.server.ledger["requests"] == N
    assert place.rows()["copy"].taken_from == "a-0"


def test_a_budget_is_kept_over_what_is_under_way(place: Place) -> None:
    """Reserved before a request goes out: what doesn't fit stays, the exit code says so, and nothing that was paid for is lost."""
    assert place.batch("--max-tokens", "40000") == 3
    spent = place.server.ledger["input_tokens"] + place.server.ledger["output_tokens"]
    assert 0 < spent <= 40_000
    assert 0 < len(place.rows()) < N
    assert place.batch() == 0
    assert len(place.rows()) == N


def test_what_a_killed_runner_asked_in_real_time_counts_for_the_budget(place: Place) -> None:
    """It may have been billed, whoever goes on with the run."""
    assert place.batch("--max-tokens", "1") == 3
    with (place.home / "run" / "asked").open("ab") as stream:
        stream.write(bytes(16) * 50)
    assert place.batch("--max-tokens", "100000") == 3
    assert not place.server.ledger
    assert place.batch() == 0


@pytest.mark.parametrize("step", [1, -1], ids=["they stand first", "they stand last"])
def test_answers_whose_rows_a_kill_prevented_count_for_the_budget(step: int, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were paid for, though no row says so yet, and wherever in the input their articles stand."""
    monkeypatch.setenv("NEWSCARD_MAX_OUTPUT_TOKENS", "256")
    write_articles(place.home / "in.jsonl", N // 2)
    assert place.batch("--stage", "submit") == 6

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("agent.cli.batch_remote.RemoteRun._go", killed)
        with pytest.raises(RuntimeError, match="killed"):
            place.batch("--stage", "collect")
    write_articles(place.home / "in.jsonl", N)
    (place.home / "in.jsonl").write_text("\n".join((place.home / "in.jsonl").read_text().splitlines()[::step]))
    limit = spent_tokens(place) + 100
    assert place.batch("--max-tokens", str(limit)) == 3
    assert spent_tokens(place) <= limit
    assert len(place.rows()) == N // 2
    assert place.batch() == 0
    assert place.server.ledger["requests"] == len(place.rows()) == N


def test_a_ledger_of_an_older_version_is_gone_on_with(place: Place) -> None:
    """It knows less of its answers."""
    assert place.batch("--stage", "submit") == 6
    with closing(sqlite3.connect(place.home / "run" / "remote" / "ledger.db")) as database:
        for column in ("article", "took_in", "took_out"):
            database.execute(f"ALTER TABLE asked DROP COLUMN {column}")
    assert place.batch("--max-tokens", "1000000") == 0
    assert place.server.ledger["requests"] == len(place.rows()) == N


def spent_tokens(place: Place) -> int:
    """What the provider has billed."""
    return place.server.ledger["input_tokens"] + place.server.ledger["output_tokens"]


def test_standard_input_is_refused(place: Place) -> None:
    """It can't be read twice."""
    with pytest.raises(NewscardError, match="reads its input more than once"):
        run(["batch", "-", "--out", "run", "--runner", "openai-batch"])
    assert not (place.home / "run").exists()


def test_a_dry_run_costs_half(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """And asks for nothing."""

    def forecast(*more: str) -> dict[str, Any]:
        assert run(["batch", "in.jsonl", "--out", "run", "--dry-run", "--log-json", *more]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().err.splitlines()[-1])
        return found

    assert forecast("--runner", "openai-batch")["cost_usd"] == pytest.approx(forecast()["cost_usd"] / 2)
    assert not place.server.ledger


def killed_at(place: Place, command: Sequence[str], moment_s: float) -> None:
    """Run it, and kill it."""
    env = environment(place.home, **place.env)
    with subprocess.Popen([*NEWSCARD, *command], cwd=place.home, env=env, stderr=subprocess.DEVNULL) as process:
        time.sleep(moment_s)
        os.kill(process.pid, signal.SIGKILL)


def test_kills_at_any_moment_lose_nothing_and_pay_nothing_twice(place: Place) -> None:
    """SIGKILL again and again, from the first second on: every id once, and every request billed once."""
    place.server.plan.takes_s = 0.3
    for moment_s in (0.5, 0.7, 0.8, 0.9, 1.0, 1.2):
        killed_at(place, ("batch", "in.jsonl", "--out", "run", "--runner", "openai-batch"), moment_s)
    assert place.batch() == 0
    assert len(place.rows()) == N
    assert place.server.ledger["requests"] == N
    assert set(place.server.asked.values()) == {1}

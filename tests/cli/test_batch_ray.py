"""Workers of a real Ray on this machine, one of which is killed."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agent.article import Article
from agent.batch.ray import RayEnricher, _Enriching, error_of, share
from agent.batch.reading import Runs
from agent.card import Usage
from agent.enrich import Enricher
from agent.errors import BudgetExceeded, KeyRejected, NoReply
from agent.settings import Settings
from tests.batch.killing import settings, write_articles
from tests.cli.commands import NEWSCARD
from tests.faults.server import FaultServer

N = 60
ARTICLE = Article(id="a-1", text="Halden lowered its outlook.")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """It drafts whatever it is asked about, in a while."""
    with FaultServer() as made:
        made.derive()
        made.plan.latency_s = 0.3
        yield made


def test_a_worker_that_is_killed_loses_no_row(server: FaultServer, tmp_path: Path) -> None:
    """Its articles go to the other; at most those that it had in flight are asked about twice. The same command again asks for nothing."""
    write_articles(tmp_path / "in.jsonl", N)
    env = settings(server, tmp_path) | {"NEWSCARD_CONCURRENCY": "4"}
    command = [*NEWSCARD, "batch", "in.jsonl", "--out", "run", "--runner", "ray", "--ray-workers", "2", "--log-json"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        pids: list[int] = []
        for line in process.stderr:
            said = json.loads(line)
            if said["event"] == "workers":
                pids = said["pids"]
            if said["event"] == "progress" and said["cards"] >= 5 and pids:
                os.kill(pids.pop(), signal.SIGKILL)
                pids = []
    assert process.returncode == 0
    rows = list(Runs([tmp_path / "run"]).rows())
    assert sorted(row.id for row in rows) == sorted(f"a-{n}" for n in range(N))
    assert {row.status for row in rows} == {"ok"}
    assert N <= server.ledger.requests <= N + 4
    calls = server.ledger.requests
    again = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert again.returncode == 0, again.stderr
    assert server.ledger.requests == calls


async def test_a_worker_that_is_started_again_has_spent_what_it_had_spent(server: FaultServer) -> None:
    """Its part of the budget isn't there a second time."""
    import ray

    chosen = Settings(model="test-model", base_url=server.base_url, cache=False, max_output_tokens=256, concurrency=1)
    articles = [Article(id=f"a-{number}", text=f"Halden lowered its outlook on Monday, number {number}.") for number in range(4)]
    worst = 4 * Enricher.from_settings(chosen).expects(articles[0]).input_tokens + 256
    try:
        async with RayEnricher(chosen.model_copy(update={"max_tokens": worst + 7_000}), 1) as enricher:
            first = [await enricher.draft(article) for article in articles[:2]]
            assert 7_000 < sum(one.usage.input_tokens + one.usage.output_tokens for one in first) < 14_000
            (pid,) = await enricher.pids()
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(BudgetExceeded):
                await enricher.draft(articles[2])
    finally:
        ray.shutdown()
    assert server.ledger.requests == 2


def test_a_row_of_a_dataset_that_is_no_article_fails_alone() -> None:
    """With the reason that a file of it would have."""
    made = _Enriching(Settings(engine="extractive"))
    texts = [None, ARTICLE.text, math.nan, ARTICLE.text + " It said so.", ARTICLE.text]
    ids = [1, 2, 3, None, 5]
    dates = [None, "2026-01-05", None, None, "never"]
    batch = {"id": ids, "text": texts, "published_at": dates}
    rows = made(_Batch([dict(zip(batch, row, strict=True)) for row in zip(*batch.values(), strict=True)])).to_pylist()
    assert [row["status"] for row in rows] == ["failed", "abstained", "failed", "abstained", "failed"]
    assert [row["id"] for row in rows][:3] == ["1", "2", "3"]
    assert rows[0]["problem"] == "it has no text; the field is named text, body or content"
    made._loop.run_until_complete(made._enricher.aclose())
    made._loop.close()
    assert rows[4]["problem"] == "its date can't be read; write it like 2025-06-18T21:00:00Z"


class _Batch:
    """What a worker is given of a table: a NaN among texts is pandas' doing, and Arrow's own has none."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._rows = rows

    def to_pylist(self) -> list[dict[str, object]]:
        """The rows."""
        return self._rows


def test_a_dataset_goes_through_workers_and_is_paid_for_once(server: FaultServer, tmp_path: Path) -> None:
    """Parquet in, Parquet out; the drafts' keys are those of every other way, so that the second time all are found."""
    write_articles(tmp_path / "in.jsonl", 20)
    articles = [json.loads(line) for line in (tmp_path / "in.jsonl").read_text().splitlines()]
    pq.write_table(pa.Table.from_pylist(articles), tmp_path / "in.parquet")
    server.plan.latency_s = 0.0
    command = [sys.executable, "-m", "tests.batch.ray_dataset", "in.parquet", "first", "second"]
    done = subprocess.run(command, cwd=tmp_path, env=settings(server, tmp_path), capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    for target in ("first", "second"):
        rows = pq.read_table(tmp_path / target).to_pylist()
        assert sorted(row["id"] for row in rows) == sorted(f"a-{n}" for n in range(20))
        assert all(json.loads(row["card"])["status"] == row["status"] == "ok" for row in rows)
    assert server.ledger.requests == 20


def test_what_is_for_all_is_split_and_what_is_each_ones_own_is_not() -> None:
    """Requests, tokens and dollars; concurrency is a worker's own. What Redis shares isn't split a second time."""
    whole = Settings(rpm=100, tpm=1_000, max_cost_usd=4.0, max_tokens=400, concurrency=7)
    part = share(whole, 4)
    assert (part.rpm, part.tpm, part.max_cost_usd, part.max_tokens, part.concurrency) == (25, 250, 1.0, 100, 7)
    shared = share(whole.model_copy(update={"cache_url": "redis://x", "budget": "b"}), 4)
    assert (shared.rpm, shared.max_cost_usd, shared.workers) == (100, 4.0, 4)


def test_errors_cross_between_processes_as_what_they_are() -> None:
    """An article's own with its usage; one of the whole run as such; one that nobody knows ends its article alone."""
    usage = Usage(requests=2)
    mine = error_of(ARTICLE, "NoReply", "silence", usage)
    assert isinstance(mine, NoReply)
    assert (mine.article_id, mine.usage) == ("a-1", usage)
    assert isinstance(error_of(ARTICLE, "KeyRejected", "no", None), KeyRejected)
    assert isinstance(error_of(ARTICLE, "BudgetExceeded", "spent", None), BudgetExceeded)
    assert isinstance(error_of(ARTICLE, "Surprise", "what", None), NoReply)

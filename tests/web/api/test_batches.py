"""Batches over HTTP: handed in any way, looked at while they run, cancelled, gone on with after a restart."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.web.jobs import Job, JobBook
from tests.faults import answers
from tests.faults.plan import Rule
from tests.faults.server import FaultServer
from tests.web.serving import Serve, an_order, until

LINES = {"content-type": "application/x-ndjson"}


def articles(count: int) -> list[dict[str, Any]]:
    """Different ones."""
    return [an_order(number)["article"] for number in range(count)]


def as_lines(items: list[dict[str, Any]]) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def ended(client: httpx.Client, location: str) -> dict[str, Any]:
    """The batch, when it has ended."""
    until(lambda: client.get(location).json()["state"] not in {"waiting", "running", "cancelling"}, 30)
    found: dict[str, Any] = client.get(location).json()
    return found


def rows(client: httpx.Client, location: str, limit: int = 2, most: int = 1_000) -> list[dict[str, Any]]:
    """All rows, a small page at a time; `most` pages."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(most):
        page = client.get(f"{location}/rows", params={"limit": limit} | ({"cursor": cursor} if cursor else {})).json()
        found += page["rows"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return found


@pytest.mark.parametrize("form", ["list", "lines", "file"])
def test_articles_are_handed_in_any_way(serve: Serve, form: str) -> None:
    """202 with a Location; each gets its row, and its card is in the list."""
    items = articles(5)
    ways: dict[str, dict[str, Any]] = {
        "list": {"json": items},
        "lines": {"content": as_lines(items), "headers": LINES},
        "file": {"files": {"file": ("news.jsonl", as_lines(items))}},
    }
    with serve() as client:
        taken = client.post("/v1/batches", **ways[form])
        assert (taken.status_code, taken.json()["articles"]) == (202, 5)
        batch = ended(client, taken.headers["location"])
        assert (batch["state"], batch["cards"], batch["failed"]) == ("done", 5, 0)
        found = rows(client, taken.headers["location"])
        assert sorted(row["id"] for row in found) == [item["id"] for item in items]
        assert {row["place"] for row in found} == {f"articles:{number}" for number in range(1, 6)}
        assert client.get(f"/v1/cards/{items[0]['id']}").json() == next(row["card"] for row in found if row["id"] == items[0]["id"])
        assert client.get("/v1/batches").json()["batches"] == [batch]


def test_lines_that_are_no_article_are_rows_with_their_place(serve: Serve) -> None:
    """And hold nobody up."""
    with serve(engine="extractive") as client:
        taken = client.post("/v1/batches", content=b'{"text": 5}\n\nnonsense\n' + as_lines(articles(1)), headers=LINES)
        assert taken.json()["articles"] == 3
        batch = ended(client, taken.headers["location"])
        assert (batch["cards"], batch["failed"]) == (1, 2)
        failed = {row["place"]: row["problem"]["code"] for row in rows(client, taken.headers["location"]) if row["status"] == "failed"}
    assert failed == {"articles:1": "invalid_article", "articles:3": "invalid_article"}


@pytest.mark.parametrize("changed", [{"id": ".."}, {"id": "x" * 201}, {"title": "x" * 1_001}, {"url": "x" * 2_001}, {"source": "x" * 201}])
def test_a_line_has_the_bounds_that_a_request_has(serve: Serve, changed: dict[str, str]) -> None:
    """Else one of a hundred titles of a megabyte would stand in every list. Its row says which bound it is."""
    with serve(engine="extractive") as client:
        taken = client.post("/v1/batches", content=as_lines([articles(1)[0] | changed, *articles(1)]), headers=LINES)
        assert ended(client, taken.headers["location"])["cards"] == 1
        (failed,) = (row for row in rows(client, taken.headers["location"]) if row["status"] == "failed")
    assert (failed["place"], failed["problem"]["code"]) == ("articles:1", "invalid_article")
    assert failed["problem"]["detail"].startswith(f"its {next(iter(changed))} is ")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"content": b"[", "headers": {"content-type": "application/json"}}, 400, "invalid_json"),
        ({"json": {}}, 422, "invalid_request"),
        ({"json": []}, 422, "invalid_request"),
        ({"json": [{"text": "x"}, {"title": "no text"}]}, 422, "invalid_request"),
        ({"content": b"\n \n", "headers": LINES}, 422, "invalid_request"),
        ({"content": b"x", "headers": {"content-type": "text/csv"}}, 415, "media_type_unsupported"),
        ({"data": {"file": "no file"}}, 415, "media_type_unsupported"),
        ({"json": [{"text": "x" * 2_000}]}, 413, "too_large"),
        ({"content": as_lines(articles(20)), "headers": LINES}, 413, "too_large"),
    ],
)
def test_what_is_no_batch_is_told(serve: Serve, sent: dict[str, Any], status: int, code: str) -> None:
    """And nothing of it is kept."""
    with serve(engine="extractive", max_body_bytes=1_000, max_upload_bytes=2_000) as client:
        found = client.post("/v1/batches", **sent)
        assert (found.status_code, found.json()["code"]) == (status, code)
        assert client.get("/v1/batches").json() == {"batches": []}


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data; boundary=x"}}, "can't be read"),
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data"}}, "can't be read"),
        ({"files": [("file", ("a", b'{"text": "x"}')), ("file", ("b", b'{"text": "x"}'))]}, "one file"),
        ({"files": [("articles", ("a", b'{"text": "x"}'))]}, "no `file`"),
    ],
)
def test_a_form_that_is_none_is_told_as_a_form(serve: Serve, sent: dict[str, Any], says: str) -> None:
    """It isn't called JSON, which nobody sent."""
    with serve(engine="extractive") as client:
        found = client.post("/v1/batches", **sent)
    assert (found.status_code, found.json()["code"]) == (422, "invalid_request")
    assert says in found.json()["detail"]


def test_a_list_names_the_item_that_is_no_article(serve: Serve) -> None:
    """By its number, from 0."""
    with serve(engine="extractive") as client:
        found = client.post("/v1/batches", json=[{"text": "x"}, {"title": "no text"}])
    assert found.json()["errors"] == [{"field": "1.text", "problem": "Field required"}]


def test_a_batch_handed_in_twice_under_one_key_is_one(serve: Serve) -> None:
    """Other articles under that key are refused."""
    key = {"idempotency-key": "night"}
    with serve(engine="extractive") as client:
        first, again = (client.post("/v1/batches", json=articles(2), headers=key) for _ in range(2))
        assert first.json()["id"] == again.json()["id"]
        assert (again.status_code, again.headers["location"]) == (202, first.headers["location"])
        assert client.post("/v1/batches", json=articles(3), headers=key).json()["code"] == "idempotency_key_reused"
        ended(client, first.headers["location"])
        assert len(client.get("/v1/batches").json()["batches"]) == 1


def test_rows_can_be_followed_while_they_come(serve: Serve, fault_server: FaultServer) -> None:
    """The cursor goes on where the last page ended."""
    fault_server.plan.rules.append(Rule(answers.HANG, match=re.compile(rb"outlook \(3\)")))
    with serve(concurrency=2, drain_s=3) as client:
        taken = client.post("/v1/batches", json=articles(4))
        location = taken.headers["location"]
        until(lambda: client.get(location).json()["cards"] == 3)
        until(lambda: len(client.get(f"{location}/rows").json()["rows"]) == 3)
        page = client.get(f"{location}/rows").json()
        assert page["state"] == "running"
        later = client.get(f"{location}/rows", params={"cursor": page["next_cursor"]}).json()
        assert (later["rows"], later["next_cursor"]) == ([], page["next_cursor"])
        assert client.delete(location).json()["state"] == "cancelling"
        cancelled = ended(client, location)
    assert (cancelled["state"], cancelled["cards"]) == ("cancelled", 3)


def test_a_cancelled_batch_stays_cancelled(serve: Serve, fault_server: FaultServer) -> None:
    """Its rows stay; cancelling it again changes nothing; a restart doesn't go on with it."""
    fault_server.plan.latency_s = 0.05
    with serve(concurrency=1) as client:
        location = client.post("/v1/batches", json=articles(100)).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 2)
        cancelled = client.delete(location).json()
        assert client.delete(location).json() == cancelled
    asked = fault_server.ledger.requests
    with serve(concurrency=1) as client:
        assert client.get(location).json() == cancelled
        assert len(rows(client, location, 100)) == cancelled["cards"] >= 2
    assert fault_server.ledger.requests == asked < 100


def test_a_batch_that_fails_while_it_is_cancelled_is_cancelled(serve: Serve, fault_server: FaultServer) -> None:
    """It isn't stopped for ever, where nothing could cancel it any more."""
    fault_server.plan.latency_s = 1
    fault_server.reply(answers.named("401"))
    with serve() as client:
        location = client.post("/v1/batches", json=articles(3)).headers["location"]
        until(lambda: fault_server.ledger.requests >= 1)
        client.delete(location)
        assert ended(client, location)["state"] == "cancelled"


def test_a_batch_is_forgotten_when_it_has_ended(serve: Serve, fault_server: FaultServer, tmp_path: Path) -> None:
    """With its articles and rows; before its end it isn't, and its cards stay."""
    fault_server.plan.rules.append(Rule(answers.HANG, match=re.compile(rb"outlook \(1\)")))
    with serve(concurrency=2, drain_s=0) as client:
        location = client.post("/v1/batches", json=articles(2)).headers["location"]
        until(lambda: client.get(location).json()["cards"] == 1)
        early = client.delete(location, params={"forget": True})
        assert (early.status_code, early.json()["code"]) == (409, "not_ended")
        fault_server.plan.rules.clear()
        client.delete(location)
    with serve(concurrency=2, drain_s=0) as client:
        assert client.get(location).json()["state"] == "cancelled"
        assert client.delete(location, params={"forget": True}).json()["cards"] == 1
        assert client.get(location).status_code == client.get(f"{location}/rows").status_code == 404
        assert client.delete(location, params={"forget": True}).status_code == 404
        assert client.get("/v1/batches").json() == {"batches": []}
        assert client.get("/v1/cards/story-0").status_code == 200
    assert not list((tmp_path / "data" / "jobs").glob("*/*/*"))


def test_a_batch_that_ended_long_ago_is_forgotten(serve: Serve) -> None:
    """After NEWSCARD_BATCH_DAYS; one that hasn't ended never is."""
    with serve(engine="extractive") as client:
        location = client.post("/v1/batches", json=articles(2)).headers["location"]
        ended(client, location)
    with serve(engine="extractive") as client:
        assert client.get(location).status_code == 200
    with serve(engine="extractive", batch_days=0) as client:
        until(lambda: client.get(location).status_code == 404)
        assert client.get("/v1/cards/story-0").status_code == 200


def test_a_restart_goes_on_with_a_batch(serve: Serve, fault_server: FaultServer) -> None:
    """No article is asked for twice, every one has its row and is in the list."""
    fault_server.plan.latency_s = 0.02
    with serve(concurrency=2) as client:
        location = client.post("/v1/batches", json=articles(40)).headers["location"]
        waiting = client.post("/v1/batches", json=articles(3)).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 5)
    assert fault_server.ledger.requests < 40
    with serve(concurrency=2) as client:
        assert ended(client, location)["cards"] == 40
        assert ended(client, waiting)["cards"] == 3
        assert len({row["id"] for row in rows(client, location, 100)}) == 40
        listed = client.get("/v1/cards", params={"q": "halden", "limit": 100}).json()["cards"]
        assert len(listed) == 40
    assert fault_server.ledger.requests == 40


def test_a_batch_that_waits_after_a_restart_has_its_counts(serve: Serve, fault_server: FaultServer, tmp_path: Path) -> None:
    """Its rows are there, and so are their counts, until it is cancelled and after."""
    fault_server.plan.latency_s = 0.02
    with serve(concurrency=2) as client:
        location = client.post("/v1/batches", json=articles(40)).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 5)
    _hand_in_before_all_others(tmp_path / "data" / "jobs", an_order(1_000)["article"])
    fault_server.plan.rules.append(Rule(answers.HANG, match=re.compile(rb"outlook \(1000\)")))
    with serve(concurrency=2, drain_s=0) as client:
        until(lambda: [one["state"] for one in client.get("/v1/batches").json()["batches"]] == ["waiting", "running"])
        done = len(rows(client, location, 100, most=1))
        assert client.get(location).json()["cards"] == done >= 5
        assert client.delete(location).json()["cards"] == done
    with serve(drain_s=0) as client:
        assert (client.get(location).json()["state"], client.get(location).json()["cards"]) == ("cancelled", done)


def test_a_batch_whose_folder_is_broken_is_stopped_and_hides_no_other(serve: Serve, fault_server: FaultServer, tmp_path: Path) -> None:
    """It can be looked at, and says why; a restart goes on once the folder is mended."""
    fault_server.plan.latency_s = 0.02
    with serve(concurrency=2) as client:
        location = client.post("/v1/batches", json=articles(40)).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 2)
    (manifest,) = (tmp_path / "data" / "jobs").glob("*/*/run-0/run.json")
    whole = manifest.read_bytes()
    manifest.write_bytes(b"{")
    with serve() as client:
        until(lambda: client.get(location).json()["state"] == "stopped")
        (batch,) = client.get("/v1/batches").json()["batches"]
        assert batch["problem"]["code"] == "not_ready"
    manifest.write_bytes(whole)
    with serve(concurrency=2) as client:
        assert ended(client, location)["cards"] == 40


def _hand_in_before_all_others(folder: Path, article: dict[str, Any]) -> None:
    book = JobBook(folder)
    path = book.new_upload()
    path.write_bytes(as_lines([article]))
    book.add(Job(id="0" * 32, tenant="", caller="local", created_at=datetime(2025, 1, 1, tzinfo=UTC), articles=1), path)


def test_a_service_that_changed_goes_on_with_a_batch(serve: Serve, fault_server: FaultServer) -> None:
    """With another model: what has a row keeps it, the rest is the new one's; pages go through both."""
    fault_server.plan.latency_s = 0.02
    with serve(concurrency=2) as client:
        location = client.post("/v1/batches", json=articles(30)).headers["location"]
        until(lambda: client.get(location).json()["cards"] >= 4)
    with serve(concurrency=2, model="another") as client:
        batch = ended(client, location)
        assert (batch["state"], batch["cards"]) == ("done", 30)
        found = rows(client, location, 7)
        assert len(found) == len({row["id"] for row in found}) == 30
        assert {row["card"]["provenance"]["model"] for row in found} == {"test-model", "another"}
    assert fault_server.ledger.requests == 30


def test_a_batch_that_cannot_go_on_says_why(serve: Serve, fault_server: FaultServer) -> None:
    """It is stopped, not lost: with the key mended and the service started again, it ends."""
    fault_server.reply(answers.named("401"))
    with serve() as client:
        location = client.post("/v1/batches", json=articles(3)).headers["location"]
        batch = ended(client, location)
        assert (batch["state"], batch["problem"]["code"]) == ("stopped", "endpoint_rejects_us")
    fault_server.derive()
    with serve() as client:
        assert ended(client, location)["cards"] == 3


def test_a_batch_starves_no_live_request(serve: Serve, fault_server: FaultServer) -> None:
    """With 300 articles in hand and slow replies, a live one is asked for at once."""
    fault_server.plan.latency_s = 0.5
    with serve(concurrency=4, rpm=None) as client:
        location = client.post("/v1/batches", json=articles(300)).headers["location"]
        until(lambda: fault_server.ledger.requests == 3)  # a quarter of the room stays free
        live = an_order(1_000)
        assert client.post("/v1/cards", json=live).status_code == 200
        assert b"(1000)" in fault_server.requests[3].body
        client.delete(location)


def test_no_tenant_reaches_another_ones_batch(serve: Serve) -> None:
    """Nor is an id that nobody has an error of ours."""
    with serve(engine="extractive") as client:
        for name in ("x", "0" * 32, "..", "%2e%2e"):
            assert client.get(f"/v1/batches/{name}").status_code == 404
            assert client.get(f"/v1/batches/{name}/rows").status_code == 404
            assert client.delete(f"/v1/batches/{name}").status_code in {404, 405}

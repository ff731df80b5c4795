"""Whether the service lives, is ready, and what it counts."""

from __future__ import annotations

import httpx
import pytest

from agent.web.store import CardStore
from tests.faults.server import FaultServer
from tests.web.serving import Serve, an_order


def metric(client: httpx.Client, name: str) -> float:
    """One sample."""
    (found,) = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name + " ")]
    return float(found.rpartition(" ")[2])


def test_it_lives_and_is_ready(serve: Serve) -> None:
    """Two questions, both answered."""
    with serve(engine="extractive") as client:
        assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}


def test_it_is_not_ready_without_its_store(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lives all the same, and says nothing of the database."""
    with serve(engine="extractive") as client:
        monkeypatch.setattr(CardStore, "ping", lambda _: 1 / 0)
        found = client.get("/readyz")
        assert (found.status_code, found.json()["code"]) == (503, "not_ready")
        assert client.get("/healthz").status_code == 200


def test_cards_are_counted_as_they_cost(serve: Serve, fault_server: FaultServer) -> None:
    """Tokens once, from the endpoint's own count; re-asks; where drafts came from."""
    fault_server.script("no draft")
    with serve() as client:
        for _ in range(3):
            client.post("/v1/cards", json=an_order())
        assert metric(client, 'newscard_cards_total{status="ok"}') == 2
        assert metric(client, "newscard_reasks_total") == 1
        assert metric(client, 'newscard_tokens_total{kind="input"}') == fault_server.billed[0]
        assert metric(client, 'newscard_tokens_total{kind="output"}') == fault_server.billed[1]
        for source in ("engine", "draft", "response"):
            assert metric(client, f'newscard_cache_total{{from="{source}"}}') == 1


def test_requests_are_counted_by_route_and_not_by_what_callers_write(serve: Serve) -> None:
    """Ids, queries and unknown paths are no labels."""
    with serve(engine="extractive") as client:
        client.get("/v1/cards/canary-id")
        client.get("/canary-path?q=canary-word")
        text = client.get("/metrics").text
        assert "canary" not in text
        assert metric(client, 'newscard_requests_total{method="GET",route="/v1/cards/{card_id:path}",status="404"}') == 1
        assert metric(client, 'newscard_requests_total{method="GET",route="none",status="404"}') == 1


def test_schema_and_taxonomy_are_those_of_the_cards(serve: Serve) -> None:
    """The same as the command line prints."""
    from agent.card import card_schema
    from agent.taxonomy import load_taxonomy

    with serve(engine="extractive") as client:
        assert client.get("/v1/schema").json() == card_schema()
        found = client.get("/v1/taxonomy").json()
    assert [topic["name"] for topic in found["topics"]] == list(load_taxonomy().topic_names)


@pytest.mark.parametrize(("path", "status", "code"), [("/nowhere", 404, "not_found"), ("/v1/taxonomy", 405, "method_not_allowed")])
def test_routes_that_are_not_there_are_problems(serve: Serve, path: str, status: int, code: str) -> None:
    """As all errors are."""
    with serve(engine="extractive") as client:
        found = client.post(path)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert status == 404 or found.headers["allow"] == "GET, HEAD"


def test_all_methods_of_a_path_are_named(serve: Serve) -> None:
    """Also where different routes have them."""
    with serve(engine="extractive") as client:
        assert client.patch("/v1/cards").headers["allow"] == "GET, HEAD, POST"
        assert client.patch("/v1/batches/x").headers["allow"] == "DELETE, GET, HEAD"

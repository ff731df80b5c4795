"""Tenants share neither cards, nor drafts, nor answers, nor batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.jobs import worker
from tests.faults.server import FaultServer
from tests.web.security.made import a_key, bearer
from tests.web.serving import an_article, an_order, served, until


class Two(NamedTuple):
    """One service, two tenants, and a second key of the first."""

    client: httpx.Client
    ours: dict[str, str]
    also_ours: dict[str, str]
    theirs: dict[str, str]
    endpoint: FaultServer


@pytest.fixture
def two(tmp_path: Any, fault_server: FaultServer) -> Iterator[Two]:
    """With a model's endpoint, so that drafts are kept."""
    fault_server.derive()
    settings = Settings(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "drafts", base_url=fault_server.base_url, model="test-model", api_key="k"
    )
    ours, also_ours, theirs = (bearer(a_key(settings, tenant)) for tenant in ("ours", "ours", "theirs"))
    with served(create_app(settings)) as client:
        yield Two(client, ours, also_ours, theirs, fault_server)


def order(two: Two, who: dict[str, str], **headers: str) -> httpx.Response:
    """A card of the one article, ordered by somebody."""
    return two.client.post("/v1/cards", json=an_order(), headers={**who, **headers})


def test_d41_a_card_of_one_tenant_is_404_for_another(two: Two) -> None:
    """By its id, in lists, in search; for a key of the same tenant it is there."""
    card_id = order(two, two.ours).json()["id"]
    for who, status, count in ((two.ours, 200, 1), (two.also_ours, 200, 1), (two.theirs, 404, 0)):
        assert two.client.get(f"/v1/cards/{card_id}", headers=who).status_code == status
        for query in ("", "?q=halden", "?sentiment=positive", "?min_impact=0"):
            found = two.client.get(f"/v1/cards{query}", headers=who).json()["cards"]
            assert not {card["id"] for card in found} - {card_id}
            assert query == "?sentiment=positive" or len(found) == count


def test_d41_two_tenants_with_the_same_article_share_no_draft(two: Two) -> None:
    """Each pays for its own; the second key of a tenant pays nothing."""
    assert not order(two, two.ours).json()["provenance"]["cached"]
    assert two.endpoint.ledger.requests == 1
    assert order(two, two.also_ours).json()["provenance"]["cached"]
    assert two.endpoint.ledger.requests == 1
    assert not order(two, two.theirs).json()["provenance"]["cached"]
    assert two.endpoint.ledger.requests == 2


def test_d41_an_answer_kept_for_equal_bytes_is_its_tenants(two: Two) -> None:
    """The layer that answers without asking anything else looks at the tenant too."""
    for _ in range(3):
        order(two, two.ours)
    assert not order(two, two.theirs).json()["provenance"]["cached"]
    assert two.endpoint.ledger.requests == 2


def test_d41_equal_requests_of_two_tenants_at_once_are_two(two: Two) -> None:
    """Who waits for another's call would learn that there is one."""
    from concurrent.futures import ThreadPoolExecutor

    two.endpoint.plan.latency_s = 0.5
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda who: order(two, who), (two.ours, two.also_ours, two.theirs, two.theirs)))
    assert [answer.status_code for answer in made] == [200] * 4
    assert two.endpoint.ledger.requests == 2


def test_d41_an_idempotency_key_of_one_tenant_is_unknown_to_another(two: Two) -> None:
    """The same text is another key: it neither replays the other's answer nor collides with it."""
    key = {"Idempotency-Key": "same"}
    first = order(two, two.ours, **key)
    assert order(two, two.also_ours, **key).headers["idempotency-replayed"] == "true"
    another = two.client.post("/v1/cards", json=an_order(2), headers={**two.theirs, **key})
    assert (another.status_code, another.headers.get("idempotency-replayed")) == (200, None)
    assert another.json()["id"] != first.json()["id"]


def test_d41_a_batch_of_one_tenant_is_404_for_another(two: Two) -> None:
    """To look at, to read and to cancel; it isn't in the other's list, and its cards are its tenant's."""
    line = json.dumps(an_article(3).model_dump(mode="json")).encode()
    batch = two.client.post("/v1/batches", content=line, headers={**two.ours, "content-type": "application/x-ndjson"}).json()
    address = f"/v1/batches/{batch['id']}"
    for call in (two.client.get, two.client.delete):
        assert call(address, headers=two.theirs).status_code == 404
    assert two.client.get(f"{address}/rows", headers=two.theirs).status_code == 404
    assert two.client.get("/v1/batches", headers=two.theirs).json()["batches"] == []
    until(lambda: two.client.get(address, headers=two.also_ours).json()["state"] == "done")
    assert two.client.get("/v1/cards/story-3", headers=two.theirs).status_code == 404
    assert two.client.get("/v1/cards/story-3", headers=two.also_ours).status_code == 200


def test_a_tenants_pile_of_batches_leaves_room_for_another(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has as many waiting as one may is told so; the other hands its own in."""
    monkeypatch.setattr(worker, "MOST_OF_TENANT", 2)
    two.endpoint.plan.latency_s = 1
    batch = [an_order(number)["article"] for number in range(3)]
    taken = [two.client.post("/v1/batches", json=batch, headers=two.ours) for _ in range(3)]
    assert [answer.status_code for answer in taken] == [202, 202, 429]
    assert (taken[2].json()["code"], taken[2].headers["retry-after"]) == ("too_many_requests", "60")
    assert two.client.post("/v1/batches", json=batch, headers=two.theirs).status_code == 202


def test_the_cards_made_without_keys_are_the_owners(tmp_path: Any) -> None:
    """A key without a tenant sees them, another tenant's doesn't."""
    settings = Settings(data_dir=tmp_path / "data", engine="extractive")
    with served(create_app(settings)) as client:
        assert client.post("/v1/cards", json=an_order()).status_code == 200
    owner, other = bearer(a_key(settings)), bearer(a_key(settings, "acme"))
    with served(create_app(settings)) as client:
        assert client.get("/v1/cards/story-1", headers=owner).status_code == 200
        assert client.get("/v1/cards/story-1", headers=other).status_code == 404

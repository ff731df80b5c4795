"""A key's dollars over HTTP, with a model's endpoint that bills."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.security.purse import spent_today_usd
from tests.faults.server import FaultServer
from tests.web.security.made import a_key, access_store, bearer, prefix_of
from tests.web.serving import an_article, an_order, served, until


def billing(tmp_path: Path, server: FaultServer, **more: Any) -> Settings:
    """A dollar a thousand tokens: a card costs some dollars."""
    server.derive()
    row = {"model": "m", "endpoint": server.host, "effective_from": "2020-01-01", "source": "a test"}
    prices = {"prices": [{**row, "input": 1000, "cached_input": 1000, "output": 1000}]}
    (tmp_path / "prices.yaml").write_text(json.dumps(prices), "utf-8")
    return Settings(
        data_dir=tmp_path / "data",
        cache_dir=tmp_path / "drafts",
        base_url=server.base_url,
        model="m",
        api_key="k",
        prices=tmp_path / "prices.yaml",
        max_output_tokens=1000,
        **more,
    )


def spent(settings: Settings, key: str) -> float:
    """What the store says."""
    with access_store(settings) as store:
        return spent_today_usd(store, prefix_of(key))


def ask(client: httpx.Client, key: str, number: int) -> httpx.Response:
    """A card of another article each."""
    return client.post("/v1/cards", json=an_order(number), headers=bearer(key))


def test_d38_per_key_spend_limit_holds(tmp_path: Path, fault_server: FaultServer) -> None:
    """Before the call that could pass it; other keys go on, and what was paid for before stays free."""
    settings = billing(tmp_path, fault_server)
    poor, rich = a_key(settings, usd_per_day=40.0), a_key(settings)
    with served(create_app(settings)) as client:
        answers = [ask(client, poor, number) for number in range(20)]
        codes = [answer.status_code for answer in answers]
        paid = codes.index(429)
        assert 0 < paid < 15
        assert set(codes[:paid]) == {200}
        assert codes[-1] == 429
        asked = fault_server.ledger.requests
        refused = answers[-1]
        assert refused.json()["code"] == "budget_exceeded"
        assert 1 <= int(refused.headers["retry-after"]) <= 86_400
        assert ask(client, poor, 0).status_code == 200  # kept
        assert fault_server.ledger.requests == asked == codes.count(200)
        assert ask(client, rich, 19).status_code == 200
    cost = sum(answer.json()["provenance"]["cost_usd"] for answer in answers if answer.status_code == 200)
    assert cost <= 40.0
    assert abs(spent(settings, poor) - cost) < 1e-3
    assert spent(settings, rich) > 0


def test_what_was_spent_is_known_after_a_restart(tmp_path: Path, fault_server: FaultServer) -> None:
    """It was written down before the call."""
    settings = billing(tmp_path, fault_server)
    key = a_key(settings, usd_per_day=40.0)
    with served(create_app(settings)) as client:
        number = next(number for number in range(20) if ask(client, key, number).status_code == 429)
    assert number > 0
    with served(create_app(settings)) as client:
        assert ask(client, key, number).status_code == 429
        assert fault_server.ledger.requests == number


def test_a_batch_is_paid_by_the_key_that_handed_it_in(tmp_path: Path, fault_server: FaultServer) -> None:
    """It stops when the day's dollars are spent, with what is done kept, and goes on the day after."""
    settings = billing(tmp_path, fault_server)
    key = a_key(settings, usd_per_day=40.0)
    lines = b"".join(json.dumps(an_article(number).model_dump(mode="json")).encode() + b"\n" for number in range(20))
    with served(create_app(settings)) as client:
        headers = {**bearer(key), "content-type": "application/x-ndjson"}
        address = f"/v1/batches/{client.post('/v1/batches', content=lines, headers=headers).json()['id']}"
        until(lambda: client.get(address, headers=bearer(key)).json()["state"] == "stopped", 30)
        batch = client.get(address, headers=bearer(key)).json()
    assert batch["problem"]["code"] == "budget_exceeded"
    assert 0 < batch["cards"] < 20
    assert spent(settings, key) <= 40.0


def test_a_batch_of_a_revoked_key_is_not_gone_on_with(tmp_path: Path, fault_server: FaultServer) -> None:
    """After a restart nobody pays for it any more."""
    settings = billing(tmp_path, fault_server)
    key, other = a_key(settings, usd_per_day=0.01), a_key(settings)
    with served(create_app(settings)) as client:
        headers = {**bearer(key), "content-type": "application/json"}
        handed_in = client.post("/v1/batches", json=[an_order()["article"]], headers=headers).json()
        address = f"/v1/batches/{handed_in['id']}"
        until(lambda: client.get(address, headers=bearer(key)).json()["state"] == "stopped", 30)
    with access_store(settings) as store:
        store.revoke(prefix_of(key), datetime.now(UTC))
    with served(create_app(settings)) as client:
        until(lambda: client.get(address, headers=bearer(other)).json()["state"] == "stopped", 30)
        assert "revoked" in client.get(address, headers=bearer(other)).json()["problem"]["detail"]
    assert fault_server.ledger.requests == 0


def test_dollars_without_a_price_are_not_spent(tmp_path: Path, fault_server: FaultServer) -> None:
    """A limit that can't be held isn't pretended to be."""
    fault_server.derive()
    settings = Settings(data_dir=tmp_path, cache=False, base_url=fault_server.base_url, model="unheard-of", api_key="k")
    key = a_key(settings, usd_per_day=5.0)
    with served(create_app(settings)) as client:
        refused = ask(client, key, 1)
        assert (refused.status_code, refused.json()["code"]) == (429, "budget_exceeded")
        assert "NEWSCARD_PRICES" in refused.json()["detail"]
    assert fault_server.ledger.requests == 0

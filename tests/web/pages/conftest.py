"""The pages over real HTTP, and the store behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.store import CardStore, Query, open_database
from tests.web.serving import served


@dataclass(frozen=True)
class Pages:
    """A running service without a model."""

    client: httpx.Client
    store: CardStore

    def get(self, address: str, **headers: str) -> httpx.Response:
        """The answer."""
        return self.client.get(address, headers=headers)

    def send(self, **given: str) -> httpx.Response:
        """Post the form of /new, and go nowhere."""
        return self.client.post("/new", data=given)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One service for all tests of this folder: the extractive engine."""
    folder = tmp_path_factory.mktemp("pages")
    database = open_database(f"sqlite:///{folder}/cards.db")
    with served(create_app(Settings(data_dir=folder))) as client:
        yield Pages(client, CardStore(database))
    database.dispose()


@pytest.fixture
def pages(running: Pages) -> Pages:
    """It, with an empty list."""
    while found := running.store.find("", Query(limit=100)).cards:
        for stored in found:
            running.store.remove("", stored.id)
    return running

"""What the service's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.store import CardStore, open_database
from agent.web.store.tables import METADATA
from tests.faults.server import FaultServer
from tests.web.databases import postgres, postgres_programs
from tests.web.serving import Serve, served


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for all tests of this process. In CI it must be there; elsewhere its tests are skipped without it."""
    programs = postgres_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL isn't installed; .ci/run installs it")
        pytest.skip("PostgreSQL isn't installed (apt-get install postgresql)")
    with postgres(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/cards.db")
    else:
        engine = open_database(request.getfixturevalue("postgres_url"))
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {', '.join(METADATA.tables)}"))
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> CardStore:
    """An empty store in each kind of database."""
    return CardStore(engine)


@pytest.fixture
def serve(tmp_path: Path, fault_server: FaultServer) -> Serve:
    """`serve(**settings)`: the service, with the fault server as its endpoint; `engine="extractive"` for one without."""
    fault_server.derive()

    def make(**settings: Any) -> AbstractContextManager[httpx.Client]:
        folders = {"data_dir": tmp_path / "data", "cache_dir": tmp_path / "drafts"}
        endpoint = (
            {} if settings.get("engine") == "extractive" else {"base_url": fault_server.base_url, "model": "test-model", "api_key": "k"}
        )
        return served(create_app(Settings(**{**folders, **endpoint, **settings})))

    return make

"""A service without keys, and one with; the tests that only ask share them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from tests.web.security.made import Closed, a_key
from tests.web.serving import served

MAX_BODY = 20_000


def settings_in(folder: Path) -> Settings:
    """A service of its own."""
    return Settings(data_dir=folder / "data", engine="extractive", max_body_bytes=MAX_BODY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """For a test that changes something."""
    return settings_in(tmp_path)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Of a service without keys."""
    with served(create_app(settings_in(tmp_path_factory.mktemp("open")))) as client:
        yield client


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    """A service with one key, which has no limits."""
    settings = settings_in(tmp_path_factory.mktemp("closed"))
    key = a_key(settings)
    with served(create_app(settings)) as client:
        yield Closed(client, key, settings)

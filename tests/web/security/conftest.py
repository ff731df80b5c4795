"""A service without keys, and one with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agent.settings import Settings
from agent.web.app import create_app
from tests.web.security.made import a_key
from tests.web.serving import served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service of the test's own."""
    return Settings(data_dir=tmp_path / "data", engine="extractive", max_body_bytes=20_000)


@pytest.fixture
def key(settings: Settings) -> str:
    """A key without limits."""
    return a_key(settings)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    """A client of the running service; where the test has `key`, it is there before."""
    with served(create_app(settings)) as client:
        yield client

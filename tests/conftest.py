"""What every test stands on: no network, no environment of the user's, no cache of the user's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from tests.faults.fixtures import fault_server
from tests.redis_server import redis_server

__all__ = ["fault_server", "redis_server"]

hypothesis.settings.register_profile("newscard", deadline=None)  # machines are shared: how long an example takes says nothing
hypothesis.settings.load_profile("newscard")

SNAPSHOTS = Path(__file__).parent / "snapshots"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-snapshots` accepts what is rendered now."""
    parser.addoption("--update-snapshots", action="store_true", help="write the rendered prompts and cards anew")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`snapshot(file_name, rendered)` fails when `rendered` isn't the reviewed text."""
    update = bool(request.config.getoption("--update-snapshots"))

    def compare(name: str, rendered: str) -> None:
        path = SNAPSHOTS / name
        if update:
            path.write_text(rendered + "\n", "utf-8")
        assert rendered + "\n" == path.read_text("utf-8"), f"{name} isn't what was reviewed; read it, then run pytest --update-snapshots"

    return compare


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting, key, `.env` or data folder of whoever runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith(("NEWSCARD_", "OPENAI_")):
            monkeypatch.delenv(name)
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)

"""`newscard` inside the test's own process, where neither real streams nor signals are the point."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.cli import main
from tests.cli.scripted import ScriptedEnricher


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Newscard = Callable[..., Done]


@pytest.fixture
def newscard(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Newscard:
    """`newscard(*args, stdin="...", env={...})` with the scripted enricher, in an empty folder."""
    monkeypatch.setattr("agent.enrich.Enricher", ScriptedEnricher)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*args: str, stdin: str = "", env: dict[str, str] | None = None) -> Done:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        given = tmp_path / "stdin"
        given.write_text(stdin, "utf-8")
        monkeypatch.setattr(sys, "argv", ["newscard", *args])
        with given.open(encoding="utf-8") as stream:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream.buffer, "utf-8"))
            with pytest.raises(SystemExit) as end:
                main()
        out, err = capfd.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return call

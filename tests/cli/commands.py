"""Running `newscard` as a user does: a process of its own, its exit code, its two streams."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.article import Article

ROOT = Path(__file__).parents[2]
NEWSCARD = (sys.executable, "-m", "agent")
SCRIPTED = (sys.executable, "-m", "tests.cli.scripted")


def environment(home: Path, **extra: str) -> dict[str, str]:
    """Nothing of the tester's own settings; the cache and the working folder under `home`."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(home), "PYTHONUTF8": "1", "COLUMNS": "80", **extra}


def run(
    command: Sequence[str], *args: str | Path, home: Path, stdin: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`command args`, finished."""
    return subprocess.run(
        [*command, *map(str, args)],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=home,
        env=environment(home, **(env or {})),
        timeout=60,
        check=False,
    )


def article(name: str) -> Article:
    """The article with this id."""
    return Article(id=name, title=f"About {name}", text="Halden Semiconductor lowered its revenue outlook for the full year on Tuesday.")


def articles(*ids: str) -> str:
    """JSON lines of articles with these ids."""
    return "".join(article(name).model_dump_json() + "\n" for name in ids)


def ids(stdout: str) -> list[str]:
    """The ids of cards printed as JSON lines."""
    return [json.loads(line)["id"] for line in stdout.splitlines()]


def said(stderr: str) -> list[str]:
    """The lines of newscard itself on standard error, without the engine's, which is the first."""
    lines = [line for line in stderr.splitlines() if line.startswith("newscard: ")]
    return [line.removeprefix("newscard: ") for line in lines if " engine" not in line]

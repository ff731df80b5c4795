"""The real command, listening where others can reach it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.web.security.made import bearer
from tests.web.test_running import PROGRAM, process


def test_with_a_key_it_listens_to_everybody_and_serves_who_has_it(tmp_path: Path) -> None:
    """By any name, through a proxy too; what the command wrote is the key."""
    command = [str(PROGRAM), "keys", "add", "desk", "--data-dir", str(tmp_path)]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "error"})
    key = made.stdout.strip()
    with process(tmp_path, "--host", "0.0.0.0") as (running, client):  # noqa: S104
        address = f"http://127.0.0.1:{client.base_url.port}"
        with httpx.Client(base_url=address, headers={"host": "cards.example", "x-forwarded-for": "203.0.113.9"}) as outside:
            assert outside.get("/v1/cards").status_code == 401
            assert outside.get("/").status_code == 303
            assert outside.get("/v1/cards", headers=bearer(key)).status_code == 200
            assert outside.get("/healthz").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(15) == 0


def test_the_command_is_there_without_the_services_libraries(tmp_path: Path) -> None:
    """It says what to install."""
    (tmp_path / "fastapi.py").write_text("raise ModuleNotFoundError('no', name='fastapi')", "utf-8")
    program = "import sys; sys.path.insert(0, sys.argv[1]); from agent.cli import main; main(['keys', 'list'])"
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newscard: `newscard keys` needs fastapi; install it with: pip install 'newscard[web]'\n"

"""What the README tells a newcomer to type is typed here, and works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.engines.test_llm import DRAFT_REPLY
from tests.faults.server import FaultServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
MAKE, OPENAI, LOCAL, USES, EVALS, RATES = BLOCKS


def commands(block: str) -> list[str]:
    """The lines of a console block that are typed."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def typed(block: str, tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Type the block's commands into a shell in a copy of the checkout's examples, with an environment of its own."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    bin_folder = Path(sys.executable).parent
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCARD_", "OPENAI_"))}
    environment = clean | {"PATH": f"{bin_folder}:{os.environ['PATH']}"} | environ
    script = "set -eu\n" + "\n".join(commands(block))
    command = ["/bin/bash", "-c", script]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    """`make demo` and `make test` stand first, and exist."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert commands(MAKE) == ["make demo", "make test"]
    assert all(f"\n{command.removeprefix('make ')}:" in makefile for command in commands(MAKE))


@pytest.mark.parametrize("block", [OPENAI, LOCAL])
def test_an_endpoint_is_set_up_in_three_lines(block: str) -> None:
    """Key or address, model, go."""
    assert len(commands(block)) == 3


def test_the_openai_lines_make_a_card(tmp_path: Path, fault_server: FaultServer) -> None:
    """As they stand, but for the address: that is a loopback server's."""
    fault_server.reply(DRAFT_REPLY)
    done = typed(OPENAI, tmp_path, OPENAI_BASE_URL=fault_server.base_url)
    assert done.returncode == 0, done.stderr
    assert "META" in done.stdout


def test_the_local_server_lines_make_a_card(tmp_path: Path, fault_server: FaultServer) -> None:
    """As they stand, with the loopback server's port."""
    fault_server.reply(DRAFT_REPLY)
    block = LOCAL.replace("http://127.0.0.1:11434/v1", fault_server.base_url)
    done = typed(block, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "META" in done.stdout


def test_the_other_uses_work_without_a_key(tmp_path: Path) -> None:
    """JSON, HTML to a file, standard input, a look-up, the cache's figures."""
    done = typed(USES, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "card.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_evaluation_works_without_a_key(tmp_path: Path) -> None:
    """A run, its report, and a comparison with itself."""
    done = typed(EVALS, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "tickers.f1" in done.stdout
    assert (tmp_path / "evals-runs" / "base" / "report.html").is_file()


def test_the_measuring_commands_are_modules_of_this_project() -> None:
    """They run for ten seconds and more, so here they are only found; the figures' own tests run them."""
    names = [command.removeprefix("python -m ") for command in commands(RATES)]
    assert all(find_spec(name) for name in names)


def test_every_document_the_readme_names_is_there() -> None:
    """No link leads nowhere."""
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []

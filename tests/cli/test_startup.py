"""What a command imports: `--help` next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.commands import environment, run

HEAVY = frozenset("pydantic openai rich jinja2 instructor httpx aiohttp trafilatura diskcache tenacity yaml orjson asyncio".split())


def modules_after(statement: str, home: Path) -> set[str]:
    """The top-level modules that a fresh process has imported after `statement`."""
    script = f"""
import sys, json
try:
    {statement}
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=home, env=environment(home), check=True)
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_importing_the_command_line_imports_nothing_heavy(tmp_path: Path) -> None:
    """Heavy libraries are imported where they are used."""
    assert modules_after("import agent.cli", tmp_path).isdisjoint(HEAVY)


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """`newscard --help` neither; the help of a command may import pydantic, which typer checks options with, and no more."""
    assert modules_after("import agent.cli; sys.argv = ['newscard', '--help']; agent.cli.main()", tmp_path).isdisjoint(HEAVY)
    of_command = modules_after("import agent.cli; sys.argv = ['newscard', 'enrich', '--help']; agent.cli.main()", tmp_path)
    assert of_command & HEAVY <= {"pydantic"}


def test_completion_is_there_for_the_usual_shells(tmp_path: Path) -> None:
    """`--show-completion` prints a script, and the script's question is answered."""
    for shell in ("bash", "zsh", "fish"):
        done = run((sys.executable, "-m", "agent"), "--show-completion", shell, home=tmp_path)
        assert "_NEWSCARD_COMPLETE" in done.stdout
    env = {"_NEWSCARD_COMPLETE": "complete_bash", "COMP_WORDS": "newscard sym", "COMP_CWORD": "1"}
    assert run((sys.executable, "-m", "agent"), home=tmp_path, env=env).stdout == "symbols\n"

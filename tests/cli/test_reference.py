"""`newscard schema`, `taxonomy`, `version`, and `newscard` alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agent import __version__
from agent.card import Card
from agent.taxonomy import load_taxonomy
from tests.cli.commands import NEWSCARD, environment
from tests.cli.conftest import Newscard


def test_schema_is_the_card_s_json_schema(newscard: Newscard) -> None:
    """It names every field of a card as the card's JSON has it."""
    schema = json.loads(newscard("schema").stdout)
    assert set(schema["properties"]) == set(Card.model_fields)
    assert "schema" in schema["$defs"]["Provenance"]["properties"]


def test_taxonomy_names_every_topic_label_and_anchor(newscard: Newscard) -> None:
    """What a card can say, complete."""
    shown = newscard("taxonomy").stdout
    found = load_taxonomy()
    for name in (*found.topic_names, *found.scores, *found.anchors, *found.anchors["certainty"]):
        assert name in shown


@pytest.mark.parametrize("args", [["version"], ["--version"]])
def test_the_version_is_the_package_s(newscard: Newscard, args: list[str]) -> None:
    """As a command and as an option."""
    assert newscard(*args).stdout == f"newscard {__version__}\n"


def test_without_arguments_newscard_shows_its_help(newscard: Newscard) -> None:
    """On standard output, and that is no error."""
    done = newscard()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == newscard("--help").stdout


@pytest.mark.parametrize("args", ["schema", "--help", "taxonomy"])
def test_a_full_disk_and_a_reader_gone_are_no_tracebacks(tmp_path: Path, args: str) -> None:
    """One line for the first, none for the second."""
    shell = f"{' '.join(NEWSCARD)} {args}"
    run_: dict[str, Any] = {"capture_output": True, "text": True, "cwd": tmp_path, "env": environment(tmp_path)}
    full = subprocess.run(["/bin/sh", "-c", f"{shell} > /dev/full"], **run_, check=False)
    assert (full.returncode, full.stderr) == (1, "newscard: standard output: No space left on device\n")
    gone = subprocess.run(["/bin/sh", "-c", f"{shell} | true"], **run_, check=False)
    assert gone.stderr == ""

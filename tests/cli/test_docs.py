"""The documented command line is the real one."""

from __future__ import annotations

import re
from typing import get_args

import pytest

import docs
from agent import settings
from agent.cli import enrich
from tests.cli.commands import ROOT

COMMANDS = dict(docs.commands())


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_each_command_is_documented_and_its_help_has_an_example(path: str) -> None:
    """docs/cli.md holds the help of each command, word for word; groups have commands instead of an example."""
    help_ = COMMANDS[path].strip()
    assert help_ in (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert re.search(rf"^    (\w+=\S+ )*{path}\b", help_, re.MULTILINE) or "[ARGS]..." in help_


def test_each_setting_is_documented_with_what_it_does() -> None:
    """docs/settings.md has a row, and .env.example a line, for every field of Settings."""
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for name, _, _, text in docs.settings():
        assert text
        assert f"| `{name}` |" in page


def test_the_example_of_an_environment_is_the_program_s() -> None:
    """`python -m docs > .env.example` writes it anew."""
    assert (ROOT / ".env.example").read_text("utf-8") == docs.env_example()


def test_the_example_of_an_environment_sets_nothing() -> None:
    """Copied as it is, it changes nothing: every line is a comment."""
    assert all(line.startswith("#") or not line for line in docs.env_example().splitlines())


def test_the_choices_on_the_command_line_are_those_of_the_settings() -> None:
    """They are written twice so that `--help` needn't import the settings."""
    assert get_args(enrich.Engine) == get_args(settings.EngineName)
    assert get_args(enrich.Mode) == get_args(settings.Mode)

"""What a user is told on standard error, and how help is laid out."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

PLAIN: dict[str, Any] = {
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}
"""How every typer app here is made: help without rich, which alone would take longer than all the rest."""
LONGEST = 2_000
"""Characters of a line."""


def say(text: str) -> None:
    """One line on standard error. Nothing in it can steer a terminal; a closed standard error is no reason to fail."""
    if sys.stderr is None:
        return  # print would take None for standard output
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    if len(line) > LONGEST:  # an id may be a megabyte long; what is wrong stands behind it
        line = f"{line[: LONGEST // 2]}…{line[-(LONGEST // 2) :]}"
    with contextlib.suppress(OSError, ValueError):
        print("newscard:", line, file=sys.stderr, flush=True)  # noqa: T201


def examples(*lines: str) -> str:
    """The end of a command's help: what one would type."""
    title = "Example" if len(lines) == 1 else "Examples"
    # \b on a line of its own keeps the lines as they are.
    return "\b\n" + "\n  ".join([f"{title}:", *lines])

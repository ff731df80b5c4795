"""Command groups of other packages: whoever declares an entry point in `newscard.commands` has one. The evaluation does."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

import typer

GROUP = "newscard.commands"


def groups() -> Iterator[tuple[str, typer.Typer]]:
    """Each group's name, and what makes it. Their modules import no more than ours before a command runs."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield point.name, point.load()()

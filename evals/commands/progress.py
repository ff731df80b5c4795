"""How far a run is: a live line in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from agent.cli.messages import say
from agent.present.words import dollars
from evals.runs.running import Counts

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

EVERY_S = 10.0
"""Between two plain lines."""


class Progress:
    """Use it as `with`; `show` may be called after every row."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to show."""
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}")
            self._bar = Bar(*columns, console=Console(stderr=True))
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the last state on the screen."""
        if self._bar is not None:
            self._bar.stop()

    def show(self, counts: Counts) -> None:
        """Show where the run is."""
        told = f"{counts.failed} failed, {dollars(counts.cost_usd)}"
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("", total=counts.total)
            self._bar.update(self._task, completed=counts.done, description=told)
        elif time.monotonic() - self._last >= EVERY_S:
            self._last = time.monotonic()
            say(f"{counts.done} of {counts.total} cards, {told}")

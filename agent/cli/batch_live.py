"""What a batch shows on a terminal while it runs: one line that is drawn anew, and what is said above it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.batch.watching import Standing
from agent.cli.batch_log import PlainLog, state
from agent.cli.togo import ToGo

if TYPE_CHECKING:
    from rich.console import Group
    from rich.live import Live

ANEW_A_SECOND = 4
_WIDTH = 40


class LiveLog(PlainLog):
    """The same as lines, and how it stands at the bottom."""

    def __init__(self, togo: ToGo) -> None:
        super().__init__(togo, quiet=False)
        self._live: Live | None = None

    def began(self, standing: Standing) -> None:
        """Begin to draw."""
        from rich.console import Console
        from rich.live import Live

        super().began(standing)
        console = Console(file=sys.stderr)
        # Cards never go to standard output here, and what is said on standard error is drawn above.
        self._live = Live(
            get_renderable=self.drawn, console=console, refresh_per_second=ANEW_A_SECOND, transient=True, redirect_stdout=False
        )
        self._live.start()

    def made(self, card: object) -> None:
        """Drawn a few times a second, whatever comes."""

    def ended(self, standing: Standing) -> None:
        """End drawing, and say what it came to."""
        self._stop()
        super().ended(standing)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._stop()
        super().close()

    def drawn(self) -> Group:
        """How the run stands now. A narrow terminal breaks between figures, never within one."""
        from rich.columns import Columns
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        standing, togo = self._standing, self._togo
        pairs = [(name, value) for name, value in state(standing, togo) if value]
        line = Columns([Text.assemble((value, "bold"), (f" {name}", "dim"), no_wrap=True) for name, value in pairs], padding=(0, 2))
        left = togo.articles(standing)
        if left is None:
            return Group(line)
        done = standing.cards + standing.failed + standing.skipped
        bar = Table.grid()  # a bar by itself doesn't end its line
        bar.add_row(ProgressBar(total=max(done + left, 1), completed=done, width=_WIDTH))
        return Group(bar, line)

    def _stop(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            live.stop()

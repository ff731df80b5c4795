"""One call of `newscard batch`: the folder, the enricher, the runner, the signals, the report."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agent import durable
from agent.article import Article
from agent.batch.checkup import health_of
from agent.batch.folder import MANIFEST, RunFolder, refuse_another
from agent.batch.forecast import Forecast, Forecaster
from agent.batch.heap import settle
from agent.batch.index import Index, State
from agent.batch.reading import Runs
from agent.batch.runner import Options, Runner
from agent.batch.stories import Stories
from agent.card import Usage
from agent.cli.enrich import placed
from agent.enrich import Enricher
from agent.present.words import count
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.cli.batch_log import JsonLog, PlainLog

INTERRUPTED = {signal.SIGINT: 130, signal.SIGTERM: 143}
HEALTH = "health.html"
BATCHES = "remote"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for, beside the settings. `near_copies` is a similarity 0.5..1."""

    inputs: Sequence[str]
    out: Path
    new_run: bool = False
    copies: bool = True
    near_copies: float | None = None

    def again(self, out: Path) -> Wanted:
        """The same, going on with the run that is in `out` now."""
        return replace(self, out=out, new_run=False)


def accounts(folder: RunFolder, enricher: Enricher) -> tuple[float | None, Usage]:
    """What the run took so far, for a budget: US dollars, None without a price, and tokens.

    What was lost at kills may have been billed, and counts as if it was: a budget is never overrun for want of knowing. As long as nothing
    was answered, each counts as a request about an article of one word.
    """
    spent, lost, usd = folder.spent, max(folder.lost, 0), folder.lost_usd
    if spent.answered:
        sent, written = spent.input_tokens * lost // spent.answered, spent.output_tokens * lost // spent.answered
    else:
        one = enricher.expects(Article(id="none", text="News")) if lost else Usage()
        sent, written = one.input_tokens * lost, one.output_tokens * lost
        usd = enricher.cost(Usage(requests=lost, input_tokens=sent, output_tokens=written), 1.0)
    usage = Usage(requests=spent.requests + lost, input_tokens=spent.input_tokens + sent, output_tokens=spent.output_tokens + written)
    return None if spent.cost_usd is None or usd is None else spent.cost_usd + usd, usage


class BatchRun:
    """Runs a batch, or foretells it."""

    def __init__(self, settings: Settings, options: Options, wanted: Wanted, log: PlainLog | JsonLog) -> None:
        self._settings = settings
        self._options = options
        self._wanted = wanted
        self._log = log
        self._signal: signal.Signals | None = None
        self._told = asyncio.Event()
        self._runner: Runner | None = None

    async def run(self) -> int:
        """The exit code."""
        self._listen()
        enricher = self._made()
        folder = RunFolder.open(self._wanted.out, enricher.fingerprint, new_run=self._wanted.new_run)
        try:
            enricher.count(*accounts(folder, enricher))
            self._tell_of_batches(folder)
            async with enricher:
                return await self._go(enricher, folder)
        finally:
            folder.close()
            self._log.close()

    def _tell_of_batches(self, folder: RunFolder) -> None:
        """Whoever goes on in real time while batches are under way pays twice, and should know."""
        if not (folder.path / BATCHES).is_dir():
            return
        from agent.batch.remote.ledger import Ledger

        with closing(Ledger(folder.path / BATCHES)) as ledger:
            if paid := ledger.without_row(folder.has_row):
                self._log.problem(
                    f"{folder.path}: {count(paid, 'request')} with the provider's Batch API; this runner asks and pays for their articles "
                    "again, --runner openai-batch uses the answers"
                )

    def _made(self) -> Enricher:
        return Enricher.from_settings(self._settings)

    async def forecast(self) -> Forecast:
        """What `run` would do. Nothing is asked for, and nothing written. Raises RunRefused as `run` does."""
        return await self._foretold(Enricher.from_settings(self._settings))

    async def _foretold(self, enricher: Enricher) -> Forecast:
        out, index = self._wanted.out, Index()
        if (out / MANIFEST).exists() and not self._wanted.new_run:
            refuse_another(out, enricher.fingerprint)
            index = Runs([out]).index
        async with enricher:
            return await Forecaster(enricher, index, self._options, copies=self._shares(enricher)).forecast(placed(self._wanted.inputs))

    def _shares(self, enricher: Enricher) -> bool:
        """Whether copies share a draft: what costs nothing is made for each copy by itself."""
        return self._wanted.copies and enricher.engine_name == "llm"

    async def _go(self, enricher: Enricher, folder: RunFolder) -> int:
        stories = Stories(folder.path / "stories.db", threshold=self._wanted.near_copies) if self._shares(enricher) else None
        settle()
        self._runner = runner = Runner(enricher, folder, self._options, watcher=self._log, stories=stories)
        if self._signal is not None:
            runner.interrupt()  # it came before there was one
        try:
            standing = await runner.run(placed(self._wanted.inputs))
        finally:
            if stories is not None:
                stories.close()
        if problem := enricher.cache_problem:
            self._log.problem(problem)
        code = max(
            INTERRUPTED[self._signal] if self._signal else 0,
            runner.stopped.exit_code if runner.stopped else 0,
            1 if folder.index.counts[State.FAILED] else 0,
        )
        if not runner.interrupted and (standing.cards or standing.failed or not (folder.path / HEALTH).exists()):
            await self._report(runner, folder)
        return max(code, INTERRUPTED[self._signal] if self._signal else 0)

    async def _report(self, runner: Runner, folder: RunFolder) -> None:
        health = await asyncio.to_thread(health_of, folder, runner.standing, lambda: self._signal is None)
        if health is None or not health.rows:
            return
        from agent.present.health import page

        try:
            durable.write_whole(folder.path / HEALTH, page(health))
        except OSError as exc:
            self._log.problem(f"{folder.path / HEALTH}: {exc.strerror}")
        self._log.health(health)

    def _listen(self) -> None:
        def hear(number: signal.Signals) -> None:
            self._signal = number
            self._told.set()
            if self._runner is not None:
                self._runner.interrupt()

        for number in INTERRUPTED:
            asyncio.get_running_loop().add_signal_handler(number, hear, number)

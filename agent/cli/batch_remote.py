"""One call of `newscard batch --runner openai-batch`: what is there comes in, what is missing goes out, as far as the stage says."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agent.batch.folder import RunFolder
from agent.batch.forecast import Forecast
from agent.batch.remote.client import ENDED, Client
from agent.batch.remote.desk import Desk, Purse
from agent.batch.remote.engine import How, LaterEngine, url_of
from agent.batch.remote.ledger import State
from agent.batch.runner import Options
from agent.cli.batch_run import BATCHES, INTERRUPTED, BatchRun, Wanted, accounts
from agent.engines.asking import Asking
from agent.engines.llm import LLMEngine
from agent.enrich import Enricher, make_drafts, make_link
from agent.errors import RunRefused, UsageError
from agent.prompts import load_prompts
from agent.settings import Settings
from agent.symbols import load_symbols

if TYPE_CHECKING:
    from agent.cli.batch_log import JsonLog, PlainLog

Stage = Literal["wait", "submit", "status", "collect"]
UNDER_WAY = 6
"""The exit code while answers are still to come."""


@dataclass(frozen=True, slots=True)
class AtProvider:
    """How far to go, and whether what the batches couldn't do is asked for at once, at the full price."""

    stage: Stage = "wait"
    finish_now: bool = False


class RemoteRun(BatchRun):
    """Runs a batch through the provider's Batch API, or foretells it."""

    def __init__(self, settings: Settings, options: Options, wanted: Wanted, log: PlainLog | JsonLog, at: AtProvider) -> None:
        """Raises UsageError for what can't be run so."""
        super().__init__(settings, options, wanted, log)
        if settings.choose_engine()[0] != "llm":
            raise UsageError("--runner openai-batch: it asks a model; set NEWSCARD_MODEL and OPENAI_API_KEY")
        if "-" in wanted.inputs:
            raise UsageError("--runner openai-batch: it reads its input more than once; give it files instead of standard input")
        self._at = at
        self._prompts = load_prompts(settings.prompt)
        self._rounds = 0
        self._client = Client(settings, Asking.by(settings, self._prompts))

    async def run(self) -> int:
        """The exit code."""
        self._listen()
        try:
            if self._at.stage == "status":
                return await self._status()
            while True:
                with closing(RunFolder.open(self._wanted.out, self._enricher(None).fingerprint, new_run=self._wanted.new_run)) as folder:
                    self._wanted = self._wanted.again(folder.path)
                    code, under_way = await self._round(folder)
                    if self._signal or code > 1 or self._at.stage != "wait" or not under_way:
                        return code or (UNDER_WAY if under_way else 0)
                    await self._wait(folder)
                if self._signal:
                    return INTERRUPTED[self._signal]
        finally:
            await self._client.aclose()
            self._log.close()

    async def forecast(self) -> Forecast:
        """What `run` would do, at a batch's price."""
        return await self._foretold(self._enricher(None))

    async def _round(self, folder: RunFolder) -> tuple[int, bool]:
        """Fetch what has ended, make cards of it, ask for what is missing: the exit code, and whether more is to come."""
        purse = self._purse(folder)
        with closing(Desk(folder.path / BATCHES, self._client, purse, url_of(self._settings))) as desk:
            desk.clear()
            desk.recall(folder.has_row)
            await desk.harvest(await desk.look())
            async with self._enricher(desk, purse) as enricher:
                code = await self._go(enricher, folder)
            desk.seal()
            if self._signal is None and self._at.stage != "collect":
                await desk.submit()
            under_way = bool(desk.ledger.lots(State.WRITTEN, State.SENDING, State.SENT))
            if desk.refused is not None and not under_way:
                self._log.stopping(str(desk.refused))
                code = max(code, desk.refused.exit_code)
            self._rounds += 1
            return code, under_way

    async def _wait(self, folder: RunFolder) -> None:
        """Until every batch has ended, or a signal comes. The folder stays this runner's meanwhile."""
        while self._signal is None:
            with closing(self._looking(folder.path)) as desk:
                looked = await desk.look()
                self._log.waiting(looked)
                if all(remote.state in ENDED for _, remote in looked):
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), self._settings.poll_s)

    async def _status(self) -> int:
        if not (self._wanted.out / BATCHES).is_dir():
            raise RunRefused(f"{self._wanted.out}: nothing of it is with a provider; hand it over with --stage submit")
        with closing(self._looking(self._wanted.out)) as desk:
            self._log.lots(desk.ledger.lots(), {lot.number: remote for lot, remote in await desk.look()})
            return UNDER_WAY if desk.ledger.lots(State.WRITTEN, State.SENDING, State.SENT) else 0

    def _looking(self, path: Path) -> Desk:
        """A desk that nothing is asked at."""
        return Desk(path / BATCHES, self._client, Purse.by(self._settings), url_of(self._settings))

    def _purse(self, folder: RunFolder) -> Purse:
        purse = Purse.by(self._settings)
        purse.spent(*accounts(folder, self._enricher(None)))
        return purse

    def _enricher(self, desk: Desk | None, purse: Purse | None = None) -> Enricher:
        settings = self._settings
        live = LLMEngine(settings, self._prompts, budget=purse.account) if self._at.finish_now and purse is not None else None
        afresh = self._options.retry_failed and not self._rounds
        engine = LaterEngine(settings, self._prompts, desk, How(self._wanted.copies, afresh, live))
        return Enricher(engine, settings, symbols=load_symbols(settings.symbols), drafts=make_drafts(settings, make_link(settings)))

"""One call of `newscard batch --runner ray`: the same run, its articles worked on by Ray's workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.batch.folder import RunFolder
from agent.batch.ray import RayEnricher, require_ray
from agent.batch.runner import Options
from agent.cli.batch_run import BatchRun, Wanted
from agent.enrich import Enricher
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.cli.batch_log import JsonLog, PlainLog


class RayRun(BatchRun):
    """Runs a batch on workers of a Ray cluster, or of one that is started here."""

    def __init__(self, settings: Settings, options: Options, wanted: Wanted, log: PlainLog | JsonLog, *, address: str | None) -> None:
        """Raises UsageError without Ray."""
        require_ray()
        super().__init__(settings, options, wanted, log)
        self._address = address

    def _made(self) -> Enricher:
        return RayEnricher(self._settings, self._settings.workers, address=self._address)

    async def _go(self, enricher: Enricher, folder: RunFolder) -> int:
        assert isinstance(enricher, RayEnricher)
        self._log.workers(await enricher.pids())
        return await super()._go(enricher, folder)

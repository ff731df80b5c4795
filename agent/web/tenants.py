"""An Enricher for each tenant: one engine, one pace, one budget; drafts are kept and found within a tenant only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from agent.engines import Engine
from agent.enrich import Enricher, make_drafts, make_engine, make_link
from agent.settings import Settings
from agent.symbols import load_symbols
from agent.web.security.purse import CallersBudget, Purses


class Tenants:
    """Makes them at need. Nothing is connected before the first article; for one event loop."""

    def __init__(self, settings: Settings, engine: Engine | None, purses: Purses) -> None:
        """Raises UsageError when a setting is missing or can't be used."""
        self._settings = settings
        self._symbols = load_symbols(settings.symbols)
        link = make_link(settings)
        self._engine = engine or make_engine(settings, self._symbols, link, budget=CallersBudget(settings, purses))
        self._drafts = make_drafts(settings, link) if self._engine.name == "llm" else None
        # One thread for each: more would only share the interpreter, and live requests don't wait behind a batch's pile.
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="newscard-ground")
        self._aside_behind = ThreadPoolExecutor(1, thread_name_prefix="newscard-ground-behind")
        self._made: dict[str, Enricher] = {}

    def enricher(self, tenant: str) -> Enricher:
        """That tenant's. The local caller, "", has the tenant of the settings."""
        found = self._made.get(tenant)
        if found is None:
            found = Enricher(self._engine, self._of(tenant), symbols=self._symbols, drafts=self._drafts).keep_open()
            found.work_aside(self._aside)
            self._made[tenant] = found
        return found

    def behind(self, tenant: str) -> Enricher:
        """One for a batch of that tenant: it shares pace, budget and drafts, lets live requests go first, and is its owner's to close."""
        behind: Callable[[], Engine] | None = getattr(self._engine, "behind", None)
        drafts = make_drafts(self._settings, make_link(self._settings)) if self._drafts is not None else None
        engine = self._engine if behind is None else behind()
        enricher = Enricher(engine, self._of(tenant), symbols=self._symbols, drafts=drafts).keep_open()
        enricher.work_aside(self._aside_behind)
        return enricher

    def _of(self, tenant: str) -> Settings:
        return self._settings.model_copy(update={"tenant": tenant or self._settings.tenant})

    async def aclose(self) -> None:
        """Close connections and the cache."""
        await self._engine.aclose()
        if self._drafts is not None:
            await self._drafts.aclose()
        for threads in (self._aside, self._aside_behind):
            threads.shutdown(wait=False, cancel_futures=True)

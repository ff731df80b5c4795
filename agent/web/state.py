"""All that a request needs, in one frozen object: `app.state.service`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from agent.article import Article
from agent.card import Card
from agent.engines import Engine
from agent.settings import Settings
from agent.web.admission import Admission, check_room
from agent.web.callers import Caller, caller_of
from agent.web.desk import Desk
from agent.web.jobs import JobBook, Jobs
from agent.web.jobs.forgetting import forgetting
from agent.web.jobs.keeping import Keep
from agent.web.metrics import Metrics
from agent.web.once import Once
from agent.web.orders import Reader
from agent.web.recent import Recent
from agent.web.security import Access
from agent.web.security.quiet import tell_kinds
from agent.web.store import AnswerStore, CardStore, open_database
from agent.web.store.access import AccessStore
from agent.web.tenants import Tenants
from agent.web.threads import Threads

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

    from agent.enrich import Enricher


@dataclass(frozen=True)
class Service:
    """Opened by the app's lifespan; lives in one event loop. `database` is the store's, for tables of others' own."""

    settings: Settings
    database: Database
    store: CardStore
    """Synchronous: ask it through `threads`."""
    threads: Threads
    enricher: Callable[[str], Enricher]
    """By tenant: tenants share connections and the pace, and neither drafts nor cards."""
    metrics: Metrics
    access: Access
    admission: Admission
    reader: Reader
    desk: Desk
    recent: Recent
    once: Once
    jobs: Jobs

    @property
    def is_free(self) -> bool:
        """Whether drafts cost nothing."""
        return self.enricher("").engine_name != "llm"

    def caller(self, request: Request) -> Caller:
        """Who asks."""
        return caller_of(request)


def service_of(request: Request) -> Service:
    """The service, as a dependency of routes."""
    found: Service = request.app.state.service
    return found


TheService = Annotated[Service, Depends(service_of)]
TheCaller = Annotated[Caller, Depends(caller_of)]


@asynccontextmanager
async def opened(settings: Settings, engine: Engine | None = None) -> AsyncIterator[Service]:
    """The service, for as long as the context lasts. Raises UsageError when a setting or the database can't be used."""
    tell_kinds(asyncio.get_running_loop())
    threads = Threads()
    database = open_database(store_address(settings))
    access = Access.over(AccessStore(database), threads)
    tenants = Tenants(settings, engine, access.purses)
    service = _service(settings, database, tenants, access, threads)
    try:
        await service.jobs.start()
        with forgetting(service.jobs.book, timedelta(days=settings.batch_days)):
            yield service
    finally:
        service.admission.draining = True
        await service.jobs.drain()
        await tenants.aclose()
        await access.purses.drained()
        threads.close()
        database.dispose()


def _service(settings: Settings, database: Database, tenants: Tenants, access: Access, threads: Threads) -> Service:
    metrics, store = Metrics(), CardStore(database)
    recent = Recent(metrics.cache.labels("response"))

    def keep(tenant: str) -> Keep:
        async def put(cards: Sequence[tuple[Card, Article]]) -> None:
            await threads.write(store.add_all, tenant, cards)
            for card, _ in cards:
                recent.forget(tenant, card.id)

        return put

    return Service(
        settings=settings,
        database=database,
        store=store,
        threads=threads,
        enricher=tenants.enricher,
        metrics=metrics,
        access=access,
        admission=Admission(settings.queue, metrics),
        reader=Reader(settings),
        desk=Desk(tenants.enricher, store, threads, metrics, partial(check_room, data_folder(settings))),
        recent=recent,
        once=Once(AnswerStore(database), threads),
        jobs=Jobs(JobBook(data_folder(settings) / "jobs"), tenants.behind, keep, metrics, access.payer, drain_s=settings.drain_s),
    )


def data_folder(settings: Settings) -> Path:
    """Where the service keeps what must outlive it."""
    if settings.data_dir is not None:
        return settings.data_dir.absolute()
    from platformdirs import user_data_path

    return user_data_path("newscard")


def store_address(settings: Settings) -> str:
    """The database's URL."""
    return settings.store_url or f"sqlite:///{data_folder(settings) / 'cards.db'}"

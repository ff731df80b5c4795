"""The application: routes, what stands before them, and what it opens and closes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import agent
from agent.engines import Engine
from agent.settings import Settings
from agent.web import problems, security
from agent.web.api import ROUTERS
from agent.web.metrics import Metrics
from agent.web.security import Access
from agent.web.state import Service, store_address
from agent.web.store import CardStore, open_database
from agent.web.store.access import AccessStore
from agent.web.tenants import Tenants

DESCRIPTION = "Cards of financial news articles, whose every claim is checked against the article."


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> FastAPI:
    """The service as an ASGI application. `engine`: who drafts, where it isn't what the settings ask for (a test's double).

    Nothing is opened before its lifespan begins, which raises UsageError when a setting or the database can't be used.
    """
    settings = settings or Settings.from_env()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, engine) as service:
            app.state.service = service
            yield

    # The pages that FastAPI would make of the specification load scripts from elsewhere.
    app = FastAPI(title="newscard", version=agent.__version__, description=DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    # Here agent.web.pages.router is included. What is installed last is the first to see a request; it reaches the store through
    # app.state.service, which is there from the lifespan on.
    security.install(app, settings)
    return app


@asynccontextmanager
async def opened(settings: Settings, engine: Engine | None = None) -> AsyncIterator[Service]:
    """The store and the engine, for as long as the context lasts."""
    database = open_database(store_address(settings))
    access = Access.over(AccessStore(database))
    tenants = Tenants(settings, engine, access.purses)
    try:
        yield Service(settings, CardStore(database), database, tenants.enricher, Metrics(), access)
    finally:
        await tenants.aclose()
        await access.purses.drained()
        database.dispose()

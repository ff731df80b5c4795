"""The application: routes, what stands before them, and what it opens and closes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import agent
from agent.engines import Engine
from agent.settings import Settings
from agent.web import pages, problems, security
from agent.web.api import ROUTERS
from agent.web.api.described import describe
from agent.web.edge import Edge
from agent.web.recent import RecentAnswers
from agent.web.security.headers import Headers
from agent.web.state import opened
from agent.web.welcome import welcome

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
            await welcome(service)
            yield

    app = FastAPI(
        title="newscard",
        version=agent.__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # the pages that FastAPI has come from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what it tells of an exception may hold an article's words
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    pages.install(app)
    app.add_middleware(RecentAnswers)
    # Whoever is added later sees a request earlier.
    security.install(app, settings)
    app.add_middleware(Edge)
    app.add_middleware(Headers)
    return app

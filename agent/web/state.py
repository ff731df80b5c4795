"""All that a request needs, in one frozen object: `app.state.service`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request

from agent.settings import Settings
from agent.web.callers import Caller, caller_of
from agent.web.metrics import Metrics
from agent.web.store import CardStore

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from agent.enrich import Enricher
    from agent.web.security import Access


@dataclass(frozen=True)
class Service:
    """Opened by the app's lifespan; lives in one event loop. `database` is the store's engine, for tables of others' own."""

    settings: Settings
    store: CardStore
    database: Engine
    enricher: Callable[[str], Enricher]
    """By tenant: tenants share connections and the pace, and neither drafts nor cards."""
    metrics: Metrics
    access: Access

    def caller(self, request: Request) -> Caller:
        """Who asks."""
        return caller_of(request)


def service_of(request: Request) -> Service:
    """The service, as a dependency of routes."""
    found: Service = request.app.state.service
    return found


def data_folder(settings: Settings) -> Path:
    """Where the service keeps what must outlive it."""
    if settings.data_dir is not None:
        return settings.data_dir
    from platformdirs import user_data_path

    return user_data_path("newscard")


def store_address(settings: Settings) -> str:
    """The database's URL."""
    return settings.store_url or f"sqlite:///{data_folder(settings).absolute() / 'cards.db'}"

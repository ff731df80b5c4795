"""The system's Chromium, and a service with a few cards to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.article import Article
from agent.settings import Settings
from agent.web.app import create_app
from agent.web.store import CardStore, open_database
from tests.chromium import chromium
from tests.faults.server import FaultServer
from tests.present.sample import ABSTAINED, ARTICLE, CARD
from tests.web.serving import served

PATIENCE_MS = 60_000
"""A page on a machine that does much else; what a test waits for comes in milliseconds otherwise."""
expect.set_options(timeout=PATIENCE_MS)

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
"""The strictest that the pages can live with; where the service sends one of its own, that one counts."""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


class WithPolicy:
    """ASGI middleware that adds POLICY to answers without one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not any(name == b"content-security-policy" for name, _ in message["headers"]):
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self._app(scope, receive, sending)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module."""
    with chromium() as browser:
        yield browser


@dataclass(frozen=True)
class Site:
    """A running service, and its model's endpoint, which answers with faithful drafts."""

    address: str
    endpoint: FaultServer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With the sample card, one that abstained, and enough others for a second page."""
    folder = tmp_path_factory.mktemp("site")
    fill(folder)
    with running(folder) as site:
        yield site


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The service over that folder."""
    with FaultServer() as endpoint:
        endpoint.derive()
        model: dict[str, Any] = {"base_url": endpoint.base_url, "model": "test-model", "api_key": "k", "cache": False}
        app = create_app(Settings(data_dir=folder, **model))
        app.add_middleware(WithPolicy)
        with served(app) as client:
            yield Site(str(client.base_url).rstrip("/"), endpoint)


def fill(folder: Path, others: int = 40) -> None:
    """Put the cards into a service's folder: the sample, one that abstained, and so many others."""
    database = open_database(f"sqlite:///{folder}/cards.db")
    soup = Article(
        id="soup", title=ABSTAINED.title, text="Peel the potatoes, cut them small, and boil them with the leeks until both are soft."
    )
    more = [
        CARD.model_copy(
            update={
                "id": f"other-{number}",
                "title": f"Story {number} of a quiet day",
                "tickers": ["QUIET"],
                "market_impact": round(number / 40, 2),
                "published_at": ARTICLE.published_at - timedelta(days=1 + number),  # type: ignore[operator]
            }
        )
        for number in range(others)
    ]
    abstained = ABSTAINED.model_copy(
        update={"id": "soup", "url": None, "published_at": CARD.published_at - timedelta(hours=1)}  # type: ignore[operator]
    )
    long_ago = ARTICLE.published_at - timedelta(days=99)  # type: ignore[operator]
    many = CARD.model_copy(update={"id": "many", "tickers": [f"MANY{number}" for number in range(30)], "published_at": long_ago})
    CardStore(database).add_all("", [(CARD, ARTICLE), (abstained, soup), (many, ARTICLE), *((other, ARTICLE) for other in more)])
    database.dispose()


@dataclass
class Watched:
    """A tab and what its console said: errors, refusals of the policy, requests to elsewhere."""

    page: Page
    told: list[str] = field(default_factory=list)


Open = Callable[..., Page]


@pytest.fixture
def open_tab(browser: Browser, site: Site) -> Iterator[Open]:
    """`open_tab(path, **context)`: a tab at a path of the site. At the end of the test nothing may have gone wrong in it."""
    watched: list[Watched] = []

    def open_(path: str, **context: Any) -> Page:
        options: dict[str, Any] = {"viewport": WIDE, "reduced_motion": "reduce", **context}
        tab = browser.new_context(base_url=site.address, **options).new_page()
        tab.set_default_timeout(PATIENCE_MS)
        found = Watched(tab)
        watched.append(found)
        tab.on("console", lambda message: found.told.append(message.text) if message.type in {"error", "warning"} else None)
        tab.on("pageerror", lambda error: found.told.append(str(error)))
        tab.on("request", lambda request: None if request.url.startswith(site.address) else found.told.append(request.url))
        tab.goto(path)
        return tab

    yield open_
    told = [line for one in watched for line in one.told]
    for one in watched:
        one.page.context.close()
    assert told == []


@contextmanager
def slowly(site: Site, pause_s: float) -> Iterator[None]:
    """The model writes a few letters every so many seconds."""
    site.endpoint.plan.pause_s = pause_s
    yield
    site.endpoint.plan.pause_s = 0.0


def seed() -> dict[str, str]:
    """The example's fields."""
    found: dict[str, str] = json.loads((Path(__file__).parents[3] / "examples" / "article.json").read_text("utf-8"))
    return found

"""The news list: cards, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from agent.errors import UsageError
from agent.present import words
from agent.sentences import sentence_spans
from agent.taxonomy import load_taxonomy
from agent.web.pages.filters import Filters
from agent.web.pages.rendering import page
from agent.web.problems import Problem
from agent.web.state import TheCaller, TheService
from agent.web.store import Page, Stored
from agent.web.store.patience import TooSlow

router = APIRouter()

A_PAGE = 30
"""Cards on one page of the list."""
_TICKERS, _TOPICS = 6, 3
"""Chips of a row; how many more there are is said beside them."""
_LINE = 280


@dataclass(frozen=True, slots=True)
class Row:
    """A card as the list shows it; made from its JSON, since a validated card costs ten times as much."""

    card: dict[str, Any]
    address: str
    published: datetime | None
    line: str

    @property
    def tickers(self) -> tuple[list[str], int]:
        """The first ones, and how many more."""
        return self.card["tickers"][:_TICKERS], len(self.card["tickers"][_TICKERS:])

    @property
    def topics(self) -> tuple[list[str], int]:
        """The same of topics."""
        return self.card["topics"][:_TOPICS], len(self.card["topics"][_TOPICS:])


@router.get("/")
async def news(request: Request, service: TheService, caller: TheCaller) -> Response:
    """A page of it, by the filters in the address."""
    filters, problems = Filters.read(request.query_params)
    cursor = request.query_params.get("cursor") or None
    try:
        found = await service.threads.read(service.store.find, caller.tenant, filters.query(cursor, A_PAGE))
    except TooSlow as exc:
        told = Problem("search_too_slow", str(exc))
        return page(request, "list.html.jinja", told.kind.status, **_values(filters, problems, Page((), None), None), gave_up=told)
    except UsageError:
        if cursor is None:
            raise
        return RedirectResponse(filters.address(), 303)  # an address of old: its list begins here
    return page(request, "list.html.jinja", **_values(filters, problems, found, cursor), gave_up=None)


def _values(filters: Filters, problems: list[str], found: Page, cursor: str | None) -> dict[str, Any]:
    return {
        "filters": filters,
        "problems": problems,
        "rows": [row(stored) for stored in found.cards],
        "older": filters.address(cursor=found.cursor) if found.cursor else None,
        "newest": filters.address() if cursor else None,
        "by_ticker": cache(lambda ticker: filters.address(ticker=ticker)),
        "by_topic": cache(lambda topic: filters.address(topic=topic)),
        "taxonomy": load_taxonomy(),
    }


def row(stored: Stored) -> Row:
    """One card."""
    card: dict[str, Any] = orjson.loads(stored.card)
    published = datetime.fromisoformat(card["published_at"]) if card["published_at"] else None
    return Row(card, card_address(stored), published, _first_line(card["summary"] or card["abstained_because"] or ""))


def card_address(stored: Stored) -> str:
    """Where a card's page is."""
    return f"/cards/{stored.path}"


def _first_line(summary: str) -> str:
    """The first sentence."""
    summary = words.clean(summary)
    spans = sentence_spans(summary)
    first = summary[slice(*spans[0])] if spans else summary
    return first if len(first) <= _LINE else first[: _LINE - 1].rsplit(" ", 1)[0] + "…"

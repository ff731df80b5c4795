"""The card page: the card, and beside it the article with what carries each claim."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from agent.article import Article
from agent.card import Card
from agent.present.checked import rows
from agent.present.page import web_address
from agent.taxonomy import COMPONENTS
from agent.web.pages.evidence import gather
from agent.web.pages.filters import Filters
from agent.web.pages.rendering import page, problem_page
from agent.web.problems import Problem
from agent.web.state import TheCaller, TheService
from agent.web.store import Stored

router = APIRouter()


@router.get("/cards/{card_id:path}")
async def read(
    request: Request,
    card_id: str,
    service: TheService,
    caller: TheCaller,
) -> Response:
    """One card."""
    stored = await service.threads.read(service.store.get, caller.tenant, card_id)
    if stored is None:
        return problem_page(request, Problem("not_found", "There is no such card; it may have been removed."))
    return show(request, stored)


def show(request: Request, stored: Stored) -> Response:
    """A kept card as a page."""
    card = Card.model_validate_json(stored.card)
    article = Article.model_validate_json(stored.article)
    return page(
        request,
        "card.page.jinja",
        card=card,
        article=article,
        evidence=gather(card, article),
        back=_back(request),
        link=web_address(card.url),
        as_json=f"/v1/cards/{stored.path}",
        components=[(name, card.impact[name]) for name in COMPONENTS if name in card.impact],
        checks=rows(card.checks),
        by_ticker=lambda ticker: Filters(ticker=ticker).address(),
        by_topic=lambda topic: Filters(topic=topic).address(),
    )


def _back(request: Request) -> str:
    """The list from where the reader came, with its filters."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.url.netloc or came.path != "/":
        return "/"
    return f"/?{came.query}" if came.query else "/"

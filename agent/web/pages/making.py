"""The page to make a card: paste an article, or give its address, and watch the card arrive. Without JavaScript the form posts here."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from agent.article import Article
from agent.errors import NewscardError
from agent.web.callers import Caller, caller_of
from agent.web.pages.listing import card_address
from agent.web.pages.rendering import page
from agent.web.problems import Problem
from agent.web.state import Service, service_of

router = APIRouter()

_FIELDS = ("title", "text", "source", "published_at", "url")


@router.get("/new")
async def form(request: Request, service: Annotated[Service, Depends(service_of)]) -> Response:
    """The empty form."""
    return _form(request, service, {})


@router.post("/new")
async def make(
    request: Request, service: Annotated[Service, Depends(service_of)], caller: Annotated[Caller, Depends(caller_of)]
) -> Response:
    """Make the card and go to it; what can't be made is told above the form, which keeps what was written."""
    sent = await request.form()
    given = {name: value for name in _FIELDS if isinstance(value := sent.get(name), str)}
    try:
        article = example() if sent.get("example") else _article(given)
        card = await service.enricher(caller.tenant).enrich(article)
    except NewscardError as exc:
        return _form(request, service, given, Problem.of(exc))
    except Problem as problem:
        return _form(request, service, given, problem)
    stored = await asyncio.to_thread(service.store.add, caller.tenant, card, article)
    return RedirectResponse(card_address(stored.id), 303)


@cache
def example() -> Article:
    """An article to try newscard with."""
    return Article.model_validate_json(files("agent.web.pages").joinpath("example.json").read_bytes())


def _article(given: dict[str, str]) -> Article:
    try:
        return Article.model_validate(given)
    except ValueError:
        raise Problem("invalid_article", "The date can't be read; write it like 2025-06-18 21:00, or leave it out.") from None


def _form(request: Request, service: Service, given: dict[str, str], problem: Problem | None = None) -> Response:
    values: dict[str, Any] = {name: given.get(name, "") for name in _FIELDS}
    return page(
        request,
        "new.html.jinja",
        problem.kind.status if problem else 200,
        given=values,
        problem=problem,
        fetches=service.settings.fetch,
        example=example(),
    )

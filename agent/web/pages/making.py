"""The page to make a card: paste an article, or give its address, and watch the card arrive. Without JavaScript the form posts here."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from agent.web.callers import Caller
from agent.web.desk import Made
from agent.web.events import unless_gone
from agent.web.orders import ArticleIn, Order, OrderIn
from agent.web.pages.listing import card_address
from agent.web.pages.rendering import page
from agent.web.problems import Problem
from agent.web.state import Service, TheCaller, TheService
from agent.web.welcome import example

router = APIRouter()

_MADE_ID = re.compile(r"article-[0-9a-f]{12}: ")
"""What errors begin with where an article has no id of its own: nothing that whoever pasted it knows."""
_FIELDS = ("title", "text", "source", "published_at", "url")
_UNREADABLE = {
    "published_at": "The date can't be read; write it like 2025-06-18 21:00, or leave it out.",
    "title": "The headline is longer than 1,000 characters.",
    "source": "The source is longer than 200 characters.",
    "url": "The address is longer than 2,000 characters.",
}


@router.get("/new")
async def form(request: Request, service: TheService) -> Response:
    """The empty form."""
    return _form(request, service, {})


@router.post("/new")
async def make(request: Request, service: TheService, caller: TheCaller) -> Response:
    """Make the card and go to it; what can't be made is told above the form, which keeps what was written."""
    sent = await request.form()
    given = {name: value for name in _FIELDS if isinstance(value := sent.get(name), str) and value.strip()}
    try:
        with service.admission.enter():  # reading an address is work that is in hand too
            order = Order(article=example()) if sent.get("example") else await service.reader.order(_order(given))
            made = await unless_gone(request.receive, _make(service, caller, order))
    except Problem as problem:
        return _form(request, service, given, problem)
    return RedirectResponse(card_address(made.stored) if made else "/", 303)


async def _make(service: Service, caller: Caller, order: Order) -> Made:
    made = await service.desk.make(caller.tenant, order)
    service.recent.forget(caller.tenant, made.stored.id)
    return made


def _order(given: dict[str, str]) -> OrderIn:
    """What the form asks for: an address by itself, or an article."""
    try:
        if "text" not in given and "url" in given:
            return OrderIn(url=given["url"])
        return OrderIn(article=ArticleIn.model_validate({"text": "", **given}))
    except ValidationError as exc:
        field = str(exc.errors()[0]["loc"][-1])
        raise Problem("invalid_article", _UNREADABLE.get(field, "Something in it can't be read.")) from None


def _form(request: Request, service: Service, given: dict[str, str], problem: Problem | None = None) -> Response:
    values: dict[str, Any] = {name: given.get(name, "") for name in _FIELDS}
    answer = page(
        request,
        "new.html.jinja",
        problem.kind.status if problem else 200,
        given=values,
        problem=problem,
        detail=_MADE_ID.sub("", problem.detail, count=1) if problem else "",
        fetches=service.settings.fetch,
        example=example(),
    )
    answer.headers.update(problem.headers() if problem else {})
    return answer

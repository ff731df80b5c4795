"""Cards: made, found, read."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from agent.article import Article
from agent.web.callers import Caller, caller_of
from agent.web.problems import Problem
from agent.web.state import Service, service_of
from agent.web.store import Query as Wanted
from agent.web.store import listed

router = APIRouter(prefix="/v1", tags=["cards"])

TheService = Annotated[Service, Depends(service_of)]
TheCaller = Annotated[Caller, Depends(caller_of)]


@router.post("/cards", response_class=Response)
async def make(article: Article, service: TheService, caller: TheCaller) -> Response:
    """Make the card of an article, and keep it."""
    card = await service.enricher(caller.tenant).enrich(article)
    stored = await asyncio.to_thread(service.store.add, caller.tenant, card, article)
    return Response(stored.card, media_type="application/json", headers={"etag": f'"{stored.etag}"'})


@router.get("/cards")
async def find(service: TheService, caller: TheCaller, cursor: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    """Cards, the newest first."""
    page = await asyncio.to_thread(service.store.find, caller.tenant, Wanted(cursor=cursor))
    return {"cards": listed(page.cards), "next_cursor": page.cursor}


@router.get("/cards/{card_id:path}", response_class=Response)
async def read(card_id: str, service: TheService, caller: TheCaller) -> Response:
    """One card."""
    stored = await asyncio.to_thread(service.store.get, caller.tenant, card_id)
    if stored is None:
        raise Problem("not_found", f"there is no card {card_id!r}")
    return Response(stored.card, media_type="application/json", headers={"etag": f'"{stored.etag}"'})

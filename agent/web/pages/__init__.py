"""The HTML pages: rendered here, usable without JavaScript, better with it. Nothing of a card or an article reaches them as markup.

rendering.py   templates to responses, and the static files
filters.py     which cards the reader wants, as the address has it
listing.py     the news list
evidence.py    a card's prose, its claims, and where they stand in the article
reading.py     the card page
making.py      the page to make a card
"""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from inspect import isawaitable

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from agent.web.pages import listing, making, reading, rendering
from agent.web.problems import Problem

router = APIRouter(include_in_schema=False)
for part in (listing, reading, making, rendering):
    router.include_router(part.router)


def install(app: FastAPI) -> None:
    """Add the pages; a browser that goes where nothing is gets a page that says so."""
    app.include_router(router)
    otherwise = app.exception_handlers[HTTPException]

    async def of_http(request: Request, exc: Exception) -> Response:
        if isinstance(exc, HTTPException) and exc.status_code == HTTPStatus.NOT_FOUND and _is_a_reader(request):
            return rendering.problem_page(request, Problem("not_found", "This address leads nowhere; the news list has all cards."))
        answer: Response | Awaitable[Response] = otherwise(request, exc)
        return await answer if isawaitable(answer) else answer

    app.add_exception_handler(HTTPException, of_http)


def _is_a_reader(request: Request) -> bool:
    """Somebody at a browser, and not a program that asks the API."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")

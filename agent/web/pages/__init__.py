"""The HTML pages: rendered here, usable without JavaScript, better with it. Nothing of a card or an article reaches them as markup.

rendering.py   templates to responses, and the static files
filters.py     which cards the reader wants, as the address has it
listing.py     the news list
evidence.py    a card's prose, its claims, and where they stand in the article
reading.py     the card page
making.py      the page to make a card
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from agent.web.pages import listing, making, reading, rendering
from agent.web.problems import Problem

router = APIRouter(include_in_schema=False)
for part in (listing, reading, making, rendering):
    router.include_router(part.router)


def install(app: FastAPI) -> None:
    """Add the pages. A browser that goes where nothing is, or meets trouble on its way, gets a page that says so."""
    app.include_router(router)
    for kind in (HTTPException, Problem):
        app.add_exception_handler(kind, _for_readers(app.exception_handlers[kind]))


def _for_readers(otherwise: Callable[[Request, Any], Any]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Problems as pages, for those who read pages."""

    async def answer(request: Request, exc: Exception) -> Response:
        if isinstance(exc, HTTPException) and exc.status_code == HTTPStatus.NOT_FOUND:
            problem = Problem("not_found", "This address leads nowhere; the news list has all cards.")
        elif isinstance(exc, Problem):
            problem = exc
        else:
            return await _answered(otherwise(request, exc))
        return rendering.problem_page(request, problem) if _is_a_reader(request) else await _answered(otherwise(request, exc))

    return answer


async def _answered(answer: Any) -> Response:
    found: Response = await answer if isawaitable(answer) else answer
    return found


def _is_a_reader(request: Request) -> bool:
    """Somebody at a browser, and not a program that asks the API."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")

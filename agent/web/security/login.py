"""The login page: a key in, a session out."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agent.web.security.door import Access
from agent.web.security.sessions import COOKIE, LASTS, token_of

if TYPE_CHECKING:
    from jinja2 import Template

router = APIRouter(include_in_schema=False)

_WRONG = "That isn't a key of this service, or it was revoked."
_NO_STORE = {"cache-control": "no-store"}


@router.get("/login")
async def page(request: Request, next: str = "/") -> Response:  # noqa: A002  the query's name
    """The form; whoever has a session, or needs none, goes on."""
    access: Access = request.app.state.service.access
    known = await access.keyring.known()
    token = token_of(request.scope)
    prefix = await access.sessions.prefix_of(token) if token else None
    if not known.closed or (prefix and known.by_prefix(prefix)):
        return _go_on(next)
    return _form(next)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Begin a session."""
    access: Access = request.app.state.service.access
    form = await request.form()
    target, presented = str(form.get("next") or "/"), str(form.get("key") or "").strip()
    key = (await access.keyring.known()).find(presented)
    if key is None:
        return _form(target, _WRONG, status=401)
    answer = _go_on(target)
    answer.set_cookie(
        COOKIE,
        await access.sessions.begin(key.prefix),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session."""
    access: Access = request.app.state.service.access
    if token := token_of(request.scope):
        await access.sessions.end(token)
    answer = RedirectResponse("/login", 303, _NO_STORE)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/login.css")
async def style() -> Response:
    """The form's style; nothing inline is allowed."""
    return Response(_file("login.css"), media_type="text/css", headers={"cache-control": "max-age=3600"})


def _form(target: str, problem: str = "", *, status: int = 200) -> Response:
    return HTMLResponse(_template().render(next=target, problem=problem), status, _NO_STORE)


def _go_on(target: str) -> Response:
    return RedirectResponse(target if _is_ours(target) else "/", 303, _NO_STORE)


def _is_ours(target: str) -> bool:
    """A path of this service: `//host`, which browsers take for another's, and its spellings are none."""
    return target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable() and "\\" not in target


@cache
def _template() -> Template:
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_file("login.html"))


@cache
def _file(name: str) -> str:
    return files("agent.web.security").joinpath(name).read_text("utf-8")

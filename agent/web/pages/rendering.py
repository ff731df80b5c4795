"""Templates to responses, and the files that pages load: styles, scripts, the icon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

import agent
from agent.present.page import environment
from agent.web.callers import LOCAL, caller_of
from agent.web.problems import Problem

router = APIRouter()

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as browsers get it; `digest` is in its address, so a new one is never taken for an old one."""

    body: bytes
    kind: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """All of them, by name: those of this service, and the style that the one-file page of a card has."""
    found: dict[str, Asset] = {}
    for path in (*files("agent.web").joinpath("static").iterdir(), files("agent.present").joinpath("card.css")):
        kind = _KINDS.get("." + path.name.rpartition(".")[2])
        if kind is not None:
            body = path.read_bytes()
            found[path.name] = Asset(body, kind, hashlib.sha256(body).hexdigest()[:12])
    return found


@router.get("/static/{name}")
async def static(name: str, v: str = "") -> Response:
    """A file. With its digest in the address it may be kept for ever; a script that another one imports comes without."""
    asset = assets().get(name)
    if asset is None:
        raise Problem("not_found", "there is no such file")
    keep = _FOREVER if v == asset.digest else "public, max-age=60"
    return Response(asset.body, media_type=asset.kind, headers={"cache-control": keep})


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as the answer."""
    html = _template(template).render(**values, here=request.url.path, known=caller_of(request) != LOCAL)
    return HTMLResponse(html, status)


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """A problem, for people."""
    answer = page(request, "problem.html.jinja", problem.kind.status, problem=problem)
    answer.headers.update(problem.headers())
    return answer


@cache
def _template(name: str) -> Any:
    templates = environment(str(files("agent.web.pages").joinpath("templates")))
    templates.globals["asset"] = lambda name: f"/static/{name}?v={assets()[name].digest}"
    templates.globals["version"] = agent.__version__
    return templates.get_template(name)

"""Whether a request that changes something was made by a page that isn't ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import Scope

from agent.web.problems import Problem

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def check_origin(scope: Scope, *, strictly: bool) -> None:
    """Raise Problem when another site's page makes a browser change something here.

    Browsers say where a request comes from (Sec-Fetch-Site; older ones Origin alone), and pages can't make them lie. What says neither is
    no browser; `strictly` takes it for one all the same, as is right for all that a cookie allows. Otherwise the rule is that of Go's
    http.CrossOriginProtection.
    """
    if scope["method"] in _READING:
        return
    site = origin = host = None
    for name, value in scope["headers"]:
        if name == b"sec-fetch-site":
            site = value.strip().lower()
        elif name == b"origin":
            origin = value.strip().lower()
        elif name == b"host":
            host = value.strip().lower()
    if site is not None:
        ours = site in {b"same-origin", b"none"}
    elif origin is not None:
        ours = _authority(origin) == host
    else:
        ours = not strictly
    if not ours:
        raise Problem("forbidden", "this was asked by a page of another site; open newscard's own page for it")


def _authority(origin: bytes) -> bytes | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None

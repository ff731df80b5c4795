"""What browsers and caches are told with every answer."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of pages. Scripts and styles are files of ours: nothing inline runs, so text that got into a page as markup couldn't either."""

_COMMON = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_DATA = ((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"), *_COMMON)
_PAGE = (
    (b"content-security-policy", POLICY.encode()),
    *_COMMON,
    (b"x-frame-options", b"DENY"),  # browsers that don't know frame-ancestors
    # Not `no-referrer`: with it, browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_STATIC = "/static/"


class Headers:
    """ASGI middleware: security headers, and no shared cache keeps what a tenant sees."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        public = scope["path"].startswith(_STATIC)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(tuple(message.get("headers", ())), public)}  # it may be kept for the next
            await send(message)

        await self._app(scope, receive, send_with_headers)


@lru_cache(1024)
def _completed(headers: tuple[tuple[bytes, bytes], ...], public: bool) -> tuple[tuple[bytes, bytes], ...]:  # noqa: FBT001  a cached function's
    completed: list[tuple[bytes, bytes]] = []
    said, is_page = b"", False
    for header in headers:
        name = header[0].lower()
        if name == _CACHE and not public:
            said = header[1]
        elif name not in _NAMES:
            completed.append(header)
            is_page = is_page or (name == b"content-type" and header[1].startswith(b"text/html"))
    if not public:
        # A browser of the tenant's may keep it, and asks each time whether it still holds: ETags work.
        completed += ((_CACHE, said if b"no-store" in said else b"private, no-cache"), _VARY)
    completed += _PAGE if is_page else _DATA
    return tuple(completed)


_NAMES = frozenset(name for name, _ in _PAGE)
_CACHE = b"cache-control"
_VARY = (b"vary", b"Authorization, Cookie")

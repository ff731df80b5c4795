"""Answers given lately, by the bytes of the request: an equal request gets equal bytes, and nothing behind this file is asked.

A request is read once to be looked up; what isn't found goes on as if it came from the network.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.callers import LOCAL, SCOPE, Caller

LONGEST = 256 * 1024
"""Bytes of a body that is looked up."""
MAX_BYTES = 64_000_000
"""Of all answers kept."""
ROUTE = "newscard.route"
"""Where a request that never reaches a route says which one it would have been."""
_PATH = "/v1/cards"


@dataclass(frozen=True, slots=True)
class _Kept:
    card: tuple[str, str]
    start: Message
    body: Message


class Recent:
    """The answers kept: the least lately asked for go first. A card has one answer at most: the last order that made it decides."""

    def __init__(self, hits: Counter | None = None) -> None:
        self._answers: OrderedDict[bytes, _Kept] = OrderedDict()
        self._of_card: dict[tuple[str, str], bytes] = {}
        self._bytes = 0
        self._hits = hits

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._answers)

    def find(self, key: bytes) -> _Kept | None:
        """The answer to the request of that key."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
            if self._hits is not None:
                self._hits.inc()
        return found

    def keep(self, tenant: str, request: bytes, card_id: str, body: bytes, headers: Mapping[str, str]) -> None:
        """From now on `request` is answered with `body`."""
        self.forget(tenant, card_id)
        if len(request) > LONGEST:
            return
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        raw.append((b"content-length", b"%d" % len(body)))
        start = {"type": "http.response.start", "status": 200, "headers": raw}
        key, card = key_of(tenant, request), (tenant, card_id)
        self._answers[key] = _Kept(card, start, {"type": "http.response.body", "body": body})
        self._of_card[card] = key
        self._bytes += len(body)
        while self._bytes > MAX_BYTES:
            self.forget(*next(iter(self._answers.values())).card)

    def forget(self, tenant: str, card_id: str) -> None:
        """That card is another one now, or gone."""
        key = self._of_card.pop((tenant, card_id), None)
        if key is not None:
            self._bytes -= len(self._answers.pop(key).body["body"])


def key_of(tenant: str, request: bytes) -> bytes:
    """What an equal request has in common with it."""
    digest = blake2b(tenant.encode() + b"\0", digest_size=32)
    digest.update(request)
    return digest.digest()


class RecentAnswers:
    """The middleware. Whoever the caller is has been found out before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "POST" or not _is_plain(scope["headers"]):
            await self._app(scope, receive, send)
            return
        taken: list[Message] = []
        body = await _read(receive, taken)
        if body is not None:
            caller: Caller = scope.get(SCOPE) or LOCAL
            found = scope["app"].state.service.recent.find(key_of(caller.tenant, body))
            if found is not None:
                scope[ROUTE] = _PATH
                await send(found.start)
                await send(found.body)
                return
        taken.reverse()

        async def again() -> Message:
            return taken.pop() if taken else await receive()

        await self._app(scope, again, send)


def _is_plain(headers: list[tuple[bytes, bytes]]) -> bool:
    """A request for JSON with JSON in it, and nothing that makes it unlike another one with these bytes."""
    is_json = False
    for name, value in headers:
        if name == b"content-type":
            is_json = value.startswith(b"application/json")
        elif (name == b"accept" and b"text/event-stream" in value) or name == b"idempotency-key":
            return False
    return is_json


async def _read(receive: Receive, taken: list[Message]) -> bytes | None:
    """The whole body; None for one that is too long, or breaks off. `taken` are the messages that it came in."""
    message = await receive()
    taken.append(message)
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body if len(body) <= LONGEST else None
    size = 0
    while message["type"] == "http.request":
        size += len(message.get("body", b""))
        if size > LONGEST:
            return None
        if not message.get("more_body", False):
            return b"".join(one.get("body", b"") for one in taken)
        message = await receive()
        taken.append(message)
    return None

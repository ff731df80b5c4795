"""Cards: made, found, read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, WithJsonSchema
from starlette.responses import Response

from agent.card import Card, Sentiment
from agent.engines.aloud import Hear
from agent.errors import UsageError
from agent.taxonomy import SentimentLabel
from agent.web.api.described import errors
from agent.web.callers import Caller
from agent.web.desk import Made
from agent.web.events import MEDIA_TYPE, CardStream, unless_gone
from agent.web.once import Key
from agent.web.orders import DATES, Moment, Order, OrderIn, moment
from agent.web.problems import Problem
from agent.web.state import Service, TheCaller, TheService
from agent.web.store import Query as Wanted
from agent.web.store import Stored, listed
from agent.web.store.patience import TooSlow

router = APIRouter(prefix="/v1", tags=["cards"])

NO_CACHE = "private, no-cache"
CLIENT_LEFT = 499
"""What nobody sees: the status of an answer whose client has gone, as proxies write it."""

MAKING_ERRORS = (
    "invalid_json",
    "invalid_request",
    "invalid_article",
    "idempotency_key_reused",
    "fetching_is_off",
    "address_refused",
    "draft_refused",
    "article_too_long",
    "media_type_unsupported",
    "too_large",
    "budget_exceeded",
    "draft_rejected",
    "draft_truncated",
    "endpoint_rejects_us",
    "no_reply",
    "endpoint_unreachable",
    "quota_exhausted",
    "queue_full",
    "draining",
    "not_ready",
)
_STREAM = (
    'event: field\ndata: {"field":"entities","index":0,"value":{"name":"Halden Semiconductor", …}}\n\n'
    'event: field\ndata: {"field":"summary","value":"…"}\n\n'
    'event: card\ndata: {"schema_version":"1", …}\n\n'
)
_MADE: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Card,
        "description": "The card; `status` is `abstained` where the article has nothing to make one from. With `Accept: text/event-stream` "
        "it is told while it is written: `field` events with the draft's fields, not checked yet; `reask` when the model is asked again "
        "and all that was told so far falls; at the end `card`, or `problem` with an error's body.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _STREAM}},
        "headers": {
            "ETag": {"schema": {"type": "string"}, "description": "Changes when the card does."},
            "Content-Location": {"schema": {"type": "string"}, "description": "Where the card can be read again."},
        },
    }
}


def _last_moment(value: object) -> datetime:
    """A moment; a date is its last one."""
    return moment(value).replace(hour=23, minute=59, second=59, microsecond=999_999) if _is_day(value) else moment(value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value.strip()))
    except ValueError:
        return False


def _symbol(written: str | None) -> str | None:
    """A ticker as cards have it: in capitals, without the $ that people write before it."""
    return written.upper().lstrip("$") if written else written


Until = Annotated[datetime, BeforeValidator(_last_moment), WithJsonSchema(DATES)]
Word = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Ticker = Annotated[Word, AfterValidator(_symbol)]


class Listed(BaseModel):
    """A card as lists show it."""

    schema_version: Literal["1"]
    id: str
    status: Literal["ok", "abstained"]
    abstained_because: str | None
    title: str
    url: str | None
    source: str | None
    published_at: datetime | None
    market_impact: float | None
    tickers: list[str]
    topics: list[str]
    summary: str
    sentiment: Sentiment | None


class CardList(BaseModel):
    """A page of cards, the newest first."""

    cards: list[Listed]
    next_cursor: str | None
    """Goes on after the last one; null at the end."""


@router.post("/cards", response_class=Response, responses=_MADE | errors(*MAKING_ERRORS))
async def make(order: OrderIn, request: Request, service: TheService, caller: TheCaller, key: Key = None) -> Response:
    """Make the card of an article, and put it into the list.

    Equal requests get the same card: at once they share one call, later they find it kept. A client that leaves ends the call.
    """
    with ExitStack() as hand:
        hand.enter_context(service.admission.enter())
        sent = await request.body()
        asked = _Asked(service, caller.tenant, await service.reader.order(order), b"" if order.url or order.options.fresh else sent)
        answer: Callable[[Hear | None], Awaitable[Response]] = asked.answer
        if key is not None:
            answer = partial(_once, service, caller.tenant, (key, blake2b(b"cards" + sent, digest_size=16).hexdigest()), answer)
        if MEDIA_TYPE in request.headers.get("accept", ""):
            return CardStream(answer, hand.pop_all())
        found = await unless_gone(request.receive, answer(None))
        return Response(status_code=CLIENT_LEFT) if found is None else found
    raise AssertionError  # the context lets every error through


async def _once(
    service: Service, tenant: str, key: tuple[str, str], answer: Callable[[Hear | None], Awaitable[Response]], hear: Hear | None
) -> Response:
    return await service.once.answer(tenant, *key, partial(answer, hear))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request for a card; `sent` are the bytes that the same request would have, empty where its answer may be another one."""

    service: Service
    tenant: str
    order: Order
    sent: bytes

    async def answer(self, hear: Hear | None) -> Response:
        made = await self.service.desk.make(self.tenant, self.order, hear)
        kept = self.order.options.keep
        headers = _headers(made.stored, kept=kept)
        if kept:
            self._remember(made, headers)
        return Response(made.stored.card, headers=headers)

    def _remember(self, made: Made, headers: dict[str, str]) -> None:
        """The next equal request gets these bytes: once they say that nothing was paid for them, so from the second time on."""
        if self.sent and (made.card.provenance.cached or self.service.is_free):
            self.service.recent.keep(self.tenant, self.sent, made.stored.id, made.stored.card, headers)
        else:
            self.service.recent.forget(self.tenant, made.stored.id)


@router.get("/cards", response_model=CardList, responses=errors("invalid_request", "invalid_cursor", "search_too_slow"))
async def find(  # noqa: PLR0913  a query's parameters are its conditions
    service: TheService,
    caller: TheCaller,
    *,
    ticker: Ticker = None,
    topic: Word = None,
    sentiment: Annotated[SentimentLabel | None, Query(description="Of the whole card.")] = None,
    min_impact: Annotated[float | None, Query(ge=0, le=1, description="Cards with at least this market impact.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Published then or later.")] = None,
    until: Annotated[Until | None, Query(alias="to", description="Published then or earlier; a date is its whole day.")] = None,
    q: Annotated[str, Query(max_length=200, description="Words that are all on the card; the last one may be begun.")] = "",
    cursor: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{11}$", description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """Cards, the newest first; all conditions together."""
    wanted = Wanted(ticker, topic, sentiment, min_impact, since, until, q, cursor, limit)
    return await listed_page(service, caller, wanted)


async def listed_page(service: Service, caller: Caller, wanted: Wanted) -> Response:
    """The page that a query asks for."""
    try:
        page = await service.threads.read(service.store.find, caller.tenant, wanted)
    except TooSlow as exc:
        raise Problem("search_too_slow", str(exc)) from None
    except UsageError as exc:
        raise Problem("invalid_cursor", str(exc)) from None
    import orjson

    body = orjson.dumps({"cards": listed(page.cards), "next_cursor": page.cursor})
    return Response(body, media_type="application/json", headers={"cache-control": NO_CACHE})


_READ: dict[int | str, dict[str, Any]] = {200: {"model": Card, "description": "The card."}, 304: {"description": "It is the one you have."}}


@router.get("/cards/{card_id:path}", response_class=Response, responses=_READ | errors("not_found"))
async def read(card_id: str, service: TheService, caller: TheCaller, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """One card, byte for byte as it was made."""
    stored = await service.threads.read(service.store.get, caller.tenant, card_id)
    if stored is None:
        raise Problem("not_found", "there is no card of that id")
    headers = _headers(stored)
    if if_none_match is not None and _matches(if_none_match, headers["etag"]):
        return Response(status_code=304, headers={name: headers[name] for name in ("etag", "cache-control", "content-location")})
    return Response(stored.card, headers=headers)


def _headers(stored: Stored, *, kept: bool = True) -> dict[str, str]:
    headers = {"content-type": "application/json", "etag": f'"{stored.etag}"', "cache-control": NO_CACHE}
    return {**headers, "content-location": f"/v1/cards/{stored.path}"} if kept else headers


def _matches(tags: str, etag: str) -> bool:
    """Whether one of an If-None-Match's tags is this one; weak ones count, as RFC 9110 has it."""
    return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}

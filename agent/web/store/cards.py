"""Cards kept and found again. Synchronous; the service calls it in threads."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from agent.article import Article
from agent.card import Card
from agent.errors import UsageError
from agent.taxonomy import SentimentLabel
from agent.web.store import search
from agent.web.store.keys import first_key, key_of, last_key
from agent.web.store.patience import patience
from agent.web.store.tables import CARDS, FACETS, WRITES

MAX_LIMIT = 100
FEW, FEW_SEARCHED = 1_000, 100
"""Cards that are looked at one by one; with words to be searched in each, which takes 0.4 ms a card, fewer."""
_ATTEMPTS = 8
_WRITERS = 0x6E657773
"""Any number, as long as nobody else who uses the database has it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A card as it is kept. `card` is its JSON, byte for byte what was made; `etag` changes when they do."""

    id: str
    etag: str
    card: bytes
    article: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The id as the end of an address. A `..` between slashes would be resolved by clients: there the slashes are written out."""
        return quote(self.id, safe="" if {".", ".."} & set(self.id.split("/")) else "/")


@dataclass(frozen=True, slots=True)
class Query:
    """Which cards are wanted: all conditions together. `since` and `until` are aware, inclusive; `limit` 1..100."""

    ticker: str | None = None
    topic: str | None = None
    sentiment: SentimentLabel | None = None
    min_impact: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""
    cursor: str | None = None
    limit: int = 50

    @property
    def facets(self) -> tuple[tuple[str, str], ...]:
        """Kind and name of each facet asked for."""
        asked = (("ticker", self.ticker), ("topic", self.topic), ("label", self.sentiment))
        return tuple((kind, name) for kind, name in asked if name is not None)


@dataclass(frozen=True, slots=True)
class Page:
    """Cards from the newest on; `cursor` goes on after the last, None at the end."""

    cards: tuple[Stored, ...]
    cursor: str | None


class CardStore:
    """The cards of all tenants; no method reaches another tenant's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    def ping(self) -> None:
        """Ask the database for nothing. Raises what SQLAlchemy raises when it doesn't answer."""
        with self._engine.connect() as connection:
            connection.execute(select(1))

    def add(self, tenant: str, card: Card, article: Article) -> Stored:
        """Keep a card; one of the same id is replaced."""
        return self.add_all(tenant, [(card, article)])[0]

    def add_all(self, tenant: str, cards: Iterable[tuple[Card, Article]]) -> list[Stored]:
        """Keep several in one transaction."""
        with self._writing.begin() as connection:
            _alone(connection)
            return [_put(connection, tenant, card, article) for card, article in cards]

    @property
    def is_empty(self) -> bool:
        """Whether no tenant has a card."""
        with self._engine.connect() as connection:
            return connection.execute(select(CARDS.c.key).limit(1)).first() is None

    def get(self, tenant: str, card_id: str) -> Stored | None:
        """The card of that id, None when the tenant has none."""
        if "\0" in card_id:  # no article's id has one, and PostgreSQL refuses to look
            return None
        with self._engine.connect() as connection:
            row = connection.execute(select(*_KEPT).where(CARDS.c.tenant == tenant, CARDS.c.id == card_id)).first()
        return None if row is None else _stored(row)

    def remove(self, tenant: str, card_id: str) -> bool:
        """Forget a card and its article; whether there was one."""
        with self._writing.begin() as connection:
            _alone(connection)
            return _drop(connection, tenant, card_id)

    def find(self, tenant: str, query: Query) -> Page:
        """A page of the cards that `query` asks for. Raises UsageError for a cursor that isn't one, TooSlow for what takes too long."""
        limit = min(max(query.limit, 1), MAX_LIMIT)
        if search.is_wordless(query.q) or any("\0" in name for _, name in query.facets):  # no card has one, and PostgreSQL refuses to look
            return Page((), None)
        with self._engine.connect() as connection, patience(connection):
            chosen = _selection(connection.dialect.name, tenant, query)
            few = _few(connection, tenant, query)
            if few is not None:
                chosen = chosen.where(CARDS.c.key.in_(few))
            rows = connection.execute(chosen.limit(limit + 1)).all() if few != [] else []
        shown = rows[:limit]
        return Page(tuple(_stored(row) for row in shown), _cursor(shown[-1].key) if len(rows) > limit else None)


def _alone(connection: Connection) -> None:
    """Wait for other services that write cards to the same database: two that replace one card would fail, or wait for each other.

    SQLite has one writer by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_WRITERS)))


_KEPT = (CARDS.c.key, CARDS.c.id, CARDS.c.etag, CARDS.c.card, CARDS.c.article)


def unkept(card: Card, article: bytes = b"") -> Stored:
    """A card as it would be kept."""
    body = card.to_json().encode()
    return Stored(card.id, hashlib.sha256(body).hexdigest()[:32], body, article)


def _put(connection: Connection, tenant: str, card: Card, article: Article) -> Stored:
    _drop(connection, tenant, card.id)
    stored = unkept(card, orjson.dumps(article.model_dump(mode="json")))
    row = {
        "tenant": tenant,
        "id": card.id,
        "label": card.sentiment.label if card.sentiment else None,
        "impact": card.market_impact,
        "etag": stored.etag,
        "card": stored.card,
        "article": stored.article,
    }
    key = _insert(connection, card, row)
    facets = [*(("ticker", name) for name in card.tickers), *(("topic", name) for name in card.topics)]
    if facets:
        connection.execute(
            insert(FACETS), [{"tenant": tenant, "kind": kind, "name": name, "key": key} for kind, name in dict.fromkeys(facets)]
        )
    label = [("label", card.sentiment.label)] if card.sentiment else []
    search.add(connection, key, card, [("tenant", tenant), *facets, *label])
    return stored


def _insert(connection: Connection, card: Card, row: dict[str, Any]) -> int:
    moment = card.published_at or card.provenance.created_at
    for attempt in range(_ATTEMPTS):
        key = key_of(moment, row["tenant"], card.id, attempt)
        try:
            with connection.begin_nested():
                connection.execute(insert(CARDS).values(key=key, **row))
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return key
    raise AssertionError  # the last attempt returns or raises


def _drop(connection: Connection, tenant: str, card_id: str) -> bool:
    found = connection.execute(select(CARDS.c.key).where(CARDS.c.tenant == tenant, CARDS.c.id == card_id)).scalar()
    if found is None:
        return False
    search.remove(connection, found)
    connection.execute(delete(FACETS).where(FACETS.c.key == found))
    connection.execute(delete(CARDS).where(CARDS.c.key == found))
    return True


def _selection(dialect: str, tenant: str, query: Query) -> Select[Any]:
    """Newest first. Each shape of question walks one index in that order, so the first page never sorts the whole table."""
    if search.words_of(query.q):
        return _searching(dialect, tenant, query)
    facets = [(kind, name) for kind, name in query.facets if kind != "label"]
    if not facets:
        return _ordered(select(*_KEPT).where(CARDS.c.tenant == tenant, *_limits(query, CARDS.c.key)), CARDS.c.key)
    first, *rest = (FACETS.alias(f"facet_{number}") for number in range(len(facets)))
    chosen = select(*_KEPT).join(first, first.c.key == CARDS.c.key)
    conditions = [_is(first, tenant, facets[0])]
    for other, facet in zip(rest, facets[1:], strict=True):
        chosen = chosen.join(other, other.c.key == first.c.key)
        conditions.append(_is(other, tenant, facet))
    return _ordered(chosen.where(*conditions, *_limits(query, first.c.key)), first.c.key)


def _searching(dialect: str, tenant: str, query: Query) -> Select[Any]:
    if dialect == "sqlite":
        matches = search.condition(dialect, query.q, [("tenant", tenant), *query.facets])
        chosen = select(*_KEPT).select_from(search.joined()).where(matches)
        return _ordered(chosen.where(*_limits(query, search.order())), search.order())
    chosen = select(*_KEPT).where(CARDS.c.tenant == tenant, search.condition(dialect, query.q, ()))
    for number, facet in enumerate((kind, name) for kind, name in query.facets if kind != "label"):
        other = FACETS.alias(f"facet_{number}")
        chosen = chosen.join(other, other.c.key == CARDS.c.key).where(_is(other, tenant, facet))
    return _ordered(chosen.where(*_limits(query, CARDS.c.key)), CARDS.c.key)


def _few(connection: Connection, tenant: str, query: Query) -> list[int] | None:
    """The keys of the cards of that impact, where they are so few that walking the others to find them would take long; None: many."""
    if query.min_impact is None:
        return None
    most = FEW_SEARCHED if search.words_of(query.q) else FEW
    keys = select(CARDS.c.key).where(CARDS.c.tenant == tenant, CARDS.c.impact >= query.min_impact).limit(most + 1)
    few = list(connection.execute(keys).scalars())
    return None if len(few) > most else few


def _is(facets: Any, tenant: str, facet: tuple[str, str]) -> ColumnElement[bool]:
    return and_(facets.c.tenant == tenant, facets.c.kind == facet[0], facets.c.name == facet[1])


def _limits(query: Query, key: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if query.sentiment is not None:
        limits.append(CARDS.c.label == query.sentiment)
    if query.min_impact is not None:
        limits.append(CARDS.c.impact + 0 >= query.min_impact)  # a sum, so that no planner collects all by their impact and sorts them
    if query.since is not None:
        limits.append(key >= first_key(query.since))
    if query.until is not None:
        limits.append(key <= last_key(query.until))
    if query.cursor is not None:
        limits.append(key < _after(query.cursor))
    return limits


def _ordered(chosen: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
    return chosen.order_by(key.desc())


def _stored(row: Any) -> Stored:
    return Stored(row.id, row.etag, bytes(row.card), bytes(row.article))


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(key.to_bytes(8, signed=True)).decode().rstrip("=")


def _after(cursor: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    if len(raw) != 8:  # noqa: PLR2004  a 64-bit number
        raise UsageError("cursor: it isn't one; take it from the `next_cursor` of a page, or leave it out")
    return int.from_bytes(raw, signed=True)


def listed(stored: Sequence[Stored]) -> list[dict[str, Any]]:
    """The flat fields of each card, as a list shows them."""
    return [{name: value for name, value in orjson.loads(one.card).items() if name in LISTED} for one in stored]


LISTED = frozenset(
    "schema_version id status abstained_because title url source published_at market_impact tickers topics summary sentiment".split()
)
"""The fields of a card that lists show."""

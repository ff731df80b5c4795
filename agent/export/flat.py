"""A row of a table: the flat fields of a card, what it took, and the card's JSON beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from agent.batch.rows import Row, card_json, read_row

Type = Literal["text", "number", "count", "truth", "time", "texts"]


class Column(NamedTuple):
    """One column. `texts` is a list of texts, `time` an aware time in UTC."""

    name: str
    type: Type
    value: Callable[[Row], Any]


def _of_card(*path: str) -> Callable[[Row], Any]:
    def value(row: Row) -> Any:
        found: Any = row.card
        for name in path:
            found = None if found is None else found[name]
        return found

    return value


def _published(row: Row) -> datetime | None:
    stated = row.card and row.card["published_at"]
    return datetime.fromisoformat(stated) if stated else None


COLUMNS = (
    Column("id", "text", lambda row: row.id),
    Column("status", "text", lambda row: row.status),
    Column("title", "text", _of_card("title")),
    Column("url", "text", _of_card("url")),
    Column("source", "text", lambda row: row.source),
    Column("published_at", "time", _published),
    Column("market_impact", "number", _of_card("market_impact")),
    Column("tickers", "texts", _of_card("tickers")),
    Column("topics", "texts", _of_card("topics")),
    Column("summary", "text", _of_card("summary")),
    Column("analysis", "text", _of_card("analysis")),
    Column("sentiment", "text", _of_card("sentiment", "label")),
    Column("sentiment_score", "number", _of_card("sentiment", "score")),
    Column("sentiment_reason", "text", _of_card("sentiment", "reason")),
    Column("checks_passed", "truth", _of_card("checks", "passed")),
    Column("abstained_because", "text", _of_card("abstained_because")),
    Column("error", "text", lambda row: row.error),
    Column("problem", "text", lambda row: row.problem),
    Column("place", "text", lambda row: row.place),
    Column("story_id", "text", lambda row: row.story_id),
    Column("taken_from", "text", lambda row: row.taken_from),
    Column("engine", "text", _of_card("provenance", "engine")),
    Column("model", "text", _of_card("provenance", "model")),
    Column("cached", "truth", _of_card("provenance", "cached")),
    Column("requests", "count", lambda row: row.spent.requests),
    Column("input_tokens", "count", lambda row: row.spent.input_tokens),
    Column("cached_input_tokens", "count", lambda row: row.spent.cached_input_tokens),
    Column("output_tokens", "count", lambda row: row.spent.output_tokens),
    Column("cost_usd", "number", lambda row: row.spent.cost_usd),
    Column("uncached_cost_usd", "number", lambda row: row.spent.uncached_cost_usd),
)
"""The columns of every table. A failed row has no card: its fields are empty, `error` and `problem` say why."""

CARD = "card_json"
"""The last column: the whole card as the contract has it."""


def values(line: bytes) -> list[Any]:
    """The values of COLUMNS and CARD of one line."""
    row = read_row(line)
    return [*(column.value(row) for column in COLUMNS), None if row.card is None else card_json(line).decode()]

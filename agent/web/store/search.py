"""Full-text search over cards. SQLite has FTS5, PostgreSQL a tsvector; a question is the same to both: all its words, the last one begun.

In FTS5 the facets of a card are words of a column that no reader's question reaches. So a frequent word together with a rare ticker is
looked up in the index, and not row by row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, column, table, text

from agent.card import Card
from agent.web.store.tables import CARDS

FTS = "cards_fts"
MAX_WORDS = 16
"""Words of a question beyond this are passed over."""

_FTS5 = table(FTS, column("rowid", BigInteger))


def words_of(question: str) -> list[str]:
    """The words that are looked for. Their case is the database's to fold: one fold after another would be no fold of the card's words."""
    runs = ("".join(letters) for is_word, letters in groupby(_composed(question), _is_of_a_word) if is_word)
    return [run for run in runs if any(map(str.isalnum, run))][:MAX_WORDS]


def is_wordless(question: str) -> bool:
    """Whether something is looked for, and no card can have it."""
    return bool(question.strip()) and not words_of(question)


def searched_text(card: Card) -> str:
    """What of a card can be found."""
    names = " ".join(entity.name for entity in card.entities)
    text = "\n".join([card.title, card.summary, card.analysis, names, " ".join(card.tickers)])
    return _composed(text).replace("\0", " ")  # PostgreSQL takes none, and a model may write one


def _composed(text: str) -> str:
    """A letter and its accent as one, so that no word is cut between them."""
    return unicodedata.normalize("NFC", text)


def _is_of_a_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_" or unicodedata.category(letter).startswith("M")  # marks are what vowels are in half of Asia


def facet_word(kind: str, name: str) -> str:
    """A facet as one word that stands in no text."""
    return f"x{kind}{name.encode().hex()}"


def add(connection: Connection, key: int, card: Card, facets: Iterable[tuple[str, str]]) -> None:
    """Make the card findable under `key`."""
    if connection.dialect.name == "sqlite":
        words = " ".join(facet_word(kind, name) for kind, name in facets)
        statement = text(f"INSERT INTO {FTS} (rowid, body, facets) VALUES (:key, :body, :facets)")  # noqa: S608  a constant
        connection.execute(statement, {"key": key, "body": searched_text(card), "facets": words})
    else:
        statement = text("UPDATE cards SET document = to_tsvector('simple', :body) WHERE key = :key")
        connection.execute(statement, {"key": key, "body": searched_text(card)})


def remove(connection: Connection, key: int) -> None:
    """Forget the card under `key`."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DELETE FROM {FTS} WHERE rowid = :key"), {"key": key})  # noqa: S608  a constant


def condition(dialect: str, question: str, facets: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """What the rows of a question fulfil; for FTS5 also `facets`, which the caller then needn't look up again."""
    words = words_of(question)
    if dialect == "sqlite":
        asked = " AND ".join([*(f'body : "{word}"' for word in words[:-1]), f'body : "{words[-1]}" *'])
        within = "".join(f' AND facets : "{facet_word(kind, name)}"' for kind, name in facets)
        return text(f"{FTS} MATCH :question").bindparams(question=asked + within)  # type: ignore[return-value]
    asked = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    return text("document @@ to_tsquery('simple', :question)").bindparams(question=asked)  # type: ignore[return-value]


def joined() -> FromClause:
    """The cards beside FTS5's table."""
    return CARDS.join(_FTS5, _FTS5.c.rowid == CARDS.c.key)


def order() -> ColumnElement[int]:
    """What FTS5 walks its hits by."""
    return _FTS5.c.rowid

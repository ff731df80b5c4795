"""Where cards are kept: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import UsageError
from agent.web.store.answers import AnswerStore, Remembered
from agent.web.store.cards import CardStore, Page, Query, Stored, listed
from agent.web.store.tables import WRITES

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["AnswerStore", "CardStore", "Page", "Query", "Remembered", "Stored", "listed", "open_database"]

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Connect, and bring the tables up to date. Raises UsageError when the database can't be used."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)  # they are articles
    except (ArgumentError, ImportError) as exc:
        raise UsageError(f"the database can't be used: {type(exc).__name__}; it looks like sqlite:////var/lib/newscard/cards.db") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _begin)
    try:
        _make_folder(engine)
        _migrate(engine)
    except (SQLAlchemyError, OSError) as exc:
        raise UsageError(f"the database {engine.url.render_as_string()} can't be used: {_why(exc)}") from None
    return engine


def _make_folder(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _settle(connection: Any, _record: Any) -> None:
    # Transactions are begun by us, so that a reader doesn't see half a card; the driver's own way begins them late.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    # One that reads first and writes later is refused at once when another has written meanwhile, however long it would wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")  # subjects have a line of their own
        connection.commit()


def _why(exc: Exception) -> str:
    reason = exc.strerror if isinstance(exc, OSError) else getattr(exc, "orig", None)
    return " ".join(str(reason or type(exc).__name__).split())

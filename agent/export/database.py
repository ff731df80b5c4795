"""SQLite: a table `cards`, and a table `tickers` with a row for each ticker of each card."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.batch.reading import Runs
from agent.export.flat import CARD, COLUMNS, values

_TYPES = {"text": "TEXT", "number": "REAL", "count": "INTEGER", "truth": "INTEGER", "time": "TEXT", "texts": "TEXT"}
_TICKERS = next(number for number, column in enumerate(COLUMNS) if column.name == "tickers")


def write(runs: Runs, path: Path) -> None:
    """Write the rows of `runs` to `path`; lists are JSON, times ISO 8601. Raises OSError when that fails."""
    columns = [*(f"{column.name} {_TYPES[column.type]}" for column in COLUMNS), f"{CARD} TEXT"]
    marks = ",".join("?" * len(columns))
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"  # the file is synced whole, or thrown away
                f"CREATE TABLE cards ({', '.join(columns)}, PRIMARY KEY (id));"
                "CREATE TABLE tickers (symbol TEXT, id TEXT, PRIMARY KEY (symbol, id)) WITHOUT ROWID;"
            )
            for line in runs.lines():
                row = values(line)
                database.execute(f"INSERT INTO cards VALUES ({marks})", [_stored(value) for value in row])  # noqa: S608  only question marks
                database.executemany("INSERT OR IGNORE INTO tickers VALUES (?, ?)", [(symbol, row[0]) for symbol in row[_TICKERS] or ()])
            database.execute("COMMIT")
    except sqlite3.Error as exc:
        raise OSError(0, f"SQLite: {exc}", str(path)) from None


def _stored(value: Any) -> Any:
    import orjson

    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value

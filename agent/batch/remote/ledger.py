"""The ledger: which lots there are and how far each is, what was asked in them, and where the answers lie. One SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from agent.batch.remote.lots import Sealed
from agent.errors import SinkFailed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lots (
    number INTEGER PRIMARY KEY, lines INTEGER NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL, batch TEXT, note TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS asked (
    key BLOB NOT NULL, turn INTEGER NOT NULL, lot INTEGER NOT NULL, text BLOB NOT NULL,
    worst_in INTEGER NOT NULL, worst_out INTEGER NOT NULL, kind TEXT, offset INTEGER, article BLOB, took_in INTEGER, took_out INTEGER,
    PRIMARY KEY (key, turn)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS at_once (article BLOB PRIMARY KEY, tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS asked_by_text ON asked (text);
CREATE INDEX IF NOT EXISTS asked_by_lot ON asked (lot);
"""
_LATER = (("article", "BLOB"), ("took_in", "INTEGER"), ("took_out", "INTEGER"))
"""Columns of `asked` that older ledgers haven't."""


class State(StrEnum):
    """How far a lot is."""

    WRITTEN = "written"
    """On disk here, and nowhere else."""
    SENDING = "sending"
    """Perhaps with the provider: that is written down before it is sent."""
    SENT = "sent"
    """With the provider, under the name of a batch."""
    IN = "in"
    """Ended, and all that there is of it fetched."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A row of the ledger. `batch`: the provider's name for it. `note`: how it ended, or why it has to wait."""

    number: int
    lines: int
    sha256: str
    state: State
    batch: str | None
    note: str


class Found(NamedTuple):
    """What is known of one request: its lot, whether that is in, and where the answer stands (`kind` of file and offset), if it came.

    `is_known`: the ledger says of which article it is; older ones don't.
    """

    lot: int
    is_in: bool
    kind: str | None
    offset: int | None
    is_known: bool


class Answer(NamedTuple):
    """A line of a lot's answers: to which request, in which kind of file and where; the tokens it took, None where nothing counted them."""

    key: bytes
    turn: int
    kind: str
    offset: int
    took: tuple[int, int] | None


class Ledger:
    """A run's ledger. Everything is on disk when a method returns. All raise SinkFailed when the file can't be read or written."""

    def __init__(self, folder: Path) -> None:
        """Open it, or make it."""
        self._path = folder / "ledger.db"
        with self._faults():
            self._db = sqlite3.connect(self._path, isolation_level=None)
            self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;{_SCHEMA}")
            there = {name for _, name, *_ in self._db.execute("PRAGMA table_info(asked)")}
            for name, kind in _LATER:
                if name not in there:
                    self._db.execute(f"ALTER TABLE asked ADD COLUMN {name} {kind}")
            row = self._db.execute("SELECT id FROM run").fetchone()
            if row is None:
                row = (secrets.token_hex(16),)
                self._db.execute("INSERT INTO run VALUES (?)", row)
        self.run: str = row[0]
        """A name of this run that no other has."""

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def lots(self, *states: State) -> list[Lot]:
        """All lots, or those in one of `states`, by number."""
        with self._faults():
            rows = self._db.execute("SELECT number, lines, sha256, state, batch, note FROM lots ORDER BY number").fetchall()
        found = [Lot(number, lines, sha256, State(state), batch, note) for number, lines, sha256, state, batch, note in rows]
        return [lot for lot in found if not states or lot.state in states]

    @property
    def last(self) -> int:
        """The highest number of a lot; 0 where there is none."""
        with self._faults():
            return int(self._db.execute("SELECT COALESCE(MAX(number), 0) FROM lots").fetchone()[0])

    def find(self, key: bytes, turn: int) -> Found | None:
        """What is known of that request; None when it was never made."""
        with self._faults():
            row = self._db.execute(
                "SELECT lot, state = 'in', kind, offset, article IS NOT NULL FROM asked JOIN lots ON lots.number = lot "
                "WHERE key = ? AND turn = ?",
                (key, turn),
            ).fetchone()
        return None if row is None else Found(row[0], bool(row[1]), row[2], row[3], bool(row[4]))

    def is_out(self, text: bytes) -> bool:
        """Whether an article of that text was asked about in a lot that isn't in yet."""
        with self._faults():
            row = self._db.execute("SELECT 1 FROM asked JOIN lots ON lots.number = lot WHERE text = ? AND state <> 'in' LIMIT 1", (text,))
            return row.fetchone() is not None

    def worst(self) -> tuple[int, int]:
        """Input and output tokens that all requests of lots that aren't in may take."""
        with self._faults():
            row = self._db.execute(
                "SELECT COALESCE(SUM(worst_in), 0), COALESCE(SUM(worst_out), 0) FROM asked "
                "JOIN lots ON lots.number = lot WHERE state <> 'in'"
            ).fetchone()
        return int(row[0]), int(row[1])

    def took(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """Of each answer that is there: its article, and the tokens it took, or may have taken where nobody counted them."""
        with self._faults():
            yield from (
                (article, (sent, written))
                for article, sent, written in self._db.execute(
                    "SELECT article, COALESCE(took_in, worst_in), COALESCE(took_out, worst_out) FROM asked "
                    "JOIN lots ON lots.number = lot WHERE state = 'in' AND kind IS NOT NULL AND article IS NOT NULL"
                )
            )

    def begin(self, article: bytes, tokens: tuple[int, int]) -> None:
        """An article is about to be asked about at once, beside the batches; that may take so many tokens of input and output."""
        with self._faults():
            self._db.execute(
                "INSERT INTO at_once VALUES (?, ?, ?) ON CONFLICT (article) DO UPDATE "
                "SET tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out",
                (article, *tokens),
            )

    def end(self, article: bytes) -> None:
        """Nothing was sent, or its row says what it took."""
        with self._faults():
            self._db.execute("DELETE FROM at_once WHERE article = ?", (article,))

    def begun(self) -> list[tuple[bytes, tuple[int, int]]]:
        """The articles that were, and the tokens."""
        with self._faults():
            return [(article, (sent, written)) for article, sent, written in self._db.execute("SELECT * FROM at_once")]

    def without_row(self, has_row: Callable[[bytes], bool]) -> int:
        """Requests that are with the provider, or were answered, and whose articles have no row."""
        with self._faults():
            rows = self._db.execute(
                "SELECT article FROM asked JOIN lots ON lots.number = lot WHERE article IS NOT NULL "
                "AND (state IN ('sending', 'sent') OR (state = 'in' AND kind IS NOT NULL))"
            )
            return sum(not has_row(article) for (article,) in rows)

    def add(self, sealed: Sealed) -> None:
        """A lot is on disk."""
        rows = [(one.key, one.turn, sealed.number, one.text, *one.worst, one.article) for one in sealed.asked]
        with self._together():
            self._db.execute(
                "INSERT INTO lots (number, lines, sha256, state) VALUES (?, ?, ?, ?)",
                (sealed.number, len(rows), sealed.sha256, State.WRITTEN),
            )
            self._db.executemany(
                "INSERT INTO asked (key, turn, lot, text, worst_in, worst_out, article) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )

    def note(self, number: int, state: State, *, batch: str | None = None, note: str = "") -> None:
        """A lot has come so far."""
        with self._faults():
            self._db.execute(
                "UPDATE lots SET state = ?, batch = COALESCE(?, batch), note = ? WHERE number = ?", (state, batch, note, number)
            )

    def take_in(self, number: int, note: str, answers: Iterable[Answer]) -> int:
        """A lot has ended; how many `answers` were new. Of two for one the first counts."""
        with self._together():
            before = self._db.total_changes
            self._db.executemany(
                "UPDATE asked SET kind = ?3, offset = ?4, took_in = ?6, took_out = ?7 "
                "WHERE key = ?1 AND turn = ?2 AND lot = ?5 AND kind IS NULL",
                ((key, turn, kind, offset, number, *(took or (None, None))) for key, turn, kind, offset, took in answers),
            )
            counted = self._db.total_changes - before
            self._db.execute("UPDATE lots SET state = ?, note = ? WHERE number = ?", (State.IN, note, number))
        return counted

    def forget(self, key: bytes) -> None:
        """The answers that an article got, unless some are still to come: it is to be asked about anew."""
        with self._faults():
            self._db.execute(
                "DELETE FROM asked WHERE key = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM asked JOIN lots ON lots.number = lot WHERE key = ?1 AND state <> 'in')",
                (key,),
            )

    def drop(self, number: int) -> None:
        """A lot that the provider wouldn't take: nothing in it was asked for, and nothing paid."""
        with self._together():
            self._db.execute("DELETE FROM asked WHERE lot = ?", (number,))
            self._db.execute("DELETE FROM lots WHERE number = ?", (number,))

    @contextmanager
    def _together(self) -> Iterator[None]:
        with self._faults():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            raise SinkFailed(f"{self._path}: the ledger of the batches can't be kept: {exc}; nothing more is asked for") from None

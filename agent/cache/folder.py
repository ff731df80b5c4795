"""The cache's folder and its database file: private to one user, and recognisably ours."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "cache.db"
APPLICATION_ID = 0x6E777363
"""Written into the database's header ("nwsc"), so that nothing else is ever taken for a cache of ours, or emptied as one."""

LOCK_WAIT_S = 0.25
"""How long a database call waits for another process's lock."""


class CacheBusy(Exception):
    """Another process holds the lock."""


class CacheFault(Exception):
    """The cache can't be used; the message says why, in one line."""


class BadRow(Exception):
    """A row that this program didn't write."""


@contextmanager
def faults_of(directory: Path) -> Iterator[None]:
    """Turn what sqlite3 and the file system raise into CacheBusy and CacheFault."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as exc:
        if getattr(exc, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise CacheBusy(f"the cache {directory} is locked by another process") from exc
        raise CacheFault(f"the cache {directory} can't be used: {exc}") from exc
    except OSError as exc:
        raise CacheFault(f"the cache {directory} can't be used: {exc.strerror or exc}") from exc


def prepare(directory: Path) -> None:
    """Make the folder (0700) and an empty database in it (0600) where there are none, and mark the database as ours.

    Raises CacheBusy, and CacheFault for a folder that holds other things or can't be written.
    """
    with faults_of(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {path.name for path in directory.iterdir()}
        if names and DATABASE not in names:
            raise CacheFault(f"{directory} holds other files and no cache; set NEWSCARD_CACHE_DIR to a folder of its own")
        _keep_private(directory, 0o700)
        # sqlite would make it readable by all; the files it puts beside it later get the rights of this one.
        os.close(os.open(directory / DATABASE, os.O_CREAT | os.O_RDWR, 0o600))
        _keep_private(directory / DATABASE, 0o600)
        with closing(connect(directory, LOCK_WAIT_S)) as database:
            _mark(database, directory)


def connect(directory: Path, wait_s: float) -> sqlite3.Connection:
    """The database, which must be there. A lock is waited for `wait_s` seconds."""
    return sqlite3.connect(f"{(directory / DATABASE).absolute().as_uri()}?mode=rw", timeout=wait_s, isolation_level=None, uri=True)


def is_ours(database: sqlite3.Connection) -> bool:
    """Whether the database carries our mark."""
    (found,) = database.execute("PRAGMA application_id").fetchone()
    return bool(found == APPLICATION_ID)


def _mark(database: sqlite3.Connection, directory: Path) -> None:
    database.execute("PRAGMA auto_vacuum = FULL")  # counts only before the first page is written
    database.execute("BEGIN IMMEDIATE")
    if not is_ours(database):
        if database.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise CacheFault(f"{directory / DATABASE} isn't a cache of ours; set NEWSCARD_CACHE_DIR to another folder")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute("COMMIT")


def _keep_private(path: Path, mode: int) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(mode)

"""diskcache, holding bytes and nothing else: no pickle is ever written or loaded. Imported in the cache's thread alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import DEFAULT_SETTINGS, METADATA, MODE_RAW

from agent.cache.folder import LOCK_WAIT_S, BadRow, CacheBusy, CacheFault, connect, faults_of, prepare

# No eviction: at its defaults diskcache drops paid answers above 1 GB, silently. No statistics: they make every read a write. 1 MB of
# SQLite's pages, not 32: the system keeps the file's pages anyway, and drafts are looked for once, so that more of them saves no time
# (bench/cache.py --pages).
_OURS = {"eviction_policy": "none", "cull_limit": 0, "statistics": 0, "tag_index": 0, "sqlite_mmap_size": 0, "sqlite_cache_size": 2**8}
_SETTINGS = DEFAULT_SETTINGS | _OURS


class BytesDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache ships no types
    """Keys are str, values are bytes, both in the row itself. Every other kind that diskcache knows is refused, both ways.

    diskcache's own Disk unpickles a row that says it is a pickle, and reads or deletes any file that a row names, wherever it lies.
    """

    def __init__(self, directory: str, **_settings: object) -> None:
        super().__init__(directory)

    def put(self, key: object) -> tuple[str, bool]:
        """A key on its way in."""
        if type(key) is not str:
            raise TypeError("a key of the cache is a str")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """A key on its way out."""
        if not raw or type(key) is not str:
            raise BadRow("a key that isn't text")
        return key

    def store(self, value: object, read: object, key: object = None) -> tuple[int, int, None, memoryview]:  # noqa: ARG002
        """A value on its way in."""
        if read or type(value) is not bytes:
            raise TypeError("a value of the cache is bytes")
        return 0, MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: object, filename: object, value: object, read: object) -> bytes:
        """A value on its way out."""
        if read or mode != MODE_RAW or filename is not None or type(value) is not bytes:
            raise BadRow("a value that isn't bytes in its row")
        return value

    def filename(self, key: object = None, value: object = None) -> tuple[str, str]:  # noqa: ARG002
        """No value has a file."""
        raise TypeError("the cache keeps no files")

    def remove(self, file_path: object) -> None:
        """Nothing: a file that a row names isn't ours."""


class Shelf:
    """The opened cache. Synchronous, for one thread. Every method raises CacheBusy and CacheFault."""

    def __init__(self, directory: Path) -> None:
        # diskcache would retry its opening for a minute while another process holds the lock; `prepare` has found that out before.
        prepare(directory)
        self._directory = directory
        with faults_of(directory):
            _refuse_unknown_settings(directory)
            self._cache: Any = diskcache.Cache(str(directory), timeout=LOCK_WAIT_S, disk=BytesDisk, **_SETTINGS)

    def get(self, key: str) -> bytes | None:
        """The value of `key`, None when there is none. Raises BadRow for one that this program didn't write."""
        with faults_of(self._directory):
            value: bytes | None = self._cache.get(key)
        return value

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values of those of `keys` that there are, with one query; a row that this program didn't write is left out."""
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, value FROM Cache WHERE raw = 1 AND mode = {MODE_RAW} AND filename IS NULL AND key IN ({marks})"  # noqa: S608  only question marks and a number
        with faults_of(self._directory):
            # diskcache has no such method, and one by one a look-up costs several times as much.
            rows = self._cache._sql(query, list(keys)).fetchall()  # noqa: SLF001
        return {key: value for key, value in rows if type(key) is str and type(value) is bytes}

    def put(self, key: str, value: bytes, model: str) -> None:
        """Keep `value`; `model` stands beside it for `stats`."""
        with faults_of(self._directory):
            try:
                self._cache.set(key, value, tag=model)
            except diskcache.Timeout as exc:
                raise CacheBusy(f"the cache {self._directory} can't be written: it is locked, full or read-only") from exc

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is done within becomes one transaction, which takes a third of the time. Raises CacheBusy before anything is done."""
        with faults_of(self._directory):
            try:
                with self._cache.transact():
                    yield
            except diskcache.Timeout as exc:
                raise CacheBusy(f"the cache {self._directory} can't be written: it is locked, full or read-only") from exc

    def close(self) -> None:
        """Close the database."""
        with faults_of(self._directory):
            self._cache.close()


def _refuse_unknown_settings(directory: Path) -> None:
    """What is in its Settings table diskcache makes an attribute of itself, whatever its name."""
    database = connect(directory, LOCK_WAIT_S)
    try:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'Settings'").fetchone():
            names = {name for (name,) in database.execute("SELECT key FROM Settings")}
            if not names <= (DEFAULT_SETTINGS.keys() | METADATA.keys()):
                raise CacheFault(f"the cache {directory} holds settings that aren't ours; delete it")
    finally:
        database.close()

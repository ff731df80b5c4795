"""One story, one call: copies of an article that was drafted before take its draft over.

Copies are found before a model is asked. The draft is held against each copy's own text; where it has more faults there than where it
came from, the copy differs in something that matters, and is asked for itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from agent.article import Article
from agent.batch.boilerplate import Core, core_of
from agent.batch.copies import band_keys, bands_for, signature, similarity
from agent.engines import Drafted
from agent.errors import SinkFailed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS stories (
    story TEXT PRIMARY KEY, article TEXT NOT NULL, faults INTEGER NOT NULL, drafted BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS signatures (story TEXT PRIMARY KEY, signature BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (band INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (band, story)) WITHOUT ROWID;
"""
_LONGEST_LIST = 50
"""Candidates compared for one article; a band shared by more is a phrase that everybody uses."""

CountFaults = Callable[[Drafted], int]
"""How many faults a draft has when it is held against the article at hand."""
Ask = Callable[[], Awaitable[Drafted]]


@dataclass(frozen=True, slots=True)
class Told:
    """A draft, the story it tells, and the id of the article that it was made for; None when that is the article at hand."""

    drafted: Drafted
    story_id: str
    taken_from: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    article: str
    faults: int
    drafted: Drafted


class Stories:
    """The stories of one run, in a SQLite file, so that memory stays flat and a resumed run knows them.

    Copies that differ in boilerplate only are one story. With a `threshold` (0.5..1), so are texts of at least that Jaccard similarity of
    five-word runs. Within one event loop; equal stories at once wait for the first.
    """

    def __init__(self, path: Path, *, threshold: float | None = None) -> None:
        """Open or make the file. Raises SinkFailed when it can't be used."""
        self._path = path
        with self._faults():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;{_SCHEMA}")
        self._threshold = threshold
        self._cut = bands_for(threshold) if threshold else None
        self._flights: dict[str, asyncio.Event] = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    async def tell(self, article: Article, ask: Ask, faults_of: CountFaults) -> Told:
        """The draft of `article`'s story: an earlier one if it fits, else what `ask` makes.

        Raises what `ask` raises, and SinkFailed before it is asked when the file can't be read or written.
        """
        core = core_of(article)
        with self._faults():
            story = self._story_of(core)
        while True:
            with self._faults():
                kept = self._kept(story)
            if kept:
                if kept.article == article.id:
                    return Told(kept.drafted, story, None)
                if faults_of(kept.drafted) <= kept.faults:
                    return Told(kept.drafted, story, kept.article)
                if story == core.story_id:
                    return Told(await ask(), story, None)
                story = core.story_id  # near, but not the same; copies of this one may follow
            elif story not in self._flights:
                return await self._lead(story, article, ask, faults_of)
            else:
                await self._flights[story].wait()

    async def _lead(self, story: str, article: Article, ask: Ask, faults_of: CountFaults) -> Told:
        done = self._flights[story] = asyncio.Event()
        try:
            drafted = await ask()
            # It is paid for: a story that can't be kept costs its copies a call, and this article nothing.
            with suppress(sqlite3.Error):
                self._db.execute(
                    "INSERT OR REPLACE INTO stories VALUES (?, ?, ?, ?)",
                    (story, article.id, faults_of(drafted), drafted.model_dump_json().encode()),
                )
            return Told(drafted, story, None)
        finally:
            del self._flights[story]
            done.set()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            raise SinkFailed(f"{self._path}: the run's stories can't be kept: {exc}; nothing more is asked for") from None

    def _kept(self, story: str) -> _Kept | None:
        row = self._db.execute("SELECT article, faults, drafted FROM stories WHERE story = ?", (story,)).fetchone()
        try:
            return row and _Kept(row[0], row[1], Drafted.model_validate_json(row[2]))
        except ValueError:  # another version's
            return None

    def _story_of(self, core: Core) -> str:
        """The story that `core` tells, known or new; a new one can be found by near copies from now on."""
        if self._cut is None or self._threshold is None or self._known(core.story_id):
            return core.story_id
        found = signature(core.words)
        keys = band_keys(found, self._cut)
        if near := self._nearest(found, keys, self._threshold):
            return near
        with closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.execute("INSERT OR IGNORE INTO signatures VALUES (?, ?)", (core.story_id, found))
            cursor.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, core.story_id) for key in keys])
            cursor.execute("COMMIT")
        return core.story_id

    def _known(self, story: str) -> bool:
        return self._db.execute("SELECT 1 FROM signatures WHERE story = ?", (story,)).fetchone() is not None

    def _nearest(self, found: bytes, keys: list[int], threshold: float) -> str | None:
        marks = ",".join("?" * len(keys))
        among = f"SELECT story FROM bands WHERE band IN ({marks}) LIMIT {_LONGEST_LIST}"  # noqa: S608  question marks and our own number
        rows = self._db.execute(f"SELECT story, signature FROM signatures WHERE story IN ({among})", keys)  # noqa: S608  the same
        best = max(((similarity(found, other), story) for story, other in rows), default=(0.0, ""))
        return best[1] if best[0] >= threshold else None

"""Upkeep for the command line: what the cache holds, why a lookup missed, and emptying it. Synchronous; needs no diskcache."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.article import Article
from agent.cache.entry import Entry, article_part, digest_part, draft_key
from agent.cache.folder import DATABASE, CacheBusy, CacheFault, connect, faults_of, is_ours
from agent.errors import UsageError

WAIT_S = 5.0
"""How long a command waits for a running newscard to let go of the file."""

_SHOWN = 5
_DIGEST = 64
_OF_ARTICLE = "key >= ? AND key < ?"


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What a cache holds. `bytes` is its size on disk; `oldest` and `newest` are aware UTC, None when it is empty."""

    entries: int
    bytes: int
    oldest: datetime | None
    newest: datetime | None
    by_model: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """An ingredient that isn't what it was; None on the side that doesn't have it."""

    name: str
    kept: str | None
    now: str | None

    def __str__(self) -> str:
        if self.name == "article":
            return "the article's own title, text, source or date"
        return f"{self.name}: {_short(self.kept)} -> {_short(self.now)}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft of the article that is in the cache, and how it differs from what is asked for."""

    created_at: datetime
    model: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article would be served from the cache or not. `kept`: its other drafts, those that differ least first."""

    hit: bool
    kept: tuple[Kept, ...]

    def lines(self) -> list[str]:
        """For a reader, one line a draft."""
        if not self.kept:
            return ["no draft of this article is kept"]
        if self.hit:
            return [f"made by {kept.model or 'an unknown model'}, {_moment(kept.created_at)}" for kept in self.kept]
        lines = [
            f"the draft of {_moment(kept.created_at)} differs in {'; '.join(map(str, kept.differences))}" for kept in self.kept[:_SHOWN]
        ]
        more = len(self.kept) - _SHOWN
        return [*lines, f"and {more} more"] if more > 0 else lines


def stats(directory: Path) -> CacheStats:
    """What the cache in `directory` holds; a folder that isn't there holds nothing. Raises UsageError when it isn't a cache of ours."""
    with _opened(directory) as database:
        if database is None:
            return CacheStats(0, 0, None, None, {})
        rows = database.execute("SELECT tag, count(*), min(store_time), max(store_time) FROM Cache GROUP BY tag").fetchall()
    size = sum(path.stat().st_size for path in directory.glob(f"{DATABASE}*"))
    return CacheStats(
        entries=sum(row[1] for row in rows),
        bytes=size,
        oldest=_utc(min(row[2] for row in rows)) if rows else None,
        newest=_utc(max(row[3] for row in rows)) if rows else None,
        by_model={str(row[0]): row[1] for row in rows},
    )


def explain(directory: Path, article: Article, ingredients: Mapping[str, str], *, tenant: str = "", repeat: int = 0) -> Explanation:
    """Whether a draft of `article` made of `ingredients` is kept and, if not, how those that are kept differ."""
    key = draft_key(article, ingredients, tenant=tenant, repeat=repeat)
    with _opened(directory) as database:
        found = dict(_entries(database, article_part(article.id, tenant))) if database else {}
    if key in found:
        return Explanation(hit=True, kept=(_kept(found[key], ()),))
    asked = dict(ingredients) | {"article": digest_part(article)}
    kept = [_kept(entry, _differences(entry.ingredients | {"article": name.split(".")[1]}, asked, repeat)) for name, entry in found.items()]
    return Explanation(hit=False, kept=tuple(sorted(kept, key=lambda one: (len(one.differences), -one.created_at.timestamp()))))


def purge(
    directory: Path, *, article_id: str | None = None, older_than_days: float | None = None, everything: bool = False, tenant: str = ""
) -> int:
    """Delete drafts: of one article (of `tenant`), or those older than so many days, or both at once, or everything. How many went.

    Raises UsageError when nothing was named, and for a folder that isn't a cache of ours.
    """
    where, values = _where(article_id, older_than_days, tenant)
    if everything == bool(values):
        raise UsageError("say which drafts to delete: an article's, those older than so many days, or all")
    with _opened(directory) as database:
        if database is None:
            return 0
        database.execute("PRAGMA secure_delete = ON")  # what is purged must not be found in the file's free pages
        gone = database.execute(f"DELETE FROM Cache WHERE {where}", values).rowcount  # noqa: S608  made of constants
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone


def _where(article_id: str | None, older_than_days: float | None, tenant: str) -> tuple[str, list[object]]:
    conditions, values = ["1"], list[object]()
    if article_id is not None:
        conditions.append(_OF_ARTICLE)
        values += _range(article_part(article_id, tenant))
    if older_than_days is not None:
        conditions.append("store_time < ?")
        values.append(time.time() - older_than_days * 86_400)
    return " AND ".join(conditions), values


@contextmanager
def _opened(directory: Path) -> Iterator[sqlite3.Connection | None]:
    """The database; None where there is no cache yet."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        yield None
        return
    if not (directory / DATABASE).is_file():
        raise UsageError(f"{directory} isn't a cache of newscard's; nothing was touched")
    try:
        with faults_of(directory), closing(connect(directory, WAIT_S)) as database:
            if not is_ours(database):
                raise UsageError(f"{directory / DATABASE} isn't a cache of newscard's; nothing was touched")
            ready = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'Cache'").fetchone()
            yield database if ready else None
    except (CacheBusy, CacheFault) as exc:
        raise UsageError(str(exc)) from exc


def _entries(database: sqlite3.Connection, prefix: str) -> Iterator[tuple[str, Entry]]:
    """Key and entry of every draft that can be read; what else a row may hold is passed over."""
    rows = database.execute(f"SELECT key, value FROM Cache WHERE {_OF_ARTICLE} AND raw = 1 AND mode = 1", _range(prefix))  # noqa: S608
    for key, value in rows.fetchall():
        try:
            yield key, Entry.from_bytes(value)
        except ValueError:
            continue


def _range(prefix: str) -> list[object]:
    # "/" comes right after "." in ASCII: a range, which the index serves, where LIKE would read the whole table.
    return [f"{prefix}.", f"{prefix}/"]


def _differences(kept: Mapping[str, str], asked: Mapping[str, str], repeat: int) -> tuple[Difference, ...]:
    names = sorted(kept.keys() | asked.keys())
    found = tuple(Difference(name, kept.get(name), asked.get(name)) for name in names if kept.get(name) != asked.get(name))
    return found or (Difference("repeat", "another", str(repeat)),)


def _kept(entry: Entry, differences: tuple[Difference, ...]) -> Kept:
    return Kept(entry.created_at, entry.drafted.model or entry.ingredients.get("model"), differences)


def _short(value: str | None) -> str:
    if value is None:
        return "nothing"
    return f"{value[:12]}…" if len(value) == _DIGEST else value


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

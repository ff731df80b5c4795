"""Who may use the service and what they have spent: keys, sessions, dollars. Synchronous, as the card store is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Insert, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from agent.web.store.tables import API_KEYS, SESSIONS, SPENDING


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: `prefix` is its public part, `digest` all that is known of the secret one.

    Limits that are None don't bind: `concurrency` requests in hand, `per_minute` requests, `usd_per_day` US dollars a UTC day.
    """

    prefix: str
    digest: bytes = field(repr=False)
    name: str
    tenant: str
    created_at: datetime
    concurrency: int | None = None
    per_minute: int | None = None
    usd_per_day: float | None = None
    revoked_at: datetime | None = None


class AccessStore:
    """Keys of all tenants, sessions and spending."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        row = {
            "prefix": key.prefix,
            "digest": key.digest,
            "name": key.name,
            "tenant": key.tenant,
            "concurrency": key.concurrency,
            "per_minute": key.per_minute,
            "usd_per_day": key.usd_per_day,
            "created_s": _seconds(key.created_at),
        }
        with self._engine.begin() as connection:
            connection.execute(insert(API_KEYS).values(row))

    def all_keys(self) -> list[ApiKey]:
        """All keys, the revoked ones too, oldest first."""
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(select(API_KEYS).order_by(API_KEYS.c.created_s, API_KEYS.c.prefix))]

    def revoke(self, prefix: str, at: datetime) -> bool:
        """Refuse a key from now on, and end its sessions; whether there was one to refuse."""
        with self._engine.begin() as connection:
            wanted = (API_KEYS.c.prefix == prefix, API_KEYS.c.revoked_s.is_(None))
            revoked = connection.execute(update(API_KEYS).where(*wanted).values(revoked_s=_seconds(at))).rowcount
            connection.execute(delete(SESSIONS).where(SESSIONS.c.prefix == prefix))
        return bool(revoked)

    def begin_session(self, digest: bytes, prefix: str, until: datetime, now: datetime) -> None:
        """Keep a session until `until`; those that have ended by `now` are forgotten."""
        with self._engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.until_s <= _seconds(now)))
            connection.execute(insert(SESSIONS).values(digest=digest, prefix=prefix, until_s=_seconds(until)))

    def session(self, digest: bytes, now: datetime) -> str | None:
        """The prefix of the key that a session stands for; None where there is none, or no longer."""
        wanted = select(SESSIONS.c.prefix).where(SESSIONS.c.digest == digest, SESSIONS.c.until_s > _seconds(now))
        with self._engine.connect() as connection:
            found: str | None = connection.execute(wanted).scalar()
        return found

    def end_session(self, digest: bytes) -> None:
        """Forget a session."""
        with self._engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest))

    def spend(self, prefix: str, day: int, micros: int, limit: int | None) -> bool:
        """Add `micros` to what a key has spent on `day`; False, and nothing added, where that would pass `limit`.

        One statement decides and adds, so that processes which share the database can't both take what only one may have.
        """
        with self._engine.begin() as connection:
            connection.execute(self._first(prefix, day))
            wanted = update(SPENDING).where(SPENDING.c.prefix == prefix, SPENDING.c.day == day)
            if limit is not None:
                wanted = wanted.where(SPENDING.c.micros + micros <= limit)
            return bool(connection.execute(wanted.values(micros=SPENDING.c.micros + micros)).rowcount)

    def spent(self, prefix: str, day: int) -> int:
        """Millionths of a dollar that a key has spent on `day`."""
        with self._engine.connect() as connection:
            found = connection.execute(select(SPENDING.c.micros).where(SPENDING.c.prefix == prefix, SPENDING.c.day == day)).scalar()
        return found or 0

    def _first(self, prefix: str, day: int) -> Insert:
        """The day's row, where there is none yet."""
        dialect: Any = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        row: Insert = dialect.insert(SPENDING).values(prefix=prefix, day=day, micros=0).on_conflict_do_nothing()
        return row


def _key(row: Any) -> ApiKey:
    return ApiKey(
        prefix=row.prefix,
        digest=bytes(row.digest),
        name=row.name,
        tenant=row.tenant,
        created_at=datetime.fromtimestamp(row.created_s, UTC),
        concurrency=row.concurrency,
        per_minute=row.per_minute,
        usd_per_day=row.usd_per_day,
        revoked_at=None if row.revoked_s is None else datetime.fromtimestamp(row.revoked_s, UTC),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

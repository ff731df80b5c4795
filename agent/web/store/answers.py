"""Answers kept by the Idempotency-Key that callers gave, for a day. Synchronous; the service calls it in threads."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

import orjson
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from agent.web.store.tables import ANSWERS, WRITES

KEPT_S = 86_400


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer, and the digest of the request that it was given to."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes


class AnswerStore:
    """The answers of all tenants; a key is one tenant's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    def find(self, tenant: str, key: str) -> Remembered | None:
        """What was answered under that key."""
        wanted = select(ANSWERS).where(ANSWERS.c.tenant == tenant, ANSWERS.c.key == key, ANSWERS.c.made_at > _now() - KEPT_S)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else Remembered(row.digest, row.status, orjson.loads(row.headers), bytes(row.body))

    def keep(self, tenant: str, key: str, answer: Remembered) -> None:
        """Remember it; what is too old is forgotten."""
        values = {"digest": answer.digest, "status": answer.status, "headers": orjson.dumps(answer.headers), "body": answer.body}
        # Another service that shares the database may keep one under this key at the same moment; either is true.
        with suppress(IntegrityError), self._writing.begin() as connection:
            connection.execute(delete(ANSWERS).where(ANSWERS.c.made_at <= _now() - KEPT_S))
            connection.execute(delete(ANSWERS).where(ANSWERS.c.tenant == tenant, ANSWERS.c.key == key))
            connection.execute(insert(ANSWERS).values(tenant=tenant, key=key, made_at=_now(), **values))


def _now() -> int:
    return int(time.time())

"""Jobs on disk. What is written is whole and outlives a power cut, or isn't there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agent import durable
from agent.errors import UsageError
from agent.web.callers import Caller

_ID = re.compile(r"[0-9a-f]{32}")
_JOB = "job.json"
_ENDED = "ended.json"
_CANCELLED = "cancelled"
MOST_RUNS = 16


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


R = TypeVar("R", bound=_Record)


class Counts(_Record):
    """What became of a job's articles so far. Dollars; None where there is no price."""

    cards: int = 0
    failed: int = 0
    cost_usd: float | None = 0.0


class Ended(_Record):
    """How a job ended."""

    state: Literal["done", "cancelled"]
    at: datetime
    counts: Counts


class Job(_Record):
    """A batch that was handed in. `caller` is the name of the key and `key` its public prefix, which pays; "" without keys."""

    id: str
    tenant: str
    caller: str
    key: str = ""
    created_at: datetime
    articles: int

    @classmethod
    def new(cls, caller: Caller, articles: int) -> Self:
        """One with an id that nobody can guess; ids are in the order of time."""
        name = f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
        return cls(id=name, tenant=caller.tenant, caller=caller.name, key=caller.key, created_at=datetime.now(UTC), articles=articles)


class JobBook:
    """The jobs of all tenants; no method reaches another tenant's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_upload(self) -> Path:
        """A name for articles that are coming in."""
        incoming = self._folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        return incoming / f"{secrets.token_hex(16)}.jsonl"

    def add(self, job: Job, articles: Path) -> None:
        """Take a job over, and the file of its articles with it. On return it outlives whatever happens."""
        folder = self.folder(job)
        folder.mkdir(mode=0o700, parents=True)
        articles.replace(folder / "articles.jsonl")
        _write(folder / _JOB, job)
        durable.sync(folder.parent)

    def cancel(self, job: Job) -> None:
        """It isn't to be gone on with, whatever happens before it has ended."""
        durable.write_whole(self.folder(job) / _CANCELLED, "")

    def is_cancelled(self, job: Job) -> bool:
        """Whether somebody cancelled it."""
        return (self.folder(job) / _CANCELLED).exists()

    def end(self, job: Job, ended: Ended) -> None:
        """It isn't to be gone on with."""
        _write(self.folder(job) / _ENDED, ended)

    def get(self, tenant: str, job_id: str) -> Job | None:
        """The job of that id, None when the tenant has none."""
        return _read(self._of(tenant) / job_id / _JOB, Job) if _ID.fullmatch(job_id) else None

    def ended(self, job: Job) -> Ended | None:
        """How it ended, if it has."""
        return _read(self.folder(job) / _ENDED, Ended)

    def newest(self, tenant: str, most: int) -> list[Job]:
        """The last jobs of a tenant, the newest first."""
        folder = self._of(tenant)
        names = sorted((path.name for path in folder.iterdir()), reverse=True) if folder.is_dir() else []
        return [job for name in names[:most] if (job := self.get(tenant, name)) is not None]

    def forget(self, job: Job) -> None:
        """Remove a job that has ended, with all of it. What a kill leaves of it is no job, and goes with the next start."""
        folder = self.folder(job)
        (folder / _JOB).unlink(missing_ok=True)
        durable.sync(folder)
        shutil.rmtree(folder, ignore_errors=True)

    def forget_ended(self, before: datetime) -> None:
        """Remove the jobs of all tenants that had ended by then."""
        for path in self._folder.glob(f"*/*/{_ENDED}"):
            job, ended = _read(path.with_name(_JOB), Job), _read(path, Ended)
            if job is not None and ended is not None and ended.at < before:
                self.forget(job)

    def unfinished(self) -> list[Job]:
        """The jobs of all tenants that are to be gone on with, the oldest first. What was coming in when the service ended is dropped."""
        shutil.rmtree(self._folder / "incoming", ignore_errors=True)
        for folder in self._folder.glob("*/*"):
            if not (folder / _JOB).exists():  # nobody was told that it was taken
                shutil.rmtree(folder, ignore_errors=True)
        return sorted(self._unfinished(), key=lambda job: job.id)

    def folder(self, job: Job) -> Path:
        """Where all of it is."""
        return self._of(job.tenant) / job.id

    def articles(self, job: Job) -> Path:
        """Its articles, as JSON lines."""
        return self.folder(job) / "articles.jsonl"

    def runs(self, job: Job) -> list[Path]:
        """Its run directories, in the order in which they were begun: a service that was changed begins another one. 1 to 16."""
        folder = self.folder(job)
        there = [path for number in range(MOST_RUNS) if (path := folder / f"run-{number}").exists()]
        return there or [folder / "run-0"]

    def lock(self) -> int:
        """Keep other services away from these jobs, as long as the process lives or until the file is closed. Raises UsageError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise UsageError(f"{self._folder.parent}: another newscard serves from it; give this one another --data-dir") from None
        return file

    def _of(self, tenant: str) -> Path:
        return self._folder / hashlib.sha256(tenant.encode()).hexdigest()[:32]

    def _unfinished(self) -> Iterator[Job]:
        for path in self._folder.glob(f"*/*/{_JOB}"):
            if not (path.parent / _ENDED).exists() and (job := _read(path, Job)) is not None:
                yield job


def _read(path: Path, kind: type[R]) -> R | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _write(path: Path, record: _Record) -> None:
    durable.write_whole(path, record.model_dump_json() + "\n")

"""A run's folder: whose it is, what it holds, and that no two runners write into it.

RUN_DIR/run.json     the fingerprint, and when the run began
RUN_DIR/lock         held by the runner; its process and host
RUN_DIR/asked        16 bytes for each article that an engine was asked about, written before
RUN_DIR/rows/        the segments
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import agent
from agent import durable
from agent.batch.index import Index, State
from agent.batch.rows import Spent, Total, lost_usd
from agent.batch.segments import Where, cut_torn_tail, heads, size
from agent.errors import RunRefused, SinkFailed

FORMAT = "newscard run 1"
MANIFEST = "run.json"
_LOCK = "lock"
_ASKED = "asked"
_ROWS = "rows"
_SAMPLE = 1_000
"""Rows whose mean length says how many there are."""
_STATES = {"fail": State.FAILED, "void": State.GONE}


@dataclass
class RunFolder:
    """An opened run directory: this process alone may write into it until `close`."""

    path: Path
    index: Index
    spent: Spent = field(default_factory=Spent)
    """What all rows so far took, those of failures that were tried again included."""
    lost: int = 0
    """Articles that an engine was asked about by a runner that ended before their rows were written."""
    orphans: Counter[bytes] = field(default_factory=Counter)
    """Their keys: if the cache has such an article's draft, this run has paid for it."""
    unread: array[int] = field(default_factory=lambda: array("Q"))
    """Where rows of what couldn't be read stand, those that failed no more later included."""
    start: Where = field(default_factory=lambda: Where(1, 0))
    _lock: int = -1
    _asked: int = -1

    @classmethod
    def open(cls, path: Path, fingerprint: Mapping[str, str], *, new_run: bool = False) -> Self:
        """Open `path`, or make it, for a run of that fingerprint; `new_run` sets a run that is there aside first.

        Raises RunRefused when it is another run's, in use, or holds other things; SinkFailed when it can't be written.
        """
        try:
            return cls._open(path, fingerprint, new_run=new_run)
        except OSError as exc:
            raise SinkFailed(f"{path}: the run directory can't be used: {exc.strerror}") from None

    @classmethod
    def _open(cls, path: Path, fingerprint: Mapping[str, str], *, new_run: bool) -> Self:
        if path.exists() and not path.is_dir():
            raise RunRefused(f"{path}: it is a file; give --out the name of a folder")
        if new_run and (path / MANIFEST).exists():
            path = Path(os.path.normpath(path.absolute()))  # by the name `.` it would be the folder that is set aside
            _set_aside(path)
        durable.make_folder(path)
        lock = _locked(path)
        try:
            run = cls(path, Index(path), _lock=lock)
        except BaseException:
            os.close(lock)
            raise
        try:
            _claim(path, fingerprint)
            run._read()
        except BaseException:
            run.close()
            raise
        return run

    @property
    def rows(self) -> Path:
        """Where the segments are."""
        return self.path / _ROWS

    @property
    def lost_usd(self) -> float | None:
        """What the lost answers cost, if each was sent and billed."""
        return lost_usd(self.spent, self.lost)

    def has_row(self, key: bytes) -> bool:
        """Whether that article has its card, or a failure."""
        known = self.index.get(key)
        return known is not None and known.state in {State.CARD, State.FAILED}

    def note_asked(self, key: bytes) -> None:
        """An engine is about to be asked. Raises SinkFailed when that can't be written down."""
        try:
            written = os.write(self._asked, key)
        except OSError as exc:
            raise self._unwritten(exc.strerror or "it failed") from None
        if written < len(key):  # the next runner cuts it off
            raise self._unwritten(os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Let another runner in."""
        for file in (self._asked, self._lock):
            if file >= 0:
                os.close(file)
        self._asked = self._lock = -1

    def _unwritten(self, why: str | None) -> SinkFailed:
        return SinkFailed(f"{self.path}: the run directory can't be written: {why}; nothing more is asked for")

    def _read(self) -> None:
        durable.make_folder(self.path / _ROWS)
        ended: Counter[bytes] = Counter()
        total = Total()
        found = None
        for number, found in enumerate(heads(self.rows)):
            where, end, (key, content, kind, spent) = found
            if number == _SAMPLE:
                self.index.reserve(int(size(self.rows) / end * _SAMPLE))
            total.add(spent)
            if kind == "card":
                self.index.add(key, content, State.CARD, where)
                continue
            if told := spent.asked + spent.lost:
                ended[key] += told
            if kind == "part":
                continue
            if kind == "fail" and not content:
                self.unread.append(where)
            if kind == "fail" and (known := self.index.get(key)) and known.state is State.CARD:
                continue  # success beats failure
            self.index.add(key, content, _STATES[kind], where)
        self.spent = total.spent
        self.start = cut_torn_tail(self.rows, found)
        self._asked = os.open(self.path / _ASKED, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._read_asked(ended)

    def _read_asked(self, ended: Counter[bytes]) -> None:
        size = os.fstat(self._asked).st_size
        if size % 16:  # a crash in the middle of a write
            os.ftruncate(self._asked, size - size % 16)
        self.lost = max(size // 16 - self.spent.asked, 0)
        if self.lost <= self.spent.lost:  # each of them has the row of a later answer
            return
        with (self.path / _ASKED).open("rb", buffering=1 << 20) as stream:
            while key := stream.read(16):
                known = self.index.get(key)
                if known is None or known.state is not State.CARD:
                    self.orphans[key] += 1
        self.orphans -= ended


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of the run in `path`. Raises RunRefused when there is none."""
    try:
        found: dict[str, Any] = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise RunRefused(f"{path}: there is no run in it") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("fingerprint"), dict):
        raise RunRefused(f"{path}: its form isn't {FORMAT!r}; another version of newscard made it")
    return found


def _locked(path: Path) -> int:
    """The run's lock, held until the process ends or closes it."""
    lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 200).decode("utf-8", "replace").strip() or "another process"
        os.close(lock)
        raise RunRefused(f"{path}: {holder} is running it; wait for it, or give --out another folder") from None
    if not _is_of(lock, path / _LOCK):
        os.close(lock)
        raise RunRefused(f"{path}: another process has just set it aside; give the same command again")
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
    return lock


def _is_of(opened: int, path: Path) -> bool:
    """Whether that opened file is still the one of this name."""
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except FileNotFoundError:
        return False


def _set_aside(path: Path) -> None:
    lock = _locked(path)  # nobody's run is moved away under its feet
    try:
        path.rename(_aside(path))
    finally:
        os.close(lock)


def _claim(path: Path, fingerprint: Mapping[str, str]) -> None:
    """See that the folder is this run's, or make it so."""
    names = {found.name for found in path.iterdir() if not durable.is_unfinished(found)} - {_LOCK}
    if MANIFEST in names:
        refuse_another(path, fingerprint)
    elif names:
        raise RunRefused(f"{path}: it holds other files and no run; give --out a folder of its own")
    else:
        _write_manifest(path, fingerprint)


def refuse_another(path: Path, fingerprint: Mapping[str, str]) -> None:
    """Raise RunRefused when the run in `path` has another fingerprint."""
    there = read_manifest(path)["fingerprint"]
    changed = [
        f"{name} was {there.get(name, 'not there')}, is {fingerprint.get(name, 'not there')}"
        for name in sorted(there.keys() | fingerprint.keys())
        if there.get(name) != fingerprint.get(name)
    ]
    if changed:
        raise RunRefused(
            f"{path}: it belongs to another run ({'; '.join(changed)}); give --out another folder, or --new-run to set that run aside as "
            f"{_aside(path)} and begin anew"
        )


def _aside(path: Path) -> Path:
    """The first free name beside `path`."""
    path, number = Path(os.path.normpath(path.absolute())), 1
    while (found := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return found


def _write_manifest(path: Path, fingerprint: Mapping[str, str]) -> None:
    manifest = {
        "format": FORMAT,
        "fingerprint": dict(fingerprint),
        "newscard": agent.__version__,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    durable.write_whole(path / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")

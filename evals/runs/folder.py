"""A run on disk: `manifest.json` and `rows.jsonl`. Rows are only ever appended; one that a crash tore is cut off when the run goes on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from agent.errors import UsageError
from evals.runs.manifest import Manifest
from evals.runs.rows import Row

MANIFEST = "manifest.json"
ROWS = "rows.jsonl"


class RunFolder:
    """One run's folder. Reading needs no lock; writing has one, so that two processes never pay for the same row."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is a run."""
        return (self.path / MANIFEST).is_file()

    def manifest(self) -> Manifest:
        """The run's head. Raises UsageError when the folder holds no run."""
        try:
            return Manifest.model_validate_json((self.path / MANIFEST).read_bytes())
        except FileNotFoundError:
            raise UsageError(f"{self.path}: there is no run in it; make one with `newscard eval run --out {self.path}`") from None
        except ValidationError:
            raise UsageError(f"{self.path / MANIFEST}: it isn't the manifest of a run of this version; make a new run") from None

    def rows(self) -> list[Row]:
        """All whole rows, in the order in which they were made; a torn last one is passed over. Raises UsageError for a damaged one."""
        return [row for row, _ in self._read()]

    @contextmanager
    def writing(self, manifest: Manifest) -> Iterator[Writer]:
        """Begin the run, or go on with it. Raises UsageError when the folder holds another run, or when somebody else writes it."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ROWS).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"{self.path}: another process is writing this run; wait for it, or give another --out") from None
            self._settle(manifest)
            whole = list(self._read())
            file.truncate(whole[-1][1] if whole else 0)
            yield Writer(file, [row for row, _ in whole])

    def _settle(self, manifest: Manifest) -> None:
        if self.exists:
            kept = self.manifest()
            if kept.fingerprint != manifest.fingerprint:
                what = ", ".join(kept.differences(manifest)) or "what it was asked"
                raise UsageError(f"{self.path}: it holds a run with another {what}; give another --out, or delete it")
            return
        if (self.path / ROWS).stat().st_size:
            raise UsageError(f"{self.path}: its {ROWS} is of a run whose {MANIFEST} is gone; give another --out, or delete it")
        draft = self.path / f"{MANIFEST}.new"
        draft.write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")
        draft.replace(self.path / MANIFEST)

    def _read(self) -> Iterator[tuple[Row, int]]:
        """Each row and where it ends."""
        path = self.path / ROWS
        if not path.exists():
            return
        end = 0
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                end += len(line)
                if not line.endswith(b"\n"):
                    return
                try:
                    yield Row.model_validate_json(line), end
                except ValidationError:
                    raise UsageError(f"{path}:{number}: the row is damaged; delete the line, and it is asked for again") from None


class Writer:
    """Appends rows, each on disk before the next call is paid for. `rows` are those that were there."""

    def __init__(self, file: IO[bytes], rows: list[Row]) -> None:
        self._file = file
        self.rows = rows

    def append(self, row: Row) -> None:
        """Keep a row. Raises OSError when the disk doesn't take it."""
        self._file.write(row.model_dump_json().encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

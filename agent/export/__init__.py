"""Runs as files for others: JSON lines, CSV, Parquet, SQLite, one HTML page. Read as a stream, written whole or not at all.

Every id of the runs has one row, those without a card included; `flat.COLUMNS` says what a row of a table holds.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from agent import durable
from agent.batch.reading import Runs
from agent.errors import RunRefused, UsageError

__all__ = ["FORMATS", "export"]

FORMATS = {".jsonl": "lines", ".csv": "sheet", ".parquet": "parquet", ".sqlite": "database", ".db": "database", ".html": "pages"}

Write = Callable[[Runs, Path], None]


def export(run_dirs: Sequence[Path], target: Path) -> Runs:
    """Write the rows of the runs, read as one, to `target`, in the format that its suffix names.

    Raises UsageError for a suffix that isn't known, RunRefused where there is no run, OSError when it can't be written; a file that was
    there before stays as it is then.
    """
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(f"--to {target}: its suffix names no format; it can be {', '.join(FORMATS)}")
    named, target = target, Path(os.path.realpath(target))  # a link stays a link
    if target.is_dir():
        raise UsageError(f"--to {named}: it is a folder; give it the name of a file")
    if not target.parent.is_dir():
        raise UsageError(f"--to {named}: there is no folder {target.parent}; make it first")
    if any(target.parent == run_dir.resolve() / "rows" for run_dir in run_dirs):
        raise UsageError(f"--to {named}: the run keeps its rows there; take another folder")
    if FORMATS[suffix] == "database":
        _refuse_open(named, target)
    runs = Runs(run_dirs)
    if not runs.cards + runs.failed:
        raise RunRefused(f"{', '.join(map(str, run_dirs))}: there is no row in it yet")
    write: Write = import_module(f"agent.export.{FORMATS[suffix]}").write
    beside = durable.beside(target)
    try:
        write(runs, beside)
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        durable.sync(beside)
        durable.put(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return runs


def _refuse_open(named: Path, target: Path) -> None:
    """Raise UsageError where something of another program's is beside a database: SQLite would take it for a part of the new one."""
    for beside in ("-wal", "-journal"):
        if Path(f"{target}{beside}").exists():
            raise UsageError(
                f"--to {named}: {target.name}{beside} is there: another program has the database open, or didn't end well; let it end, or "
                "give another name"
            )

"""A folder of articles: every file in it and below it whose suffix says that it can be read, in the order of their names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from agent.errors import SourceError
from agent.sources.files import SUFFIXES, read_file, suffix_of, why_not
from agent.sources.naming import folder_ids, spelled
from agent.sources.records import Placed

RUN = ("run.json", "rows")
"""What a run directory of `newscard batch` holds, and nothing else does."""


def is_folder(source: str) -> bool:
    """Whether `source` names a folder that is there."""
    try:
        return bool(source) and Path(source).is_dir()  # no name at all would be the working folder
    except (OSError, ValueError):
        return False


def files_of(root: Path, closed: list[OSError]) -> Iterator[tuple[str, list[str]]]:
    """Each folder from `root` on down with the names of its files that are read; `closed` takes those that can't be looked into.

    Runs of `newscard batch` are passed over: a run within its own input would make articles of its rows, more of them each time.
    """
    for folder, below, names in os.walk(root, onerror=closed.append):
        below[:] = sorted(name for name in below if not name.startswith(".") and not is_run(Path(folder, name)))
        yield folder, sorted(name for name in names if _is_read(folder, name))


def is_run(folder: Path) -> bool:
    """Whether `folder` is a run directory."""
    return all(os.path.exists(folder / name) for name in RUN)  # noqa: PTH110  Path.exists raises where it may not look


def _is_read(folder: str, name: str) -> bool:
    """Whether a folder's file is read: not hidden, of a kind that is, and no pipe, which could keep the reader waiting for ever."""
    if name.startswith(".") or suffix_of(Path(name)) not in SUFFIXES:
        return False
    try:
        return stat.S_ISREG(Path(folder, name).stat().st_mode)
    except OSError:
        return True  # reading it says why it can't be


def read_folder(source: str, name: str = "") -> Iterator[Placed]:
    """The articles of the files in `source` and in the folders below it; one that can't be read is an error in its place.

    Files of other kinds, pipes, links to folders, runs, and names that begin with a full stop are passed over. An article that states no
    id gets the folder's `name`, its own where none is given, and the file's path below it. Raises SourceError when there is no file to
    read.
    """
    root = Path(source)
    if is_run(root):
        raise SourceError(source, "a run of newscard batch, no folder of articles; `newscard export` reads it")
    found = False
    closed: list[OSError] = []
    for folder, wanted in files_of(root, closed):
        found = found or bool(closed)
        yield from _told(closed)
        ids = folder_ids(wanted, ((name or root.resolve().name) / Path(folder).relative_to(root)).as_posix())
        for file_name in wanted:
            found = True
            file = str(Path(folder, file_name))
            try:
                yield from read_file(file, ids[file_name])
            except SourceError as exc:
                yield Placed(spelled(file), exc)
    found = found or bool(closed)
    yield from _told(closed)
    if not found:
        raise SourceError(source, f"no article in this folder; what is read: {', '.join(SUFFIXES)}")


def _told(closed: list[OSError]) -> Iterator[Placed]:
    """The folders that can't be looked into, which are taken off the list."""
    while closed:
        problem = closed.pop(0)
        place = spelled(str(problem.filename))
        yield Placed(place, SourceError(place, why_not(place, problem)))

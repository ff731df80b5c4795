"""A folder of articles: every file in it and below it whose suffix says that it can be read, in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from agent.errors import SourceError
from agent.sources.files import SUFFIXES, read_file
from agent.sources.naming import folder_ids, spelled
from agent.sources.records import Placed


def is_folder(source: str) -> bool:
    """Whether `source` names a folder that is there."""
    try:
        return Path(source).is_dir()
    except (OSError, ValueError):
        return False


def read_folder(source: str, name: str = "") -> Iterator[Placed]:
    """The articles of the files in `source` and in the folders below it; one that can't be read is an error in its place.

    Files of other kinds, and names that begin with a full stop, are passed over. An article that states no id gets the folder's `name`,
    its own where none is given, and the file's path below it. Raises SourceError when there is no file to read.
    """
    root = Path(source)
    found = False
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        wanted = sorted(name for name in names if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES)
        ids = folder_ids(wanted, ((name or root.resolve().name) / Path(folder).relative_to(root)).as_posix())
        for file_name in wanted:
            found = True
            file = str(Path(folder, file_name))
            try:
                yield from read_file(file, ids[file_name])
            except SourceError as exc:
                yield Placed(spelled(file), exc)
    if not found:
        raise SourceError(source, f"no article in this folder; what is read: {', '.join(SUFFIXES)}")

"""Files that outlive a power cut, whole or not at all: written beside their place, put on disk, renamed, and the name put on disk too."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_BEFORE, _BEHIND = ".newscard-", ".tmp"


def beside(path: Path) -> Path:
    """A name in the folder of `path` that nobody has, to write under."""
    return path.with_name(f"{_BEFORE}{secrets.token_hex(6)}{_BEHIND}")


def is_unfinished(path: Path) -> bool:
    """Whether it is a file that a killed process left `beside` another."""
    return path.name.startswith(_BEFORE) and path.name.endswith(_BEHIND)


def settle(stream: IO[Any]) -> None:
    """What was written to `stream` is on disk from now on. Raises OSError."""
    stream.flush()
    os.fsync(stream.fileno())


def sync(path: Path) -> None:
    """The same for a closed file, or for the names in a folder. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_folder(path: Path) -> None:
    """Make `path`, and the folders above it, where they aren't there: for this user alone, and their names are on disk. Raises OSError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in missing:
        with suppress(PermissionError):  # a folder that may be written into and not read
            sync(folder.absolute().parent)


def put(finished: Path, path: Path) -> None:
    """Give a file that is on disk its name, over whatever had it. Raises OSError."""
    finished.replace(path)
    sync(path.absolute().parent)


def write_whole(path: Path, text: str) -> None:
    """Make `path` hold `text`; whatever it held stays when that fails. Raises OSError."""
    unfinished = beside(path)
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            settle(stream)
        put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)

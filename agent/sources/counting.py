"""How many articles an input holds, counted without reading them: for telling how long a run has still to go."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from agent.sources.decoding import MAX_BYTES
from agent.sources.files import SUFFIXES, Kind, is_packed, suffix_of
from agent.sources.folders import files_of, is_folder


def count_articles(sources: Sequence[str], is_wanted: Callable[[], bool] = lambda: True) -> int | None:
    """About how many articles `sources` hold; None where only reading them tells.

    So it is for standard input, addresses, and files that are compressed or can't be read. It stops with None as soon as it isn't wanted.
    """
    total = 0
    for source in sources:
        if source == "-" or "://" in source:
            return None
        found = _in_folder(Path(source), is_wanted) if is_folder(source) else _in_file(Path(source), is_wanted)
        if found is None:
            return None
        total += found
    return total


def _in_folder(root: Path, is_wanted: Callable[[], bool]) -> int | None:
    total = 0
    for folder, names in files_of(root, []):
        for name in names:
            found = _in_file(Path(folder, name), is_wanted)
            if found is None:
                return None
            total += found
    return total


def _in_file(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    kind = SUFFIXES.get(suffix_of(path))
    count = _COUNTS.get(kind) if kind and not is_packed(path) else None
    try:
        # What is counted of a pipe nobody else can read any more.
        return None if count is None or not path.is_file() else count(path, is_wanted)
    except (OSError, ValueError, RecursionError, csv.Error):
        return None


def _one(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    del path, is_wanted
    return 1


def _items(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    del is_wanted
    if path.stat().st_size > MAX_BYTES:
        return 1  # an error in the place of all of them
    document = json.loads(path.read_bytes())
    return len(document) if isinstance(document, list) else 1


def _parquet(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    del is_wanted
    from agent.sources.parquet import count_rows

    return count_rows(str(path))


def _lines(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    total, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if not is_wanted():
                return None
            total += block.count(b"\n")
            last = block[-1:]
    return total + (last != b"\n")


def _rows(path: Path, is_wanted: Callable[[], bool]) -> int | None:
    csv.field_size_limit(MAX_BYTES)
    total = -1  # the names of the columns
    with path.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            if not is_wanted():
                return None
            total += 1
    return max(total, 0)


_COUNTS: dict[Kind, Callable[[Path, Callable[[], bool]], int | None]] = {
    "text": _one,
    "page": _one,
    "json": _items,
    "lines": _lines,
    "table": _rows,
    "parquet": _parquet,
}

"""The ids of articles that state none: names of their files, as short as they can be without two of them meeting."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath


def spelled(name: str) -> str:
    r"""A file's name as text that can be written down: a byte FF of it, which isn't UTF-8, as `\udcff`."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


def file_ids(sources: Sequence[str]) -> dict[str, str]:
    """Source -> id of the one article that the file holds: its name without suffix; its path where two files share that name."""
    paths = {source: PurePath(source) for source in sources if "://" not in source and PurePath(source).name}
    return _shortest(paths, lambda path: path.stem)


def folder_ids(names: Iterable[str], prefix: str) -> dict[str, str]:
    """File name -> id within one folder, `prefix/stem`; with its suffix where two files differ in nothing else."""
    paths = {name: PurePath(prefix, name) for name in names}
    return _shortest(paths, lambda path: path.with_suffix("").as_posix())


def folder_names(sources: Sequence[str]) -> dict[str, str]:
    """Folder -> what the ids of its articles begin with: its own name; the path that was given where two folders share that name."""
    own = {source: PurePath(os.path.realpath(source)).name for source in sources}
    times = Counter(own.values())
    return {source: name if times[name] == 1 else PurePath(source).as_posix() for source, name in own.items()}


def _shortest(paths: dict[str, PurePath], short: Callable[[PurePath], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    names: tuple[Callable[[PurePath], str], ...] = (short, lambda path: path.with_suffix("").as_posix(), lambda path: path.as_posix())
    for name in names:
        left = {source: name(path) for source, path in paths.items() if source not in found}
        times = Counter(left.values())
        found |= {source: text for source, text in left.items() if times[text] == 1}
    # What is left names the very same file in two ways.
    return {source: found.get(source, path.as_posix()) for source, path in paths.items()}

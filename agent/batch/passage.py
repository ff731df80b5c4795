"""One passage through the input: which files and folders gave articles and no error of their own, and so can be read now."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePath

_NUMBERED = re.compile(r"(?::| row | item )\d+\Z")
"""What stands behind a source's name in the place of one of its articles."""


class Passage:
    """Notes of one passage; memory holds a name for each file of several articles, and for each folder."""

    def __init__(self) -> None:
        self._read: set[str] = set()
        self._failed: set[str] = set()

    def note(self, place: str, *, failed: bool) -> None:
        """What stands at `place` is an article, or `failed`."""
        if failed:
            self._failed.add(place)
            return
        source = _NUMBERED.sub("", place)
        self._read.add(place.rpartition("/")[0] if source == place else source)

    def misses(self, place: str) -> bool:
        """Whether what stood at `place` is gone, since all that it was in was read: a row of its file, or a file of its folder."""
        source = _NUMBERED.sub("", place)
        if place in self._failed or source in self._failed:
            return False
        if source != place:
            return source in self._read
        return "://" not in place and place.rpartition("/")[0] in self._read and not os.path.lexists(place)

    def sources(self) -> Iterator[str]:
        """Those files and folders, folders with and without a slash at their end."""
        folders = {str(folder) for source in self._read for folder in PurePath(source).parents}
        for source in self._read | folders | {f"{folder}/" for folder in self._read | folders}:
            if source not in self._failed:
                yield source

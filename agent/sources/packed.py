"""Files that are gzip-compressed, unpacked piece by piece as they are read."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO

from agent.errors import SourceError

_READ_AHEAD = 1 << 18
"""Bytes that are unpacked at once."""


def unpacked(stream: BinaryIO, source: str) -> BinaryIO:
    """What is in `stream`, which stays open. Reading it raises SourceError where it isn't gzip, or no more."""
    return io.BufferedReader(_Unpacked(stream, source), _READ_AHEAD)


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._packed = gzip.GzipFile(fileobj=stream)
        self._source = source
        self._has_begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            taken = self._packed.read1(len(buffer))
        except EOFError:
            raise SourceError(self._source, "its gzip data breaks off; copy the file again") from None
        except (gzip.BadGzipFile, zlib.error):
            problem = "its gzip data is damaged; copy the file again" if self._has_begun else "it isn't gzip-compressed; rename it"
            raise SourceError(self._source, problem) from None
        self._has_begun = True
        buffer[: len(taken)] = taken
        return len(taken)

"""Lots: files of requests, each what one batch of the provider may hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from agent import durable
from agent.errors import SinkFailed

MOST_LINES = 50_000
MOST_BYTES = 200_000_000
"""What a file may hold: 50,000 requests and 200 MB (OpenAI's and Azure's reference of the Batch API, read 2026-11-23)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a lot. `key`: 16 bytes of article and content. `turn`: which of the article's requests, from 1 on.

    `article`: what the article's rows go by. `text`: 16 bytes of the article's text, by which copies are known.
    `worst`: input and output tokens that it may take.
    """

    key: bytes
    turn: int
    article: bytes
    text: bytes
    worst: tuple[int, int]

    @property
    def custom_id(self) -> str:
        """What the provider's answer goes by."""
        return f"{self.key.hex()}.{self.turn}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A lot that is whole and on disk. `sha256` is of its bytes, in hex."""

    number: int
    sha256: str
    asked: tuple[Asked, ...]


def parse_id(custom_id: object) -> tuple[bytes, int] | None:
    """Key and turn of an answer; None for one that isn't ours."""
    key, _, turn = str(custom_id).partition(".")
    try:
        parsed = bytes.fromhex(key), int(turn)
    except ValueError:
        return None
    return parsed if len(parsed[0]) == 16 else None  # noqa: PLR2004  bytes of a key


def lot_path(folder: Path, number: int, kind: str = "") -> Path:
    """A lot's requests, or its `answers` or `errors`."""
    return folder / (f"{number:06}.{kind}.jsonl" if kind else f"{number:06}.jsonl")


def line(asked: Asked, url: str, body: tuple[bytes, ...]) -> bytes:
    """A request's line, with the line end. `body` is the request's JSON, in parts."""
    head = b'{"custom_id":"%b","method":"POST","url":"%b","body":' % (asked.custom_id.encode(), url.encode())
    return b"".join((head, *body, b"}\n"))


@dataclass
class OpenLot:
    """A lot that is being written, into a temporary file: until it is sealed, nothing in it was asked for."""

    folder: Path
    number: int
    most_lines: int = MOST_LINES
    most_bytes: int = MOST_BYTES
    size: int = 0
    asked: list[Asked] = field(default_factory=list)
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    _file: IO[bytes] | None = None

    def holds(self, length: int) -> bool:
        """Whether a line of that length still fits."""
        return len(self.asked) < self.most_lines and self.size + length <= self.most_bytes

    def add(self, asked: Asked, line: bytes) -> None:
        """Append a line. Raises SinkFailed when the disk doesn't take it."""
        try:
            if self._file is None:
                self._file = self._part.open("wb", buffering=1 << 20)
            self._file.write(line)
        except OSError as exc:
            raise _unwritten(self._part, exc) from None
        self._digest.update(line)
        self.size += len(line)
        self.asked.append(asked)

    def seal(self) -> Sealed:
        """Put the file under its name, on disk. Raises SinkFailed when that can't be done."""
        assert self._file is not None
        try:
            with self._file as file:
                durable.settle(file)
            durable.put(self._part, lot_path(self.folder, self.number))
        except OSError as exc:
            raise _unwritten(self._part, exc) from None
        return Sealed(self.number, self._digest.hexdigest(), tuple(self.asked))

    def drop(self) -> None:
        """Forget it."""
        if self._file is not None:
            self._file.close()
        self._part.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        return self.folder / f"{self.number:06}.part"


def _unwritten(path: Path, exc: OSError) -> SinkFailed:
    return SinkFailed(f"{path}: requests can't be written: {exc.strerror}; nothing more is asked for")

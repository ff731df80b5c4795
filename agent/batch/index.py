"""Which rows a run has: 28 bytes each in tables of our own, because a set of a million Python strings takes 150 MB.

The tables are in a file, so that a run's memory doesn't grow with its rows: what was looked at is the system's to keep or to write out.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from enum import IntEnum
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from agent.errors import SinkFailed

_ENTRY = Struct("<16sIQ")
_SIZE = _ENTRY.size
_PARTS = 256
_FIRST = 32
_FULLEST = 0.75
_GROWTH = 1.5
_SPREAD = 1.1
"""The fullest part has somewhat more keys than the mean."""
_STATE_SHIFT = 60
_STATE_BITS = 4
_WHERE = (1 << _STATE_SHIFT) - 1
_AT_ONCE = 8
"""Slots that are read together: mostly all that a key is looked for in."""


class State(IntEnum):
    """What is known of a key."""

    IN_HAND = 1
    CARD = 2
    FAILED = 3
    GONE = 4
    """An earlier failure that is none any more."""


_STATES = (None, *State)


class Known(NamedTuple):
    """What is kept for a key: 32 bits of the content, the state, and where the row is (as `Place.pack` has it)."""

    content: int
    state: State
    where: int


class _Part(NamedTuple):
    """Where a part's slots are in the file, and how many it has."""

    start: int
    slots: int


class Index:
    """Key (16 bytes) -> what is known of it. Grows in small parts, so that no growth holds an event loop up.

    The file has no name, lies in `folder` (the system's for temporary files when None) and ends with the object.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Raises SinkFailed when `folder` can't be written, as everything does that puts a key."""
        self._space = _Space(folder)
        self._parts = [_Part(self._space.take(_FIRST * _SIZE), _FIRST) for _ in range(_PARTS)]
        self._room = [int(_FIRST * _FULLEST)] * _PARTS
        self.counts = [0] * len(_STATES)
        """By state."""

    def __len__(self) -> int:
        return sum(self.counts)

    def get(self, key: bytes) -> Known | None:
        """What is known of `key`."""
        _, entry = self._find(key)
        _, content, packed = _ENTRY.unpack(entry)
        state = _STATES[packed >> _STATE_SHIFT]
        return None if state is None else Known(content, state, packed & _WHERE)

    def put(self, key: bytes, known: Known) -> None:
        """Keep `known` for `key`, in place of what was there."""
        self.add(key, known.content, known.state, known.where)

    def add(self, key: bytes, content: int, state: State, where: int) -> None:
        """The same of what a `Known` holds, for who has a million of them."""
        number = key[0]
        if not self._room[number]:
            self._grow(number, int(self._parts[number].slots * _GROWTH))
        at, entry = self._find(key)
        self._space.write(_ENTRY.pack(key, content, (state << _STATE_SHIFT) | where), at)
        if before := entry[-1]:
            self.counts[before >> _STATE_BITS] -= 1
        else:
            self._room[number] -= 1
        self.counts[state] += 1

    def reserve(self, keys: int) -> None:
        """Make room for about so many keys at once: growing bit by bit takes longer than filling."""
        slots = int(keys / _PARTS / _FULLEST * _SPREAD)
        for number, part in enumerate(self._parts):
            if slots > part.slots:
                self._grow(number, slots)

    def _find(self, key: bytes) -> tuple[int, bytes]:
        """The slot in which `key` stands, or would: the next free one from its own on. Where it is, and what is in it."""
        start, slots = self._parts[key[0]]
        end = start + slots * _SIZE
        at = start + int.from_bytes(key[1:8], "little") % slots * _SIZE
        while True:
            entries = self._space.read(min(_AT_ONCE * _SIZE, end - at), at)
            for offset in range(0, len(entries), _SIZE):
                # The state is in the last byte of an entry, and none is 0.
                if not entries[offset + _SIZE - 1] or entries.startswith(key, offset):
                    return at + offset, entries[offset : offset + _SIZE]
            at += len(entries)
            if at == end:
                at = start

    def _grow(self, number: int, slots: int) -> None:
        old = self._parts[number]
        before, entries = self._space.read(old.slots * _SIZE, old.start), bytearray(slots * _SIZE)
        for offset in range(0, len(before), _SIZE):
            if before[offset + _SIZE - 1]:
                at = int.from_bytes(before[offset + 1 : offset + 8], "little") % slots * _SIZE
                while entries[at + _SIZE - 1]:
                    at = (at + _SIZE) % len(entries)
                entries[at : at + _SIZE] = before[offset : offset + _SIZE]
        start = self._space.take(len(entries))
        self._space.write(entries, start)
        self._parts[number] = _Part(start, slots)
        self._room[number] += int(slots * _FULLEST) - int(old.slots * _FULLEST)


class _Space:
    """Bytes in a file without a name: zeros where nothing was written. What a part leaves when it grows isn't used again."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._taken = 0
        try:
            file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  closed with the object
        except OSError as exc:
            raise self._failed(exc) from None
        weakref.finalize(self, file.close)
        self._file = file.fileno()

    def take(self, size: int) -> int:
        """Where `size` bytes begin that nobody else has."""
        start = self._taken
        self._taken += size
        try:
            os.truncate(self._file, self._taken)
        except OSError as exc:
            raise self._failed(exc) from None
        return start

    def read(self, size: int, at: int) -> bytes:
        """So many bytes."""
        return os.pread(self._file, size, at)

    def write(self, data: bytes | bytearray, at: int) -> None:
        """All of `data`. Raises SinkFailed when the disk is full."""
        try:
            written = os.pwrite(self._file, data, at)
        except OSError as exc:
            raise self._failed(exc) from None
        if written < len(data):
            self.write(data[written:], at + written)

    def _failed(self, exc: OSError) -> SinkFailed:
        where = self._folder or tempfile.gettempdir()
        return SinkFailed(f"{where}: the table of ids can't be written: {exc.strerror}; nothing more is asked for")

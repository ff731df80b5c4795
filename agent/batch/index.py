"""Which rows a run has: 28 bytes each in tables of our own, because a set of a million Python strings takes 150 MB.

The tables are in a file, so that a run's memory hardly grows with its rows: what was looked at is the system's to keep or to write out.
In memory is a byte of each key, so that a key that isn't there is known not to be, and the file isn't read for it.
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


class State(IntEnum):
    """What is known of a key."""

    IN_HAND = 1
    CARD = 2
    FAILED = 3
    GONE = 4
    """An earlier failure that is none any more."""


_STATES = tuple(State)


class Known(NamedTuple):
    """What is kept for a key: 32 bits of the content, the state, and where the row is (as `Place.pack` has it)."""

    content: int
    state: State
    where: int


class _Part(NamedTuple):
    """Where a part's slots are in the file, and for each a byte of the key in it, 0 while it is free."""

    start: int
    marks: bytearray


class Index:
    """Key (16 bytes) -> what is known of it. Grows in small parts, so that no growth holds an event loop up.

    The file has no name, lies in `folder` (the system's for temporary files when None) and ends with the object.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Raises SinkFailed when `folder` can't be written, as everything does that puts a key."""
        self._space = _Space(folder)
        self._parts = [_Part(self._space.take(_FIRST * _SIZE), bytearray(_FIRST)) for _ in range(_PARTS)]
        self._room = [int(_FIRST * _FULLEST)] * _PARTS
        self.counts = [0] * (len(_STATES) + 1)
        """By state."""

    def __len__(self) -> int:
        return sum(self.counts)

    def get(self, key: bytes) -> Known | None:
        """What is known of `key`."""
        _, entry = self._find(key)
        if entry is None:
            return None
        _, content, packed = _ENTRY.unpack(entry)
        return Known(content, _STATES[(packed >> _STATE_SHIFT) - 1], packed & _WHERE)

    def put(self, key: bytes, known: Known) -> None:
        """Keep `known` for `key`, in place of what was there."""
        self.add(key, known.content, known.state, known.where)

    def add(self, key: bytes, content: int, state: State, where: int) -> None:
        """The same of what a `Known` holds, for who has a million of them."""
        number = key[0]
        if not self._room[number]:
            self._grow(number, int(len(self._parts[number].marks) * _GROWTH))
        slot, entry = self._find(key)
        part = self._parts[number]
        self._space.write(_ENTRY.pack(key, content, (state << _STATE_SHIFT) | where), part.start + slot * _SIZE)
        if entry is None:
            part.marks[slot] = _mark(key)
            self._room[number] -= 1
        else:
            self.counts[entry[-1] >> _STATE_BITS] -= 1
        self.counts[state] += 1

    def reserve(self, keys: int) -> None:
        """Make room for about so many keys at once: growing bit by bit takes longer than filling."""
        slots = int(keys / _PARTS / _FULLEST * _SPREAD)
        for number, part in enumerate(self._parts):
            if slots > len(part.marks):
                self._grow(number, slots)

    def _find(self, key: bytes) -> tuple[int, bytes | None]:
        """The slot in which `key` stands, or would: the next free one from its own on. Its number, and what is in it, None while free."""
        start, marks = self._parts[key[0]]
        slot, mark = _home(key, len(marks)), _mark(key)
        while found := marks[slot]:
            if found == mark and (entry := self._space.read(_SIZE, start + slot * _SIZE)).startswith(key):
                return slot, entry
            slot = (slot + 1) % len(marks)
        return slot, None

    def _grow(self, number: int, slots: int) -> None:
        old, marks, entries = self._parts[number], bytearray(slots), bytearray(slots * _SIZE)
        before = self._space.read(len(old.marks) * _SIZE, old.start)
        for at in range(0, len(before), _SIZE):
            entry = before[at : at + _SIZE]
            if not entry[-1]:  # the state is in the last byte of an entry, and none is 0
                continue
            slot = _home(entry, slots)
            while marks[slot]:
                slot = (slot + 1) % slots
            marks[slot] = _mark(entry)
            entries[slot * _SIZE : (slot + 1) * _SIZE] = entry
        start = self._space.take(len(entries))
        self._space.write(entries, start)
        self._parts[number] = _Part(start, marks)
        self._room[number] += int(slots * _FULLEST) - int(len(old.marks) * _FULLEST)


def _home(key: bytes, slots: int) -> int:
    """The slot from which on a key, or an entry that begins with it, stands."""
    return int.from_bytes(key[1:8], "little") % slots


def _mark(key: bytes) -> int:
    """A byte of the key, but never 0."""
    return key[8] or 1


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

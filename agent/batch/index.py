"""Which rows a run has: 28 bytes each in tables of our own, because a set of a million Python strings takes 150 MB.

The tables are in a file, so that a run's memory hardly grows with its rows: what was looked at is the system's to keep or to write out.
In memory are a byte of each key, so that a key that isn't there is known not to be and the file isn't read for it, and its place.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from enum import IntEnum
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from agent.errors import SinkFailed

_ENTRY = Struct("<16sIQ")
_SIZE = _ENTRY.size
_KEY = 16
_PARTS = 256
_FIRST = 32
_FULLEST = 0.75
_GROWTH = 1.5
_SPREAD = 1.1
"""The fullest part has somewhat more keys than the mean."""
_TAIL = 32
"""Entries of a part that are written together: a call of the system takes longer than all else about one."""
_SHORT = 1 << 16
"""Up to so many entries of a part are counted in two bytes."""
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


class _Part:
    """The entries of the keys with one first byte, in the order in which they came: in the file, the last few still in memory.

    For each of the slots of a hash table: a byte of the key in it, 0 while it is free, and which entry is in it.
    """

    __slots__ = ("_space", "_start", "_tail", "_written", "count", "marks", "places", "room")

    def __init__(self, space: _Space, slots: int) -> None:
        self._space = space
        self._start = 0
        self._written = 0
        self._tail = bytearray()
        self.count = 0
        self.grow(slots)

    def find(self, key: bytes) -> tuple[int, bytes | None]:
        """The slot in which `key` stands, or would: the next free one from its own on. Its number, and what is in it, None while free."""
        marks, mark = self.marks, _mark(key)
        slot = _home(key, len(marks))
        while found := marks[slot]:
            if found == mark and (entry := self._entry(self.places[slot])).startswith(key):
                return slot, entry
            slot = (slot + 1) % len(marks)
        return slot, None

    def add(self, slot: int, entry: bytes) -> None:
        """Keep a key's first entry, in that free slot; there must be room. Raises SinkFailed when the file can't be written."""
        if len(self._tail) >= _TAIL * _SIZE:
            self._write_out()
        self.marks[slot], self.places[slot] = _mark(entry), self.count
        self._tail += entry
        self.count += 1

    def replace(self, slot: int, entry: bytes) -> None:
        """Keep another entry for the key in that slot. Raises SinkFailed when the file can't be written."""
        place = self.places[slot]
        if place < self._written:
            self._space.write(entry, self._start + place * _SIZE)
        else:
            at = (place - self._written) * _SIZE
            self._tail[at : at + _SIZE] = entry

    def grow(self, slots: int) -> None:
        """Have so many slots. Raises SinkFailed when the file can't be written, and is as it was then."""
        entries = self._space.read(self._written * _SIZE, self._start) + self._tail
        room = int(slots * _FULLEST)
        marks, places = bytearray(slots), array("H" if room <= _SHORT else "I", [0]) * slots
        for place in range(self.count):
            key = entries[place * _SIZE : place * _SIZE + _KEY]
            slot = _home(key, slots)
            while marks[slot]:
                slot = (slot + 1) % slots
            marks[slot], places[slot] = _mark(key), place
        start = self._space.take(room * _SIZE)
        self._space.write(entries, start)
        self.room, self.marks, self.places = room, marks, places
        self._start, self._written, self._tail = start, self.count, bytearray()

    def _entry(self, place: int) -> bytes:
        at = (place - self._written) * _SIZE
        return self._space.read(_SIZE, self._start + place * _SIZE) if at < 0 else bytes(self._tail[at : at + _SIZE])

    def _write_out(self) -> None:
        self._space.write(self._tail, self._start + self._written * _SIZE)
        self._written += len(self._tail) // _SIZE
        self._tail = bytearray()


class Index:
    """Key (16 bytes) -> what is known of it. Grows in small parts, so that no growth holds an event loop up.

    The file has no name, lies in `folder` (the system's for temporary files when None) and ends with the object.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Raises SinkFailed when `folder` can't be written, as everything does that puts a key."""
        space = _Space(folder)
        self._parts = [_Part(space, _FIRST) for _ in range(_PARTS)]
        self.counts = [0] * (len(_STATES) + 1)
        """By state."""

    def __len__(self) -> int:
        return sum(self.counts)

    def get(self, key: bytes) -> Known | None:
        """What is known of `key`."""
        _, entry = self._parts[key[0]].find(key)
        if entry is None:
            return None
        _, content, packed = _ENTRY.unpack(entry)
        return Known(content, _STATES[(packed >> _STATE_SHIFT) - 1], packed & _WHERE)

    def put(self, key: bytes, known: Known) -> None:
        """Keep `known` for `key`, in place of what was there."""
        self.add(key, known.content, known.state, known.where)

    def add(self, key: bytes, content: int, state: State, where: int) -> None:
        """The same of what a `Known` holds, for who has a million of them."""
        part = self._parts[key[0]]
        if part.count == part.room:
            part.grow(int(len(part.marks) * _GROWTH))
        slot, before = part.find(key)
        entry = _ENTRY.pack(key, content, (state << _STATE_SHIFT) | where)
        if before is None:
            part.add(slot, entry)
        else:
            part.replace(slot, entry)
            self.counts[before[-1] >> _STATE_BITS] -= 1
        self.counts[state] += 1

    def reserve(self, keys: int) -> None:
        """Make room for about so many keys at once: growing bit by bit takes longer than filling."""
        slots = int(keys / _PARTS / _FULLEST * _SPREAD)
        for part in self._parts:
            if slots > len(part.marks):
                part.grow(slots)


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

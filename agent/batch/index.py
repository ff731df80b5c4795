"""Which rows a run has: 28 bytes each in tables of our own, because a set of a million Python strings takes 150 MB."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import NamedTuple

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


_STATES = (None, *State)


class Known(NamedTuple):
    """What is kept for a key: 32 bits of the content, the state, and where the row is (as `Place.pack` has it)."""

    content: int
    state: State
    where: int


class Index:
    """Key (16 bytes) -> what is known of it. Grows in small parts, so that no growth holds an event loop up."""

    def __init__(self) -> None:
        self._parts = [bytearray(_FIRST * _SIZE) for _ in range(_PARTS)]
        self._room = [int(_FIRST * _FULLEST)] * _PARTS
        self.counts = [0] * len(_STATES)
        """By state."""

    def __len__(self) -> int:
        return sum(self.counts)

    def get(self, key: bytes) -> Known | None:
        """What is known of `key`."""
        part = self._parts[key[0]]
        _, content, packed = _ENTRY.unpack_from(part, _slot(part, key))
        state = _STATES[packed >> _STATE_SHIFT]
        return None if state is None else Known(content, state, packed & _WHERE)

    def put(self, key: bytes, known: Known) -> None:
        """Keep `known` for `key`, in place of what was there."""
        self.add(key, known.content, known.state, known.where)

    def add(self, key: bytes, content: int, state: State, where: int) -> None:
        """The same of what a `Known` holds, for who has a million of them."""
        number = key[0]
        if not self._room[number]:
            self._grow(number, int(len(self._parts[number]) / _SIZE * _GROWTH))
        part = self._parts[number]
        at = _slot(part, key)
        if before := part[at + _SIZE - 1]:
            self.counts[before >> _STATE_BITS] -= 1
        else:
            self._room[number] -= 1
        self.counts[state] += 1
        _ENTRY.pack_into(part, at, key, content, (state << _STATE_SHIFT) | where)

    def reserve(self, keys: int) -> None:
        """Make room for about so many keys at once: growing bit by bit takes longer than filling."""
        slots = int(keys / _PARTS / _FULLEST * _SPREAD)
        for number, part in enumerate(self._parts):
            if slots > len(part) // _SIZE:
                self._grow(number, slots)

    def _grow(self, number: int, slots: int) -> None:
        old = self._parts[number]
        part = bytearray(slots * _SIZE)
        for start in range(0, len(old), _SIZE):
            if old[start + _SIZE - 1]:
                entry = old[start : start + _SIZE]
                at = _slot(part, bytes(entry[:16]))
                part[at : at + _SIZE] = entry
        self._parts[number] = part
        self._room[number] += int(slots * _FULLEST) - int(len(old) / _SIZE * _FULLEST)


def _slot(part: bytearray, key: bytes) -> int:
    """Where `key` stands in its part, or would: the next free slot from its own on."""
    slots = len(part) // _SIZE
    at = int.from_bytes(key[1:8], "little") % slots * _SIZE
    # The state is in the last byte of an entry, and none is 0; looking at bytes where they are takes half the time of unpacking them.
    while part[at + _SIZE - 1] and not part.startswith(key, at):
        at = (at + _SIZE) % len(part)
    return at

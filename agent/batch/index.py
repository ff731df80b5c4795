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
_STATE_SHIFT = 60


class State(IntEnum):
    """What is known of a key."""

    IN_HAND = 1
    CARD = 2
    FAILED = 3
    GONE = 4
    """An earlier failure that is none any more."""


class Known(NamedTuple):
    """What is kept for a key: 32 bits of the content, the state, and where the row is (as `Place.pack` has it)."""

    content: int
    state: State
    where: int


class Index:
    """Key (16 bytes) -> what is known of it. Grows in small parts, so that no growth holds an event loop up."""

    def __init__(self) -> None:
        self._parts = [bytearray(_FIRST * _SIZE) for _ in range(_PARTS)]
        self._used = [0] * _PARTS
        self.counts = dict.fromkeys(State, 0)

    def __len__(self) -> int:
        return sum(self._used)

    def get(self, key: bytes) -> Known | None:
        """What is known of `key`."""
        part = self._parts[key[0]]
        found, content, packed = _ENTRY.unpack_from(part, _slot(part, key))
        return Known(content, State(packed >> _STATE_SHIFT), packed & ((1 << _STATE_SHIFT) - 1)) if found == key and packed else None

    def put(self, key: bytes, known: Known) -> None:
        """Keep `known` for `key`, in place of what was there."""
        number = key[0]
        if self._used[number] * _SIZE >= _FULLEST * len(self._parts[number]):
            self._grow(number)
        part = self._parts[number]
        at = _slot(part, key)
        _, _, before = _ENTRY.unpack_from(part, at)
        if before:
            self.counts[State(before >> _STATE_SHIFT)] -= 1
        else:
            self._used[number] += 1
        self.counts[known.state] += 1
        _ENTRY.pack_into(part, at, key, known.content, (known.state << _STATE_SHIFT) | known.where)

    def _grow(self, number: int) -> None:
        old = self._parts[number]
        part = bytearray(int(len(old) / _SIZE * _GROWTH) * _SIZE)
        for key, content, packed in _ENTRY.iter_unpack(old):
            if packed:
                _ENTRY.pack_into(part, _slot(part, key), key, content, packed)
        self._parts[number] = part


def _slot(part: bytearray, key: bytes) -> int:
    """Where `key` stands in its part, or would: the next free slot from its own on."""
    slots = len(part) // _SIZE
    at = int.from_bytes(key[1:8], "little") % slots * _SIZE
    # The state is in the last byte of an entry, and none is 0; looking at bytes where they are takes half the time of unpacking them.
    while part[at + _SIZE - 1] and not part.startswith(key, at):
        at = (at + _SIZE) % len(part)
    return at

"""The trained part of the engine: a weight of each feature for each of three labels, hashed, as whole numbers.

Sums of whole numbers don't depend on their order, so the same article gets the same label on every machine and every Python.
What they were trained on, and under which licences, stands in sentiment.NOTICE beside them; no word of it can be read from them.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

MAGIC = b"newscard sentiment weights 1"
UNIT = 64
"""A score of this much is a factor of e between two labels' odds."""
LANE = 21
MOST = (1 << LANE - 1) // 128
"""So many weights fit into a lane; a sentence has fewer than half as many features."""
KEPT = 1 << 15
"""Features whose weights are kept at hand."""
FALLING = 12
"""Beyond so many units behind the best a label has no chance."""


class Scores(NamedTuple):
    """What speaks for each label, in units of 1/UNIT. Only their differences mean anything."""

    negative: int
    neutral: int
    positive: int


@dataclass(frozen=True)
class Weights:
    """`tables`: for each label 2**bits weights (-127..127), those of a feature at its hash; `scale`: what one is worth, in 1/UNIT."""

    bits: int
    scale: int
    tables: tuple[array[int], array[int], array[int]]

    @classmethod
    def from_bytes(cls, data: bytes) -> Weights:
        """Read what `to_bytes` wrote. Raises ValueError when it is something else."""
        head, _, body = data.partition(b"\n")
        magic, *numbers = head.split(b"\t")
        if magic != MAGIC or len(numbers) != 2 or len(body) != 3 << int(numbers[0]):  # noqa: PLR2004  bits and scale
            raise ValueError("not newscard's sentiment weights")
        size = 1 << int(numbers[0])
        negative, neutral, positive = (array("b", body[at * size : (at + 1) * size]) for at in range(3))
        return cls(int(numbers[0]), int(numbers[1]), (negative, neutral, positive))

    def to_bytes(self) -> bytes:
        """A line that says what it is, then the tables."""
        head = b"\t".join((MAGIC, str(self.bits).encode(), str(self.scale).encode()))
        return head + b"\n" + b"".join(table.tobytes() for table in self.tables)

    def places(self, features: Iterable[str]) -> list[int]:
        """Where the tables have each feature's weights."""
        mask = (1 << self.bits) - 1
        return [crc32(feature.encode()) & mask for feature in features]

    def scores(self, features: Sequence[str]) -> Scores:
        """The sums of the features' weights; of up to MOST features."""
        total = sum(map(self._rows.__getitem__, features))
        negative = _signed(total)
        neutral = _signed(total - negative >> LANE)
        positive = (total - negative >> LANE) - neutral >> LANE
        return Scores(self.scale * negative, self.scale * neutral, self.scale * positive)

    def leanings(self, features: Sequence[str]) -> Iterator[tuple[str, int]]:
        """Each feature, and how much more it speaks for positive than for negative, in 1/UNIT."""
        negative, _, positive = self.tables
        return (
            (feature, self.scale * (positive[place] - negative[place]))
            for feature, place in zip(features, self.places(features), strict=True)
        )

    @cached_property
    def _rows(self) -> _Rows:
        return _Rows(self)


class _Rows(dict[str, int]):
    """Feature -> its three weights in one whole number, a lane of LANE bits each, so that one sum adds up all three.

    Of an article's features most come again, with each entity and each sentence.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._mask = (1 << weights.bits) - 1
        self._negative, self._neutral, self._positive = weights.tables

    def __missing__(self, feature: str) -> int:
        place = crc32(feature.encode()) & self._mask
        row = self._negative[place] + (self._neutral[place] << LANE) + (self._positive[place] << 2 * LANE)
        if len(self) >= KEPT:
            self.clear()
        self[feature] = row
        return row


def _signed(total: int) -> int:
    """The lowest lane of a sum, which may be below zero."""
    half = 1 << LANE - 1
    return (total + half & (1 << LANE) - 1) - half


def chances(scores: Scores) -> tuple[float, float, float]:
    """Each label's chance (0..1), together 1."""
    best, fall = max(scores), _fall()
    parts = [fall[min(best - score, len(fall) - 1)] for score in scores]
    negative, neutral, positive = (part / sum(parts) for part in parts)
    return negative, neutral, positive


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The packaged weights."""
    return Weights.from_bytes(_packaged())


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """sha256 (64 hex digits) of the packaged weights: an ingredient of the cache's key."""
    return hashlib.sha256(_packaged()).hexdigest()


def _packaged() -> bytes:
    return files("agent.engines.extractive").joinpath("sentiment.weights").read_bytes()


@lru_cache(maxsize=1)
def _fall() -> Sequence[int]:
    """A million times e^-x for x in steps of 1/UNIT, rounded, so that no library's last digit counts."""
    from math import exp

    return [round(1_000_000 * exp(-step / UNIT)) for step in range(FALLING * UNIT)]

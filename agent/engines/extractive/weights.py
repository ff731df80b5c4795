"""The trained part of the engine: a weight of each feature for each of three labels, hashed, as whole numbers.

Sums of whole numbers don't depend on their order, so the same article gets the same label on every machine and every Python.
What they were trained on, and under which licences, stands in sentiment.NOTICE beside them; no word of it can be read from them.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

MAGIC = b"newscard sentiment weights 1"
UNIT = 64
"""A score of this much is a factor of e between two labels' odds."""
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
        return [_hash(feature) & mask for feature in features]

    def scores(self, places: Sequence[int]) -> Scores:
        """The sums of the weights at `places`."""
        negative, neutral, positive = (self.scale * sum(map(table.__getitem__, places)) for table in self.tables)
        return Scores(negative, neutral, positive)

    def leanings(self, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        """How much more each feature speaks for positive than for negative, in 1/UNIT, with its index in `places`."""
        negative, _, positive = self.tables
        return ((at, self.scale * (positive[place] - negative[place])) for at, place in enumerate(places))


@lru_cache(maxsize=1 << 15)
def _hash(feature: str) -> int:
    """Of an article's features most come again, with each entity and each sentence."""
    return crc32(feature.encode())


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

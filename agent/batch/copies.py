"""Near copies: texts that share most of their runs of five words, found by MinHash without comparing every pair.

Signatures come from datasketch. How bands find candidates: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

PERMUTATIONS = 128
SHINGLE_WORDS = 5
_RECALL = 0.97
"""The share of pairs exactly at the threshold that the bands must find."""


@dataclass(frozen=True, slots=True)
class Bands:
    """How a signature of 128 values is cut: `count` bands of `rows` values each."""

    count: int
    rows: int

    def found(self, similarity: float) -> float:
        """The probability that two texts of that Jaccard similarity (0..1) share a band."""
        return 1 - (1 - similarity**self.rows) ** self.count


def bands_for(threshold: float) -> Bands:
    """The fewest, longest bands that still find 97% of the pairs at `threshold` (0..1): fewer chance candidates, smaller index."""
    cuts = [Bands(PERMUTATIONS // rows, rows) for rows in (32, 16, 8, 4, 2, 1)]
    return next(cut for cut in cuts if cut.rows == 1 or cut.found(threshold) >= _RECALL)


def signature(words: bytes) -> bytes:
    """The MinHash signature of a core's words: 128 unsigned 32-bit numbers, 512 bytes, the same on every machine."""
    import numpy as np
    from datasketch import MinHash

    split = words.split()
    count = max(len(split) - SHINGLE_WORDS + 1, 1)
    shingles = {b" ".join(split[at : at + SHINGLE_WORDS]) for at in range(count)}
    minhash = MinHash(num_perm=PERMUTATIONS)
    minhash.update_batch(shingles)
    return bytes(minhash.hashvalues.astype(np.uint32).tobytes())


def similarity(one: bytes, other: bytes) -> float:
    """The share of values that two signatures have in common: an estimate of Jaccard similarity, standard error at most 0.045."""
    import numpy as np

    return float(np.mean(np.frombuffer(one, np.uint32) == np.frombuffer(other, np.uint32)))


def band_keys(found: bytes, cut: Bands) -> list[int]:
    """One 63-bit number a band; texts that share one are candidates."""
    size = 4 * cut.rows
    return [_key(number, found[number * size : (number + 1) * size]) for number in range(cut.count)]


def _key(number: int, band: bytes) -> int:
    digest = hashlib.blake2b(band, digest_size=8, salt=number.to_bytes(2)).digest()
    return int.from_bytes(digest) >> 1

"""How central each sentence is to a text: PageRank over the words that sentences share.

R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004: two sentences are tied by the number of words they share,
divided by the sum of the logarithms of their lengths; damping 0.85.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Sequence
from operator import mul

DAMPING = 17, 20
"""0.85, as a fraction."""
ROUNDS = 8
"""Enough for the order to stand; the error shrinks by DAMPING each round."""

# Ranks are whole numbers in units of 2**-40 and ties in units of 2**-32: sums of whole numbers are the same in every order and on every
# Python. A sentence's ties are one long number with a lane of 128 bits for each other sentence, so that one multiplication passes on its
# rank to all of them.
_RANK, _TIE = 1 << 40, 1 << 32
_LANE_BYTES = 16


def textrank(sentences: Sequence[Collection[str]]) -> list[float]:
    """Each sentence's rank, 1 on average, of sentences given as their content words. Time grows with the pairs of sentences."""
    ties = _ties(sentences)
    strength = [sum(tied) or 1 for tied in ties]
    rows = [_lanes(tied) for tied in ties]
    kept, whole = DAMPING
    ranks = [_RANK] * len(ties)
    for _ in range(ROUNDS):
        # What a tie of one unit passes on, in units so small that the upper half of a lane is the sum in units of a rank.
        passed = [-(-(rank << 64) // all_ties) for rank, all_ties in zip(ranks, strength, strict=True)]
        given = array("Q", sum(map(mul, passed, rows)).to_bytes(_LANE_BYTES * len(rows), "little"))[1::2]
        ranks = [((whole - kept) * _RANK + kept * rank) // whole for rank in given]
    return [rank / _RANK for rank in ranks]


def _lanes(tied: Sequence[int]) -> int:
    lanes = array("Q", bytes(_LANE_BYTES * len(tied)))
    lanes[::2] = array("Q", tied)
    return int.from_bytes(lanes.tobytes(), "little")


def _ties(sentences: Sequence[Collection[str]]) -> list[list[int]]:
    """How strongly each sentence is tied to each; 0 where they share no word, and to itself."""
    bits = {word: 1 << at for at, word in enumerate(frozenset().union(*sentences))}
    words = [sum([bits[word] for word in frozenset(sentence)]) for sentence in sentences]
    size = [math.log(1 + len(sentence)) for sentence in sentences]
    ties = [[0] * len(words) for _ in words]
    for at, (mine, own) in enumerate(zip(words, size, strict=True)):
        for other in range(at):
            shared = mine & words[other]
            if shared:
                ties[at][other] = ties[other][at] = int(_TIE * shared.bit_count() / (own + size[other]))
    return ties

"""How central each sentence is to a text: PageRank over the words that sentences share.

R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004: two sentences are tied by the number of words they share,
divided by the sum of the logarithms of their lengths; damping 0.85.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence

DAMPING = 0.85
ROUNDS = 8
"""Enough for the order to stand; the error shrinks by DAMPING each round."""


def textrank(sentences: Sequence[Collection[str]]) -> list[float]:
    """Each sentence's rank, 1 on average, of sentences given as their content words. Time grows with the pairs that share some."""
    ties = _ties(sentences)
    strength = [sum(tied.values()) for tied in ties]
    shares = [[(other, weight / strength[at]) for other, weight in tied.items()] for at, tied in enumerate(ties)]
    ranks = [1.0] * len(sentences)
    for _ in range(ROUNDS):
        given = [0.0] * len(sentences)
        for at, tied in enumerate(shares):
            rank = ranks[at]
            for other, share in tied:
                given[other] += rank * share
        ranks = [1 - DAMPING + DAMPING * found for found in given]
    return ranks


def _ties(sentences: Sequence[Collection[str]]) -> list[dict[int, float]]:
    """For each sentence, the others that share words with it, and how strongly."""
    holding: dict[str, list[int]] = defaultdict(list)
    shared: list[dict[int, float]] = [defaultdict(float) for _ in sentences]
    for at, words in enumerate(sentences):
        for word in words:
            for other in holding[word]:
                shared[at][other] += 1.0
            holding[word].append(at)
    size = [math.log(1 + len(words)) for words in sentences]
    for at, tied in enumerate(shared):
        for other, count in list(tied.items()):
            if other < at:
                tied[other] = shared[other][at] = count / (size[at] + size[other])
    return [dict(tied) for tied in shared]

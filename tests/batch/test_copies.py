"""Near copies by MinHash."""

from __future__ import annotations

import random

import pytest

from agent.batch.copies import PERMUTATIONS, band_keys, bands_for, signature, similarity

WORDS = [f"w{number}".encode() for number in range(5_000)]


def text(seed: int, changed: int = 0) -> bytes:
    """400 random words, the last `changed` of them others."""
    words = random.Random(seed).choices(WORDS, k=400)
    tail = random.Random(seed + 10_000).choices(WORDS, k=changed)
    return b" ".join(words[: 400 - changed] + tail)


def jaccard(one: bytes, other: bytes) -> float:
    """The true one."""

    def runs(words: bytes) -> set[bytes]:
        split = words.split()
        return {b" ".join(split[at : at + 5]) for at in range(len(split) - 4)}

    return len(runs(one) & runs(other)) / len(runs(one) | runs(other))


@pytest.mark.parametrize("changed", [0, 20, 60, 150, 400])
def test_signatures_estimate_jaccard_similarity(changed: int) -> None:
    """Within three standard errors."""
    one, other = text(1), text(1, changed)
    assert abs(similarity(signature(one), signature(other)) - jaccard(one, other)) <= 3 * 0.045


def test_a_signature_is_512_bytes_and_always_the_same() -> None:
    """Another process must find what this one kept."""
    assert len(signature(text(2))) == 4 * PERMUTATIONS
    assert signature(b"a b c d e f").hex()[:16] == "bc6cbe09508e6916"


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_find_97_percent_of_pairs_at_the_threshold(threshold: float) -> None:
    """And use all the values they can."""
    cut = bands_for(threshold)
    assert cut.count * cut.rows == PERMUTATIONS
    assert cut.found(threshold) >= 0.97 or cut.rows == 1


def test_copies_share_a_band_and_strangers_do_not() -> None:
    """At a threshold of 0.8."""
    cut = bands_for(0.8)
    keys = {seed: set(band_keys(signature(text(seed)), cut)) for seed in range(20)}
    copies = {seed: set(band_keys(signature(text(seed, 10)), cut)) for seed in range(20)}
    assert all(keys[seed] & copies[seed] for seed in keys)
    assert not any(keys[one] & keys[other] for one in keys for other in keys if one != other)


def test_a_text_of_few_words_has_a_signature() -> None:
    """Fewer words than a run has."""
    assert len(signature(b"two words")) == 4 * PERMUTATIONS
    assert len(signature(b"")) == 4 * PERMUTATIONS

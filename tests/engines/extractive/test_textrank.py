"""Centrality of sentences."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from agent.engines.extractive.textrank import textrank

TEXTS = st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=5), max_size=12)


def test_a_sentence_that_shares_words_with_all_is_central() -> None:
    """The hub has the highest rank, a sentence of other words the lowest."""
    ranks = textrank([{"profit", "rose"}, {"profit", "sales", "costs"}, {"sales", "fell"}, {"costs", "grew"}, {"weather"}])
    assert ranks.index(max(ranks)) == 1
    assert ranks.index(min(ranks)) == 4


def test_the_tie_is_the_published_one() -> None:
    """Of two sentences that share words only with each other both have rank 1."""
    assert textrank([{"a", "b"}, {"a", "c"}]) == [1.0, 1.0]


@given(TEXTS)
def test_ranks_are_at_least_what_damping_leaves_and_their_sum_doesnt_grow(sentences: list[frozenset[str]]) -> None:
    """Each has its own share of 0.15 at least; rank is passed on, never made."""
    ranks = textrank(sentences)
    assert all(rank > 0.149 for rank in ranks)
    assert math.fsum(ranks) <= len(sentences) + 1e-9


def test_no_sentences_have_no_ranks() -> None:
    """Nothing in, nothing out."""
    assert textrank([]) == []

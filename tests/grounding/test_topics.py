"""Topics: the taxonomy's names and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.topics import NOT_IN_TAXONOMY, TOO_MANY, ground_topics
from agent.taxonomy import load_taxonomy

NAMES = load_taxonomy().topic_names


def test_topics_of_the_taxonomy_are_kept_in_the_drafts_order() -> None:
    """Names that are right stay as they are and where they are."""
    assert ground_topics(["Insurance", "Inflation"], load_taxonomy()) == (("Insurance", "Inflation"), [])


@pytest.mark.parametrize("written", ["m&a & restructuring", "M&A  &  Restructuring ", "M and A and Restructuring", "M&A AND RESTRUCTURING"])
def test_case_and_white_space_are_put_right(written: str) -> None:
    """A name spelt another way comes out as the taxonomy spells it."""
    assert ground_topics([written], load_taxonomy())[0] == ("M&A & Restructuring",)


def test_an_unknown_topic_is_dropped_and_listed() -> None:
    """What isn't in the taxonomy is no topic, and the finding says where it stood."""
    kept, dropped = ground_topics(["Inflation", "Gossip"], load_taxonomy())
    assert kept == ("Inflation",)
    assert [(d.where, d.claim, d.reason) for d in dropped] == [("topics[1]", "Gossip", NOT_IN_TAXONOMY)]


def test_the_seventh_topic_is_dropped_and_listed() -> None:
    """At most six topics are published, the first ones."""
    kept, dropped = ground_topics(NAMES[:7], load_taxonomy())
    assert kept == NAMES[:6]
    assert [(d.where, d.reason) for d in dropped] == [("topics[6]", TOO_MANY)]


def test_a_topic_named_twice_is_one_topic() -> None:
    """Repeats are no fault worth listing."""
    assert ground_topics(["Inflation", "inflation"], load_taxonomy()) == (("Inflation",), [])


@given(st.lists(st.sampled_from(NAMES).map(str.upper) | st.text(max_size=12), max_size=18))
def test_what_is_kept_is_kept_again(drafted: list[str]) -> None:
    """Whatever was drafted, the kept ones are distinct names of the taxonomy, and grounding them changes nothing."""
    kept, _ = ground_topics(drafted, load_taxonomy())
    assert set(kept) <= set(NAMES)
    assert len(set(kept)) == len(kept) <= 6
    assert ground_topics(kept, load_taxonomy()) == (kept, [])

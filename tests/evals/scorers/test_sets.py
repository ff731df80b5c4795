"""Sets on a card against must and may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scorers.sets import compared, recalled

members = st.sets(st.sampled_from("abcdefg"), max_size=7)


@given(members, members, members)
def test_a_score_is_a_share(said: set[str], must: set[str], may: set[str]) -> None:
    """F1 and recall lie in 0..1, and F1 is 1 exactly where nothing is missing and nothing beyond may."""
    score = compared(said, must, may)
    assert score.value is not None
    assert 0 <= score.value <= 1
    assert (score.value == 1) == (must <= said <= must | may)
    recall = recalled(score).value
    assert recall is None if not must else recall is not None and 0 <= recall <= 1


@given(members, members, members, members)
def test_what_may_be_there_never_changes_a_score(said: set[str], must: set[str], may: set[str], more: set[str]) -> None:
    """With or without it on the card, value and counts are the same."""
    free = may - must
    assert compared(said | (free & more), must, may) == compared(said - free, must, may) == compared(said, must, may)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")), st.randoms())
def test_order_and_repeats_are_no_matter(said: list[str], must: list[str], random: object) -> None:
    """Sets are compared, not lists."""
    shuffled = sorted(said + said, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis's Random
    assert compared(shuffled, must) == compared(said, must)


def test_counts_name_the_members() -> None:
    """For the report and for macro means."""
    score = compared(["a", "x"], ["a", "b"], ["y"])
    assert score.value == pytest.approx(0.5)
    assert {key: score.counts[key] for key in ("hit", "extra", "missed")} == {"hit": "a", "extra": "x", "missed": "b"}

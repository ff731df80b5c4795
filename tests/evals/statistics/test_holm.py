"""Holm's correction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics.holm import holm

p_values = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.floats(0, 1), max_size=12)


def test_an_example_by_hand() -> None:
    """0.01 x 4, then 0.02 x 3, then 0.03 x 2 and 0.04 x 1, which may not fall below the one before."""
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.02})
    assert found == pytest.approx({"a": 0.04, "d": 0.06, "c": 0.06, "b": 0.06})


def test_one_metric_needs_no_correction() -> None:
    """A family of one."""
    assert holm({"a": 0.04}) == {"a": 0.04}


@given(p_values)
def test_no_p_value_falls_and_none_gains_more_than_bonferroni_takes(given_ones: dict[str, float]) -> None:
    """Between p and p times the family's size, at most 1."""
    found = holm(given_ones)
    assert found.keys() == given_ones.keys()
    assert all(p <= found[name] <= min(1.0, p * len(given_ones)) for name, p in given_ones.items())


@given(p_values)
def test_the_order_of_the_p_values_stays(given_ones: dict[str, float]) -> None:
    """A smaller one is never adjusted past a larger one."""
    adjusted = [holm(given_ones)[name] for name in sorted(given_ones, key=lambda name: given_ones[name])]
    assert adjusted == sorted(adjusted)

"""The trained weights: what they are, and that they say the same everywhere."""

from __future__ import annotations

from array import array
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.engines.extractive.weights import MOST, Scores, Weights, chances, weights, weights_digest

DIGEST = "b46217eadd886fb963deb1674ad15604609e45164451c5793e3783ae44662dab"


def small() -> Weights:
    """Weights of eight features."""
    return Weights(3, 2, (array("b", range(8)), array("b", [0] * 8), array("b", range(0, -8, -1))))


def test_the_packaged_weights_are_the_ones_that_were_measured() -> None:
    """Whoever trains anew changes this digest, and the table of docs/extractive.md with it."""
    assert weights_digest() == DIGEST


def test_the_packaged_weights_are_small_and_hold_no_text() -> None:
    """Under 2 MB: one line that says what they are, and numbers; their licences lie beside them."""
    data = files("agent.engines.extractive").joinpath("sentiment.weights").read_bytes()
    assert len(data) < 2_000_000
    assert data.partition(b"\n")[0] == b"newscard sentiment weights 1\t17\t%d" % weights().scale
    assert "ODC Attribution" in files("agent.engines.extractive").joinpath("sentiment.NOTICE").read_text("utf-8")


def test_weights_come_back_as_they_were_written() -> None:
    """Writing and reading change nothing."""
    assert Weights.from_bytes(small().to_bytes()) == small()


@pytest.mark.parametrize("data", [b"", b"text", small().to_bytes()[:-1], b"other\t3\t2\n" + bytes(24)])
def test_another_file_is_refused(data: bytes) -> None:
    """A file that isn't whole, or is something else, isn't taken for weights."""
    with pytest.raises(ValueError, match="not newscard's sentiment weights"):
        Weights.from_bytes(data)


@given(st.lists(st.text(max_size=12), max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_features_changes_nothing(features: list[str], rng: object) -> None:
    """Scores are sums of whole numbers."""
    shuffled = sorted(features, key=lambda _: rng.random())  # type: ignore[attr-defined]  # hypothesis draws a random.Random
    table = weights()
    assert table.scores(features) == table.scores(shuffled)


@given(st.lists(st.text(max_size=12), max_size=40))
def test_scores_are_the_sums_of_each_labels_weights(features: list[str]) -> None:
    """Whatever is made of the three at once, below zero and above."""
    table = weights()
    places = table.places(features)
    assert table.scores(features) == tuple(table.scale * sum(label[place] for place in places) for label in table.tables)


@pytest.mark.parametrize("weight", [-128, 127])
def test_as_many_features_as_allowed_keep_the_labels_apart(weight: int) -> None:
    """The three sums share one number, and none runs over into the next."""
    table = Weights(1, 1, (array("b", [weight] * 2), array("b", [0] * 2), array("b", [weight] * 2)))
    assert table.scores(["feature"] * MOST) == Scores(weight * MOST, 0, weight * MOST)


@given(st.tuples(*[st.integers(-5_000, 5_000)] * 3))
def test_chances_follow_scores(scores: tuple[int, int, int]) -> None:
    """They add up to 1, and who has the higher score has no lower chance."""
    found = chances(Scores(*scores))
    assert sum(found) == pytest.approx(1)
    assert sorted(found) == [chance for _, chance in sorted(zip(scores, found, strict=True))]

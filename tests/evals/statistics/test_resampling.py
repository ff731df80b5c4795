"""Clusters are drawn whole, and the same way again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evals.aggregates import mean
from evals.scores import Score
from evals.statistics.resampling import Resampling, replicates

CLUSTERS = ["a", "b", "a", "c", "b", "d"]
FEW = Resampling(draws=200)


def slow_mean(scores: Sequence[Score]) -> float | None:
    """An aggregate that knows nothing of many draws at once."""
    values = [score.value for score in scores if score.value is not None]
    return sum(values) / len(values) if values else None


@given(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=20))
def test_a_cluster_is_drawn_with_all_its_cells(clusters: list[str]) -> None:
    """Cells of one cluster are in each draw equally often, and as many clusters are drawn as there are."""
    weights = FEW.weights(clusters)
    first = {cluster: clusters.index(cluster) for cluster in clusters}
    assert all((weights[:, place] == weights[:, first[cluster]]).all() for place, cluster in enumerate(clusters))
    assert (weights[:, sorted(first.values())].sum(axis=1) == len(first)).all()


def test_the_same_seed_draws_the_same_and_another_something_else() -> None:
    """To the last count."""
    again = Resampling(draws=200).weights(CLUSTERS)
    assert (FEW.weights(CLUSTERS) == again).all()
    assert (FEW.weights(CLUSTERS) != Resampling(draws=200, seed=1).weights(CLUSTERS)).any()


def test_the_same_clusters_are_drawn_whatever_cells_they_hold() -> None:
    """A run with three repeats is drawn as one with one, which is what makes comparisons paired."""
    once, thrice = FEW.weights(["a", "b", "c"]), FEW.weights(["a", "a", "a", "b", "b", "b", "c", "c", "c"])
    assert (once == thrice[:, ::3]).all()


def test_draws_that_are_kept_for_the_next_metric_cannot_be_written_to() -> None:
    """An aggregate that scaled them in place would spoil the others."""
    assert not FEW.weights(CLUSTERS).flags.writeable


def test_an_aggregate_that_knows_one_draw_only_gives_the_same_figures() -> None:
    """It is called once a draw, with a score as often as it was drawn."""
    scores = [Score(value) for value in (0.0, 1.0, 0.5, 0.25, 1.0, 0.75)]
    weights = FEW.weights(CLUSTERS)
    assert np.allclose(replicates(slow_mean, scores, weights), replicates(mean(), scores, weights))


def test_a_draw_without_a_figure_is_nan() -> None:
    """The aggregate said None."""
    assert np.isnan(replicates(lambda _: None, [Score(1.0)], FEW.weights(["a"]))).all()

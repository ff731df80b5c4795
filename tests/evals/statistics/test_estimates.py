"""A figure and how far it may be off."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.stats import bootstrap

from evals.aggregates import mean
from evals.statistics import Cell, Estimate, Resampling, estimate
from evals.statistics.estimates import percentiles
from tests.evals.statistics.made import cells

DRAWS = Resampling()


def width(found: Estimate) -> float:
    """From low to high."""
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def test_the_interval_is_scipys_where_every_article_is_a_cluster() -> None:
    """The percentile bootstrap of the mean, but for the draws."""
    values = np.random.default_rng(5).random(120)
    theirs = bootstrap((values,), np.mean, n_resamples=20_000, method="percentile", rng=1).confidence_interval
    ours = estimate(mean(), cells(values.tolist()), DRAWS)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.006)


def test_articles_of_one_story_say_less_than_as_many_stories() -> None:
    """Four equal copies of each of 30 values: the interval is that of the 30, twice as wide as that of 120 independent ones."""
    values = [float(value) for value in np.random.default_rng(5).random(30) for _ in range(4)]
    whole, apart = estimate(mean(), cells(values, per_cluster=4), DRAWS), estimate(mean(), cells(values), DRAWS)
    assert width(whole) == pytest.approx(2 * width(apart), rel=0.15)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Of 200 samples of 100 coins that fall right 7 times in 10, about 95 in 100 intervals hold 0.7."""
    rng = random.Random(3)
    few = Resampling(draws=500)
    found = [estimate(mean(), cells([float(rng.random() < 0.7) for _ in range(100)]), few) for _ in range(200)]
    assert 0.90 <= np.mean([one.low <= 0.7 <= one.high for one in found if one.low is not None and one.high is not None]) <= 0.99


@pytest.mark.parametrize(("clusters", "right"), [(20, 0.8), (20, 0.95), (20, 0.99), (45, 0.95), (120, 0.99)])
def test_the_interval_of_a_share_near_1_holds_the_truth_too(clusters: int, right: float) -> None:
    """Of 200 samples about 95 in 100; percentiles hold it as seldom as once in five, since no draw has what the sample hasn't."""
    rng = random.Random(5)
    few = Resampling(draws=300)
    samples = [cells([float(rng.random() < right) for _ in range(clusters)]) for _ in range(200)]
    found = [estimate(mean(), sample, few, share=True) for sample in samples]
    assert np.mean([one.low <= right <= one.high for one in found if one.low is not None and one.high is not None]) >= 0.92


def test_a_share_of_everything_isnt_sure_to_be_everything() -> None:
    """Of twenty articles all right: as many as one in six may be wrong. Articles of one story count once."""
    every, stories = (
        estimate(mean(), cells([1.0] * 20), DRAWS, share=True),
        estimate(mean(), cells([1.0] * 20, per_cluster=2), DRAWS, share=True),
    )
    assert (every.value, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(20 / (20 + 2.093**2), abs=1e-4)
    assert stories.low == pytest.approx(10 / (10 + 2.262**2), abs=1e-4)


def test_the_interval_of_a_share_in_the_middle_is_that_of_percentiles() -> None:
    """There both are right; of values that spread less than right and wrong do, too."""
    values = np.random.default_rng(5).random(120).tolist()
    plain, share = estimate(mean(), cells(values), DRAWS), estimate(mean(), cells(values), DRAWS, share=True)
    assert (share.low, share.high) == pytest.approx((plain.low, plain.high), abs=0.006)


def test_unscored_cards_are_counted_apart_and_never_zero() -> None:
    """They are in no figure."""
    found = estimate(mean(), cells([1.0, None, 1.0, None, None]), DRAWS)
    assert (found.value, found.low, found.high, found.scored, found.unscored) == (1.0, 1.0, 1.0, 2, 3)


def test_without_a_scored_card_there_is_no_figure() -> None:
    """None, not zero."""
    assert estimate(mean(), cells([None, None]), DRAWS) == Estimate(None, None, None, 0, 2)


def test_one_cluster_has_a_figure_and_no_interval() -> None:
    """There is nothing to draw from."""
    assert estimate(mean(), cells([0.0, 1.0], per_cluster=2), DRAWS) == Estimate(0.5, None, None, 2, 0)


def test_the_order_of_the_cells_changes_nothing() -> None:
    """Clusters are drawn by name."""
    given: list[Cell] = cells([0.0, 1.0, 0.5, 0.25, 0.75])
    forth, back = estimate(mean(), given, DRAWS), estimate(mean(), given[::-1], DRAWS)
    assert (forth.low, forth.high) == pytest.approx((back.low, back.high))


def test_draws_without_a_figure_are_left_out_of_the_bounds() -> None:
    """When none has one, there are no bounds."""
    assert percentiles(np.array([np.nan, 1.0, 1.0]), 0.05) == (1.0, 1.0)
    assert percentiles(np.array([np.nan]), 0.05) == (None, None)

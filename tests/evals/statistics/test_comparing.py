"""Better, worse, or undecided."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.aggregates import mean
from evals.scores import Metric, Score
from evals.statistics import Cell, Comparison, Resampling, compare
from evals.statistics.comparing import MIN_CLUSTERS, smallest_visible, two_sided
from tests.evals.statistics.made import cells, metric

DRAWS = Resampling()
GOOD = [1.0] * 70 + [0.0] * 30
BAD = [1.0] * 50 + [0.0] * 50


def one(a: Sequence[Cell], b: Sequence[Cell], judged: Metric | None = None) -> Comparison:
    """The comparison of a single metric."""
    judged = judged or metric()
    return compare([judged], {judged.name: a}, {judged.name: b}, DRAWS)[0]


def test_a_run_is_as_good_as_itself() -> None:
    """No difference, p of 1, undecided."""
    row = one(cells(GOOD), cells(GOOD))
    assert (row.difference, row.low, row.high, row.p, row.verdict) == (0.0, 0.0, 0.0, 1.0, "undecided")


def test_a_loss_of_20_points_is_worse_and_its_reverse_better() -> None:
    """The difference is B less A, and its interval leaves zero out."""
    lost, won = one(cells(GOOD), cells(BAD)), one(cells(BAD), cells(GOOD))
    assert (lost.verdict, won.verdict) == ("worse", "better")
    assert lost.difference == pytest.approx(-0.2)
    assert lost.high is not None
    assert lost.high < 0


def test_where_less_is_better_a_rise_is_worse() -> None:
    """Distances and costs."""
    assert one(cells(BAD), cells(GOOD), metric(higher_is_better=False)).verdict == "worse"


def test_what_is_only_shown_is_never_judged() -> None:
    """Words a summary has no good direction, and takes no share of its family's correction."""
    shown, judged = metric("shown", higher_is_better=None), metric("judged")
    sides = ({"shown": cells(GOOD), "judged": cells(GOOD)}, {"shown": cells(BAD), "judged": cells(BAD)})
    rows = {row.metric.name: row for row in compare([shown, judged], *sides, DRAWS)}
    assert rows["shown"].verdict == "not judged"
    assert rows["judged"].holm == rows["judged"].p


def test_pairing_sees_what_two_separate_intervals_can_not() -> None:
    """Every article loses a little: the two runs' own intervals overlap by far, the difference's leaves zero out."""
    values = np.random.default_rng(2).random(60)
    row = one(cells(values.tolist()), cells((values - 0.02).tolist()))
    assert row.verdict == "worse"
    assert (row.low, row.high) == pytest.approx((-0.02, -0.02))


def test_only_articles_that_both_runs_have_scored_are_compared() -> None:
    """An engine that makes no card where it is hard isn't the better for it."""
    a, b = [*GOOD[:60], *[0.0] * 40], [*GOOD[:60], *[None] * 40]
    row = one(cells(a), cells(b))
    assert (row.a, row.b, row.samples, row.difference) == (1.0, 1.0, 60, 0.0)


def test_without_a_common_article_there_is_nothing_to_say() -> None:
    """No figure, undecided."""
    row = one(cells([1.0, None]), cells([None, 1.0]))
    assert (row.a, row.b, row.difference, row.verdict, row.samples) == (None, None, None, "undecided", 0)


def test_few_clusters_get_no_verdict() -> None:
    """Nineteen articles that all fell: the difference is shown, and undecided; twenty are judged."""
    few, enough = MIN_CLUSTERS - 1, MIN_CLUSTERS
    row = one(cells([1.0] * few), cells([0.0] * few))
    assert (row.difference, row.p, row.smallest, row.verdict) == (-1.0, None, None, "undecided")
    assert one(cells([1.0] * enough), cells([0.0] * enough)).verdict == "worse"


def test_many_articles_of_few_stories_are_few() -> None:
    """Clusters count, not cards."""
    assert one(cells(GOOD, per_cluster=10), cells(BAD, per_cluster=10)).verdict == "undecided"


def test_a_baseline_whose_clusters_had_other_names_is_compared_the_same() -> None:
    """Clusters are drawn as the first side has them, on both sides."""
    renamed = [Cell(cell.sample, f"{99 - place:02}", cell.score) for place, cell in enumerate(cells(BAD))]
    then, now = one(cells(GOOD), cells(BAD)), one(cells(GOOD), renamed)
    assert (then.low, then.high, then.p) == (now.low, now.high, now.p)


def test_repeats_on_one_side_only_are_compared_by_article() -> None:
    """Three repeats against one: the same figures when they agree."""
    row = one(cells(GOOD), [cell for cell in cells(GOOD) for _ in range(3)])
    assert (row.difference, row.p) == (0.0, 1.0)


def test_an_article_that_is_seldom_scored_counts_as_much_on_that_side() -> None:
    """Every second article is hard; B says nothing of it in two repeats of three, and the same as A in the third: nothing is better."""
    values = [float(number % 2) for number in range(60)]
    a = [cell for cell in cells(values) for _ in range(3)]
    b = [
        Cell(cell.sample, cell.cluster, Score(None if cell.score.value == 0 and number % 3 else cell.score.value))
        for number, cell in enumerate(a)
    ]
    row = one(a, b)
    assert (row.a, row.b, row.difference, row.low, row.high, row.verdict) == (0.5, 0.5, 0.0, 0.0, 0.0, "undecided")


def test_an_aggregate_that_knows_one_draw_only_counts_articles_alike_too() -> None:
    """It is called with a score as often as it counts."""
    plain = replace(metric(), aggregate=lambda scores: sum(score.value or 0.0 for score in scores) / len(scores))
    b = [*cells(BAD), *cells(BAD)[:50], *cells(BAD)[:50]]
    row = compare([plain], {"m": cells(BAD)}, {"m": b}, Resampling(draws=50))[0]
    assert (row.a, row.b, row.difference) == (0.5, 0.5, 0.0)


def test_a_family_is_corrected_and_another_is_not_touched_by_it() -> None:
    """One loss that is seen alone isn't among forty metrics that don't move; forty of another family are nothing to it."""
    rng = random.Random(8)
    fell = [value if rng.random() > 0.09 else 0.0 for value in GOOD]
    calm = [metric(f"calm{number}") for number in range(40)]
    for family, verdict in (("detail", "undecided"), ("quality", "worse")):
        judged = [metric("m", family=family), *(metric(one.name, family="detail") for one in calm)]
        a = {one.name: cells(GOOD) for one in judged}
        rows = compare(judged, a, a | {"m": cells(fell)}, DRAWS)
        assert (rows[0].metric.name, rows[0].verdict) == ("m", verdict)


def test_the_smallest_visible_difference_is_seen_in_8_of_10_tries() -> None:
    """By simulation: a normal estimate that far from zero passes the two-sided test at 5 % four times in five."""
    smallest = smallest_visible(1.0, 0.05)
    tries = np.random.default_rng(4).normal(smallest, 1.0, 40_000)
    assert smallest == pytest.approx(2.8016, abs=1e-4)
    assert (abs(tries) > 1.95996).mean() == pytest.approx(0.8, abs=0.01)


def test_the_smallest_visible_difference_grows_with_the_family() -> None:
    """It is what Holm's first step lets a metric see, from the spread of its own draws."""
    alone = one(cells(GOOD), cells(BAD))
    judged = [metric("m"), metric("n")]
    among = compare(judged, {"m": cells(GOOD), "n": cells(GOOD)}, {"m": cells(BAD), "n": cells(BAD)}, DRAWS)[0]
    assert alone.standard_error == among.standard_error == pytest.approx((0.2 * 0.8 / 100) ** 0.5, rel=0.06)
    assert alone.smallest == smallest_visible(alone.standard_error or 0.0, 0.05)
    assert among.smallest == smallest_visible(alone.standard_error or 0.0, 0.025)


def test_without_any_difference_no_smallest_one_is_told() -> None:
    """The draws have no spread; that doesn't mean that a difference of nothing would be seen."""
    assert one(cells(GOOD), cells(GOOD)).smallest is None


def test_the_smallest_visible_difference_shrinks_with_more_articles() -> None:
    """Four times as many show half as much."""
    rng = random.Random(1)
    noise = [[float(rng.random() < 0.7) for _ in range(400)] for _ in range(2)]
    few, many = (one(cells(noise[0][:size]), cells(noise[1][:size])).smallest for size in (100, 400))
    assert few is not None
    assert many is not None
    assert few / many == pytest.approx(2.0, rel=0.15)


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=60))
def test_p_is_between_0_and_1_and_the_same_from_either_side(drawn: list[int]) -> None:
    """It has no direction, and no number of draws makes certainty."""
    there, back = two_sided(np.array(drawn, float)), two_sided(-np.array(drawn, float))
    assert there is not None
    assert there == back
    assert 0 < there <= 1


def test_nothing_drawn_has_no_p() -> None:
    """None, not zero."""
    assert two_sided(np.array([])) is None


def test_metrics_that_one_side_has_not_are_left_out() -> None:
    """A baseline holds what gates look at, and no more."""
    assert compare([metric("m"), metric("n")], {"m": cells(GOOD)}, {"m": cells(GOOD), "n": cells(GOOD)}, DRAWS)[0].metric.name == "m"


def test_unrounded_noise_of_floating_point_is_no_difference() -> None:
    """Sums in another order differ in the sixteenth digit, and would be half of the draws on either side."""
    noisy = Metric(
        "m", lambda _card, _sample: Score(None), lambda scores: (mean()(scores) or 0.0) + 1e-15 * (scores[0].counts.get("b") == 1)
    )
    a, b = ([Cell(cell.sample, cell.cluster, Score(cell.score.value, counts={"b": side})) for cell in cells(GOOD)] for side in (0, 1))
    row = compare([noisy], {"m": a}, {"m": b}, Resampling(draws=50))[0]
    assert (row.difference, row.p, row.verdict) == (0.0, 1.0, "undecided")

"""Aggregates: equal to scikit-learn and SciPy, and the same over resamples as over repeated scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from evals.aggregates import Quantile, Ranked, bin_of, calibration_error, kappa, label_f1, macro_f1, mean, micro_f1, pair, ratio
from evals.scorers.sets import compared
from evals.scores import Score
from evals.statistics.resampling import Floats

LABELS = ("low", "middle", "high")
TOPICS = ("a", "b", "c", "d")

label_pairs = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)
set_pairs = st.lists(st.tuples(st.sets(st.sampled_from(TOPICS)), st.sets(st.sampled_from(TOPICS))), min_size=1, max_size=15)
values = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=20)


def _labelled(pairs: Sequence[tuple[str, str]]) -> list[Score]:
    return [Score(float(gold == said), counts={pair(gold, said): 1.0}) for gold, said in pairs]


def _sets(pairs: Sequence[tuple[set[str], set[str]]]) -> list[Score]:
    return [compared(said, must) for must, said in pairs]


def _numbers(pairs: Sequence[tuple[int, int]]) -> list[Score]:
    return [
        Score(gold / 20, counts={"gold": gold / 20, "said": said / 20, "part": float(gold), "whole": float(said)}) for gold, said in pairs
    ]


@given(label_pairs)
@settings(deadline=None, max_examples=60)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    """Quadratic weights over all labels; no value where only one label occurs."""
    got = kappa(LABELS)(_labelled(pairs))
    if len({label for both in pairs for label in both}) == 1:
        assert got is None
    else:
        gold, said = zip(*pairs, strict=True)
        assert got == pytest.approx(cohen_kappa_score(gold, said, labels=list(LABELS), weights="quadratic"))


@given(label_pairs)
@settings(deadline=None, max_examples=60)
def test_label_f1_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    """Macro F1 over the labels that occur."""
    gold, said = zip(*pairs, strict=True)
    assert label_f1(LABELS)(_labelled(pairs)) == pytest.approx(f1_score(gold, said, average="macro"))


@given(set_pairs)
@settings(deadline=None, max_examples=60)
def test_set_f1_is_that_of_scikit_learn(pairs: list[tuple[set[str], set[str]]]) -> None:
    """Micro, macro over the members that occur, and per card; nothing wanted and nothing said is 1."""
    occurring = sorted({member for both in pairs for members in both for member in members})
    scores = _sets(pairs)
    if not occurring:
        assert [aggregate(scores) for aggregate in (micro_f1(), macro_f1(), mean())] == [1, 1, 1]
        return
    assume(len(occurring) > 1)  # scikit-learn takes one column for plain labels
    binary = MultiLabelBinarizer(classes=occurring)
    gold, said = (binary.fit_transform(column) for column in zip(*pairs, strict=True))
    for aggregate, average in ((micro_f1(), "micro"), (macro_f1(), "macro"), (mean(), "samples")):
        assert aggregate(scores) == pytest.approx(f1_score(gold, said, average=average, zero_division=1))


@given(values)
@settings(deadline=None, max_examples=60)
def test_rank_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    """Ties share a rank; no value where one side is constant."""
    got = Ranked("said", "gold")(_numbers(pairs))
    gold, said = zip(*pairs, strict=True)
    if len({*gold}) == 1 or len({*said}) == 1:
        assert got is None
    else:
        assert got == pytest.approx(spearmanr(gold, said).statistic)


@given(values, st.sampled_from([0.05, 0.5, 0.95, 1.0]))
@settings(deadline=None, max_examples=60)
def test_a_quantile_is_that_of_numpy(pairs: list[tuple[int, int]], share: float) -> None:
    """The smallest value that the share doesn't exceed: an observed one, never between two."""
    scores = _numbers(pairs)
    assert Quantile(share)(scores) == np.quantile([score.value for score in scores], share, method="inverted_cdf")


class Weighing(Protocol):
    """An aggregate that also does many draws at once."""

    def __call__(self, scores: Sequence[Score], /) -> float | None:
        """Over all of them."""
        ...

    def resampled(self, scores: Sequence[Score], weights: Floats) -> Floats:
        """For each row of weights."""
        ...


AGGREGATES: list[tuple[Weighing, str]] = [
    (mean(), "numbers"),
    (ratio("part", "whole"), "numbers"),
    (Ranked("said", "gold"), "numbers"),
    (Quantile(0.95), "numbers"),
    (calibration_error(5), "numbers"),
    (micro_f1(), "sets"),
    (macro_f1(), "sets"),
    (kappa(LABELS), "labels"),
    (label_f1(LABELS), "labels"),
]


@pytest.mark.parametrize(("aggregate", "kind"), AGGREGATES)
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_a_resample_is_a_list_with_repeats(aggregate: Weighing, kind: str, data: st.DataObject) -> None:
    """Weights say how often each score is in the resample; the unscored are in none."""
    made = {"numbers": (values, _numbers), "sets": (set_pairs, _sets), "labels": (label_pairs, _labelled)}[kind]
    scores = [*made[1](data.draw(made[0])), Score(None, "nothing to go by")]  # type: ignore[operator]  # the pairs of each kind go together
    weights = data.draw(st.lists(st.lists(st.integers(0, 3), min_size=len(scores), max_size=len(scores)), min_size=1, max_size=4))
    got = aggregate.resampled(scores, np.array(weights, float))
    for value, counts in zip(got, weights, strict=True):
        repeated = [score for score, times in zip(scores, counts, strict=True) for _ in range(times)]
        if any(score.value is not None for score in repeated):
            alone = aggregate(repeated)
            assert np.isnan(value) if alone is None else value == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize(("aggregate", "kind"), AGGREGATES)
def test_nothing_scored_is_no_value(aggregate: Weighing, kind: str) -> None:  # noqa: ARG001  the same for all
    """None, never zero."""
    unscored = [Score(None, "nothing to go by")] * 3
    assert aggregate(unscored) is None
    assert aggregate([]) is None
    assert np.isnan(aggregate.resampled(unscored, np.ones((2, 3)))).all()


@pytest.mark.parametrize(("aggregate", "kind"), AGGREGATES)
@given(data=st.data())
@settings(deadline=None, max_examples=20)
def test_order_is_no_matter(aggregate: Weighing, kind: str, data: st.DataObject) -> None:
    """The same cards in another order have the same value."""
    made = {"numbers": (values, _numbers), "sets": (set_pairs, _sets), "labels": (label_pairs, _labelled)}[kind]
    scores = made[1](data.draw(made[0]))  # type: ignore[operator]  # the pairs of each kind go together
    assert aggregate(data.draw(st.permutations(scores))) == pytest.approx(aggregate(scores))


def test_calibration_error_is_the_mean_distance_by_bin() -> None:
    """Two cards in one bin that err to opposite sides are calibrated; one alone in another isn't."""
    counts = [{"said": 0.1, "gold": 0.0}, {"said": 0.1, "gold": 0.2}, {"said": 0.9, "gold": 0.6}]
    assert calibration_error(5)([Score(0.0, counts=count) for count in counts]) == pytest.approx(0.1)


def test_a_bin_holds_its_lower_end() -> None:
    """Steps of 0.05 fall where arithmetic on paper puts them; 1 belongs to the last bin."""
    assert bin_of(np.array([0.0, 0.15, 0.2, 0.6, 0.6000000000000001, 0.8, 1.0]), 5).tolist() == [0, 0, 1, 3, 3, 4, 4]

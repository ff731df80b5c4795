"""Baselines and gates: a planted regression fails, what can't be said is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import UsageError
from evals.gating import Baseline, gate
from evals.junit import junit_of_gate, junit_of_run
from evals.runs import Run
from evals.statistics import Resampling
from tests.evals.runs.made import ChangedEngine, a_run, unanswered, without_tickers

DRAWS = Resampling()
CARDS = 40


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with nothing planted."""
    return a_run(tmp_path_factory.mktemp("good") / "run", ChangedEngine(), CARDS)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run in which every second card has lost its entities, and so its tickers."""
    return a_run(tmp_path_factory.mktemp("bad") / "run", ChangedEngine(without_tickers(2)), CARDS)


def test_a_run_passes_its_own_baseline(good: Run) -> None:
    """Nothing differs."""
    said = gate(Baseline.of(good, "b"), good, DRAWS)
    assert (said.outcome, said.exit_code, list(said.worse)) == ("passed", 0, [])


def test_a_planted_regression_fails(good: Run, bad: Run) -> None:
    """Half of the cards without entities: tickers are among what is worse, and nothing is called better."""
    said = gate(Baseline.of(good, "b"), bad, DRAWS)
    assert (said.outcome, said.exit_code) == ("regressed", 1)
    assert "tickers.f1" in {row.metric.name for row in said.worse}
    assert "tickers.f1" in said.why
    assert not any(row.verdict == "better" for row in said.comparisons)


def test_a_margin_lets_a_small_loss_pass(good: Run, bad: Run) -> None:
    """A loss within it is none; the same loss beyond a smaller one is."""
    assert gate(Baseline.of(good, "b"), bad, DRAWS, margin=0.99).outcome == "passed"


def test_an_invalid_run_neither_passes_nor_fails(good: Run, tmp_path: Path) -> None:
    """One reply in twenty is missing: exit code 5, and why."""
    broken = a_run(tmp_path / "run", ChangedEngine(failing=unanswered(range(0, CARDS, 20))), CARDS)
    said = gate(Baseline.of(good, "b"), broken, DRAWS)
    assert (said.outcome, said.exit_code) == ("invalid", 5)
    assert "have no reply" in said.why
    assert 'errors="1"' in junit_of_gate(said, "b")


def test_a_run_on_other_articles_says_nothing(good: Run, tmp_path: Path) -> None:
    """It isn't compared at all."""
    other = a_run(tmp_path / "run", ChangedEngine(), 12)
    assert gate(Baseline.of(good, "b"), other, DRAWS).outcome == "invalid"


def test_a_baseline_is_the_same_after_a_round_trip(good: Run, tmp_path: Path) -> None:
    """And holds no word of an article."""
    baseline = Baseline.of(good, "card-v1")
    path = baseline.save(tmp_path)
    assert Baseline.load("card-v1", tmp_path) == baseline
    text = path.read_text("utf-8")
    assert not any(sample.article.text[:40] in text or sample.article.title in text for sample in good.samples)


def test_a_missing_baseline_names_those_there_are(good: Run, tmp_path: Path) -> None:
    """And says how to make one."""
    Baseline.of(good, "one").save(tmp_path)
    with pytest.raises(UsageError, match=r"there are: one.*eval accept"):
        Baseline.load("two", tmp_path)


def test_junit_has_a_case_for_each_metric(good: Run, bad: Run) -> None:
    """Failures where a gate found them, none in a run's own."""
    said = gate(Baseline.of(good, "b"), bad, DRAWS)
    assert f'failures="{len(said.worse)}"' in junit_of_gate(said, "b")
    assert 'failures="0" errors="0"' in junit_of_run(good, DRAWS)

"""Baselines and gates: a planted regression fails, what can't be said is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from agent.errors import UsageError
from evals.commands.gating import compare
from evals.commands.making import Order, make_run
from evals.gating import Baseline, gate
from evals.junit import junit_of_gate, junit_of_run
from evals.runs import Run
from evals.statistics import Resampling
from tests.evals.runs.made import ChangedEngine, a_run, unanswered, without_tickers

DRAWS = Resampling()
CARDS = 50


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


def changed(baseline: Baseline, **fields: object) -> Baseline:
    """The baseline with other fields."""
    return Baseline.model_validate(baseline.model_dump() | fields)


def test_a_baseline_that_has_lost_a_metric_passes_nothing(good: Run, bad: Run) -> None:
    """Else a run is held against what is left, and what fell may be what is gone."""
    baseline = Baseline.of(good, "b")
    said = gate(changed(baseline, scores={"form.kept": baseline.scores["form.kept"]}), bad, DRAWS)
    assert (said.outcome, said.exit_code) == ("invalid", 5)
    assert "cards.made" in said.why


def test_a_baseline_without_any_score_passes_nothing(good: Run) -> None:
    """Nothing was measured."""
    assert gate(changed(Baseline.of(good, "b"), scores={}, values={}), good, DRAWS).outcome == "invalid"


def test_a_baseline_that_has_lost_articles_passes_nothing(good: Run) -> None:
    """Its scores of one metric end early, as in a file that somebody mended by hand."""
    baseline = Baseline.of(good, "b")
    short = changed(baseline, scores=dict(baseline.scores) | {"tickers.f1": baseline.scores["tickers.f1"][:-5]})
    said = gate(short, good, DRAWS)
    assert said.outcome == "invalid"
    assert "tickers.f1 for every article" in said.why


def test_a_baseline_whose_scores_do_not_make_its_figures_passes_nothing(good: Run) -> None:
    """They were edited, or its metric was another: a score that has lost its counts would give an F1 of 1."""
    baseline = Baseline.of(good, "b")
    bare = [one.model_copy(update={"n": {}}) for one in baseline.scores["topics.f1"]]
    said = gate(changed(baseline, scores=dict(baseline.scores) | {"topics.f1": bare}), good, DRAWS)
    assert said.outcome == "invalid"
    assert "topics.f1 don't make the figure" in said.why


def test_a_baseline_scored_by_other_gold_is_not_compared_with(good: Run) -> None:
    """Else better gold would look like better or worse cards: a baseline's scores can't be made again."""
    first = good.samples[0]
    regraded = replace(first, gold=replace(first.gold, facts=(("something else",),)))
    said = gate(Baseline.of(replace(good, samples=(regraded, *good.samples[1:])), "b"), good, DRAWS)
    assert said.outcome == "invalid"
    assert "other gold" in said.why


def test_a_baseline_scored_by_other_scorers_is_not_compared_with(good: Run) -> None:
    """A metric of the same name may have meant something else then."""
    said = gate(changed(Baseline.of(good, "b"), scoring="0" * 16), good, DRAWS)
    assert said.outcome == "invalid"
    assert "other scorers" in said.why


def test_a_run_of_too_few_articles_to_judge_does_not_pass(tmp_path: Path) -> None:
    """There is no verdict below twenty, so a run that lost everything would pass."""
    few = a_run(tmp_path / "few", ChangedEngine(), 12)
    lost = a_run(tmp_path / "lost", ChangedEngine(without_tickers(1)), 12)
    said = gate(Baseline.of(few, "b"), lost, DRAWS)
    assert (said.outcome, said.exit_code) == ("invalid", 5)
    assert "fewer than 20 independent articles" in said.why
    assert f'skipped="{len(said.comparisons)}"' in junit_of_gate(said, "b")


def test_a_metric_that_is_no_longer_measured_does_not_pass(good: Run) -> None:
    """As when a check was taken out: nothing fell, since nothing was looked at."""
    unchecked = {
        key: card.model_copy(update={"checks": card.checks.model_copy(update={"numbers": None})}) for key, card in good.cards.items()
    }
    said = gate(Baseline.of(good, "b"), replace(good, cards=unchecked), DRAWS)
    assert said.outcome == "invalid"
    assert "checks.numbers (0 of " in said.why


def test_a_metric_that_gained_and_lost_alike_is_named_as_undecided(good: Run) -> None:
    """No difference in sum, but its interval reaches below: it may be worse."""
    baseline = Baseline.of(good, "b")
    kept = baseline.scores["sentiment.accuracy"]
    right = [one.s for one in kept if one.v == 1.0]
    wrong = [one.s for one in kept if one.v == 0.0]
    turned = dict.fromkeys(right[:3], 0.0) | dict.fromkeys(wrong[:3], 1.0)
    scores = dict(baseline.scores) | {"sentiment.accuracy": [one.model_copy(update={"v": turned.get(one.s, one.v)}) for one in kept]}
    said = gate(changed(baseline, scores=scores), good, DRAWS)
    assert [row.difference for row in said.undecided] == [0.0]
    assert [row.metric.name for row in said.undecided] == ["sentiment.accuracy"]


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


def test_junit_is_xml_whatever_a_run_is_called(good: Run) -> None:
    """A folder's name may hold what XML can't."""
    odd = replace(good, manifest=good.manifest.model_copy(update={"name": "<a>\x1b[31m & \x0b"}))
    assert ET.fromstring(junit_of_run(odd, DRAWS).encode()).get("name") == "<a> & "  # noqa: S314  our own text


def test_junit_has_a_case_for_each_metric(good: Run, bad: Run) -> None:
    """Failures where a gate found them, none in a run's own."""
    said = gate(Baseline.of(good, "b"), bad, DRAWS)
    assert f'failures="{len(said.worse)}"' in junit_of_gate(said, "b")
    assert 'failures="0" errors="0"' in junit_of_run(good, DRAWS)


def test_articles_of_one_id_and_two_texts_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As of two versions of a public set."""
    runs = []
    for version in ("rose", "fell"):
        data = tmp_path / f"{version}.jsonl"
        row = {"id": 7, "text": f"Acme {version} 4% on Monday.", "entities": [{"name": "Acme", "sentiment": "neutral"}]}
        data.write_text(json.dumps(row) + "\n", "utf-8")
        runs.append(make_run(Order([f"finentity={data}"], "all", 1, None, tmp_path / version), {"engine": "extractive"}))
    assert compare(runs[0], runs[1], ()) == 5
    said = capsys.readouterr()
    assert (said.out, "the text of 1 articles isn't the same in both runs, finentity-7 among them" in said.err) == ("", True)

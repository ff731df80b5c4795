"""Metrics: all named once, all values in bounds, unscored cards counted apart."""

from __future__ import annotations

from importlib import util

import pytest

from agent.errors import UsageError
from evals import extra
from evals.datasets import parse_data
from evals.goldset import Choice, GoldSentiment
from evals.metrics import METRICS, evaluate, score_cards
from evals.samples import Sample
from evals.scores import Score
from tests.evals.made import abstained_card, expected, feeling, made_card, made_sample, said


def test_metrics_have_a_name_and_words_of_their_own() -> None:
    """No two share a name; each says what it is and belongs to a family."""
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(metric.about for metric in METRICS)
    assert {metric.family for metric in METRICS} == {"quality", "detail", "cost"}


def test_cost_is_never_quality() -> None:
    """Cheaper isn't better cards."""
    assert all((metric.family == "cost") == metric.name.startswith("cost.") for metric in METRICS)


def test_a_perfect_card_has_perfect_values() -> None:
    """What gold says, on a card: every share is 1, every distance 0."""
    sample = made_sample(
        abstain=False,
        tickers=Choice(must=["META"]),
        topics=Choice(must=["Capital Returns"]),
        sentiment=GoldSentiment(label="positive"),
        entities=(expected("Meta", "positive", tickers=["META"]), expected("Snap", "negative")),
        facts=(("Meta",), ("raises", "lifts")),
        forbid=("Alphabet",),
        summary="Meta raises its dividend.",
    )
    card = made_card(
        tickers=["META"],
        topics=["Capital Returns"],
        sentiment=feeling("positive"),
        entities=[said("Snap Inc.", "negative"), said("Meta", "strongly positive").model_copy(update={"sentiment": feeling("positive")})],
        summary="Meta raises its dividend.",
    )
    found = {name: value.value for name, value in evaluate({card.id: card}, [sample]).items() if value.value is not None}
    shares = ("tickers.f1", "symbols.f1", "topics.f1", "sentiment.accuracy", "entities.recall", "entities.accuracy", "entities.split_right")
    for name in (
        *shares,
        "summary.facts",
        "summary.rouge_l",
        "card.nothing_forbidden",
        "checks.passed",
        "form.kept",
        "abstention.accuracy",
    ):
        assert found[name] == pytest.approx(1), name
    assert found["sentiment.mae"] == found["entities.mae"] == 0


def test_unscored_cards_are_counted_with_their_reasons() -> None:
    """An abstained card, a card without gold and a missing card leave the mean alone."""
    labelled = made_sample(sentiment=GoldSentiment(label="positive"))

    def named(name: str, sample: Sample) -> Sample:
        return Sample(sample.article.model_copy(update={"id": name}), sample.gold, sample.cluster)

    samples = [named("right", labelled), named("silent", labelled), named("unlabelled", made_sample()), named("lost", labelled)]
    cards = {"right": made_card(sentiment=feeling("positive")), "silent": abstained_card(), "unlabelled": made_card()}
    accuracy = evaluate(cards, samples)["sentiment.accuracy"]
    assert (accuracy.value, accuracy.scored) == (1.0, 1)
    assert accuracy.unscored == {"the card abstained": 1, "no gold for the overall sentiment": 1, "no card": 1}


def test_each_scorer_runs_once_a_card() -> None:
    """Metrics that share a scorer share its scores."""
    scores = score_cards({"made-up": made_card()}, [made_sample(topics=Choice(must=["Inflation"]))])
    assert scores["topics.f1"] is scores["topics.f1_macro"]
    assert all(isinstance(score, Score) for column in scores.values() for score in column)


def test_a_gold_card_carries_its_own_facts() -> None:
    """Held against itself, every reference has all facts and nothing forbidden."""
    samples = list(parse_data("gold").read())
    cards = {sample.id: made_card(summary=sample.gold.summary, analysis=sample.gold.analysis) for sample in samples if sample.gold.summary}
    found = evaluate(cards, samples, [metric for metric in METRICS if metric.name in {"summary.facts", "card.nothing_forbidden"}])
    assert {name: value.value for name, value in found.items()} == {"summary.facts": 1, "card.nothing_forbidden": 1}


def test_a_missing_extra_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == "rouge_score" else util.find_spec(name))
    extra.require_extra.cache_clear()
    with pytest.raises(UsageError, match=r"rouge-score; install.*newscard\[evals\]"):
        evaluate({}, [])
    extra.require_extra.cache_clear()

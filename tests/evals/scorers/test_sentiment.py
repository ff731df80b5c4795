"""Labels against gold, overall and of each entity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.aggregates import kappa
from evals.goldset import GoldSentiment
from evals.scorers.entities import score_entity_precision, score_entity_recall, score_entity_sentiment, score_split_card
from evals.scorers.sentiment import LABELS, judged, score_sentiment, score_sentiment_distance, score_sentiment_exact
from evals.scores import Score
from tests.evals.made import abstained_card, expected, feeling, made_card, made_sample, said

labels = st.sampled_from(LABELS)


def test_an_accepted_label_is_right_but_not_the_best() -> None:
    """Accuracy counts it, the confusion matrix shows it."""
    sample = made_sample(sentiment=GoldSentiment(label="strongly negative", accept=["negative"]))
    card = made_card(sentiment=feeling("negative"))
    assert score_sentiment(card, sample).value == 1
    assert score_sentiment_distance(card, sample).value == 0
    exact = score_sentiment_exact(card, sample)
    assert exact.value == 0
    assert exact.counts["strongly negative > negative"] == 1


def test_distance_is_in_steps_to_the_nearest_accepted() -> None:
    """From strongly positive to negative, with neutral accepted: two."""
    sample = made_sample(sentiment=GoldSentiment(label="negative", accept=["neutral"]))
    assert score_sentiment_distance(made_card(sentiment=feeling("strongly positive")), sample).value == 2


def test_gold_of_three_classes_folds_the_card() -> None:
    """Strongly positive is positive there."""
    sample = made_sample(sentiment=GoldSentiment(label="positive", accept=["strongly positive"]), folded=True)
    card = made_card(sentiment=feeling("strongly positive"))
    assert score_sentiment_exact(card, sample).value == 1
    assert score_sentiment_exact(card, sample).counts["positive > positive"] == 1


@given(labels, labels, st.lists(labels, max_size=3), st.booleans())
def test_right_means_no_distance(given_label: str, best: str, accept: list[str], folded: bool) -> None:  # noqa: FBT001  drawn by hypothesis
    """Accepted exactly where the distance is 0, and exact implies accepted."""
    counts = judged(given_label, best, accept, folded=folded)  # type: ignore[arg-type]  # drawn from the labels
    assert (counts["accepted"] == 1) == (counts["steps"] == 0)
    assert float(counts["exact"]) <= float(counts["accepted"])
    assert 0 <= float(counts["steps"]) <= 4


def test_an_abstained_card_has_no_label_to_score() -> None:
    """Unscored, with the reason."""
    score = score_sentiment(abstained_card(), made_sample(sentiment=GoldSentiment(label="positive")))
    assert score == Score(None, "the card abstained")


GOLD = (expected("Meta Platforms", "positive", aliases=["Meta"], tickers=["META"]), expected("Snap", "negative", accept=["neutral"]))


def test_a_missed_entity_stays_in_recall() -> None:
    """The label is scored on what matches alone."""
    sample, card = made_sample(entities=GOLD), made_card(entities=[said("Meta", "positive")])
    recall = score_entity_recall(card, sample)
    assert recall.value == pytest.approx(0.5)
    assert recall.counts["missed"] == "Snap"
    assert score_entity_sentiment(card, sample).value == 1


def test_a_split_card_is_right_as_a_whole_or_not_at_all() -> None:
    """One missed entity, or one wrong label, is one too many."""
    sample = made_sample(entities=GOLD)
    assert score_split_card(made_card(entities=[said("Meta", "positive"), said("Snap", "neutral")]), sample).value == 1
    assert score_split_card(made_card(entities=[said("Meta", "positive")]), sample).value == 0
    assert score_split_card(made_card(entities=[said("Meta", "positive"), said("Snap", "positive")]), sample).value == 0
    assert score_split_card(made_card(), made_sample(entities=GOLD[:1])).value is None


def test_labels_of_entities_make_one_confusion_matrix() -> None:
    """All pairs of all cards."""
    sample = made_sample(entities=GOLD)
    scores = [
        score_entity_sentiment(made_card(entities=[said("Meta", "positive"), said("Snap", one)]), sample)
        for one in ("negative", "positive")
    ]
    assert scores[1].counts["negative > positive"] == 1
    assert kappa(LABELS)(scores) == pytest.approx(0.5)  # 3 of 4 agree, of which half by chance


def test_precision_looks_at_companies_where_gold_has_all() -> None:
    """A person beside them is no error; where gold isn't complete there is no precision."""
    card = made_card(entities=[said("Meta"), said("Apple"), said("Jane Doe", kind="person")])
    assert score_entity_precision(card, made_sample(entities=GOLD, entities_complete=True)).value == pytest.approx(0.5)
    assert score_entity_precision(card, made_sample(entities=GOLD)).value is None


def test_no_entity_expected_is_unscored() -> None:
    """As is no gold, with a reason of its own."""
    assert score_entity_recall(made_card(), made_sample(entities=())).reason == "no entity is expected"
    assert score_entity_recall(made_card(), made_sample()).reason == "no gold for entities"
    assert score_entity_sentiment(abstained_card(), made_sample(entities=GOLD)).reason == "the card abstained"
    assert score_entity_recall(abstained_card(), made_sample(entities=GOLD)).value == 0

"""Tickers as issuers and as symbols, and topics beside them."""

from __future__ import annotations

import pytest

from evals.goldset import Choice
from evals.scorers.tickers import score_issuer_recall, score_issuers, score_symbols
from evals.scorers.topics import score_topic_recall, score_topics
from tests.evals.made import abstained_card, made_card, made_sample


def test_share_classes_are_one_issuer_or_each() -> None:
    """One class of Alphabet finds the issuer, and half of its symbols."""
    card, sample = made_card(tickers=["GOOG"]), made_sample(tickers=Choice(must=["GOOG", "GOOGL"]))
    assert score_issuers(card, sample).value == 1
    assert score_symbols(card, sample).value == pytest.approx(2 / 3)


def test_a_dash_in_a_symbol_is_a_dot() -> None:
    """BRK-B is BRK.B."""
    sample = made_sample(tickers=Choice(must=["BRK-A", "BRK-B"]))
    assert score_symbols(made_card(tickers=["BRK.A", "BRK.B"]), sample).value == 1


def test_an_issuer_is_the_one_of_the_articles_day() -> None:
    """A symbol the table doesn't know stands for itself."""
    sample = made_sample(tickers=Choice(must=["NOSUCH"]))
    assert score_issuers(made_card(tickers=["NOSUCH"]), sample).value == 1
    assert score_issuers(made_card(tickers=["NOSUCX"]), sample).value == 0


def test_an_empty_card_is_right_where_nothing_must_be_there() -> None:
    """F1 is 1; recall has nothing to go by."""
    sample = made_sample(tickers=Choice(must=[], may=["META"]))
    assert score_issuers(made_card(), sample).value == score_issuers(made_card(tickers=["META"]), sample).value == 1
    assert score_issuer_recall(made_card(), sample).reason == "nothing must be there"


def test_tickers_known_in_part_have_recall_alone() -> None:
    """An extra one is no error where gold doesn't list all."""
    sample = made_sample(tickers=Choice(must=["META"]), tickers_complete=False)
    card = made_card(tickers=["META", "AAPL"])
    assert score_issuer_recall(card, sample).value == 1
    assert score_issuers(card, sample).value is None
    assert score_symbols(card, sample).value is None


def test_a_card_that_abstains_in_vain_misses_its_tickers() -> None:
    """They count as misses, not as unscored."""
    assert score_issuers(abstained_card(), made_sample(tickers=Choice(must=["META"]))).value == 0


def test_without_gold_there_is_no_score() -> None:
    """And a reason."""
    for scorer in (score_issuers, score_symbols, score_issuer_recall, score_topics, score_topic_recall):
        score = scorer(made_card(), made_sample())
        assert score.value is None
        assert score.reason.startswith("no gold for")


def test_any_topic_of_a_group_counts() -> None:
    """Another scheme's category is found by any of ours that carries it."""
    sample = made_sample(topic_groups=(("Corporate Earnings", "Capital Returns"), ("Inflation",)))
    assert score_topic_recall(made_card(topics=["Capital Returns", "Insurance"]), sample).value == pytest.approx(0.5)
    assert score_topics(made_card(topics=["Capital Returns"]), sample).value is None

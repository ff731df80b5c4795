"""Impact, checks, abstention and cost."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from agent.card import Checks, Tally
from evals.aggregates import ratio
from evals.goldset import GoldImpact
from evals.scorers.abstention import score_abstention
from evals.scorers.checks import score_names, score_numbers, score_passed, score_quotes
from evals.scorers.cost import score_cost, score_input_tokens, score_latency, score_output_tokens, score_reask, score_requests
from evals.scorers.impact import calibration, score_impact_bias, score_impact_distance, score_impact_in_range
from evals.scores import Score
from tests.evals.made import abstained_card, made_card, made_provenance, made_sample

RANGE = GoldImpact(value=0.5, low=0.4, high=0.6)


@pytest.mark.parametrize(("impact", "inside", "above"), [(0.4, 1, -0.1), (0.6, 1, 0.1), (0.65, 0, 0.15), (0.0, 0, -0.5)])
def test_both_ends_of_the_range_are_within_it(impact: float, inside: int, above: float) -> None:
    """And the distance is from the value, with its sign apart."""
    card, sample = made_card(market_impact=impact), made_sample(impact=RANGE)
    assert score_impact_in_range(card, sample).value == inside
    assert score_impact_bias(card, sample).value == pytest.approx(above)
    assert score_impact_distance(card, sample).value == pytest.approx(abs(above))


def test_calibration_has_a_row_for_each_bin_in_use() -> None:
    """With what the cards say and what gold says, on average."""
    sample = made_sample(impact=RANGE)
    scores = [score_impact_distance(made_card(market_impact=impact), sample) for impact in (0.1, 0.15, 0.9)]
    low, high = calibration([*scores, Score(None, "no gold for the impact")])
    assert astuple(low) == pytest.approx((0.0, 0.2, 2, 0.125, 0.5))
    assert astuple(high) == (0.8, 1.0, 1, 0.9, 0.5)
    assert calibration([]) == ()


def test_checks_are_the_cards_own() -> None:
    """Shares of what was stated; over cards, a card that states more weighs more."""
    cards = [
        made_card(checks=Checks(numbers=Tally(stated=4, supported=3, unsupported=[]), passed=False)),
        made_card(checks=Checks(numbers=Tally(stated=1, supported=1, unsupported=[]))),
        made_card(checks=Checks(numbers=Tally(stated=0, supported=0, unsupported=[]))),
    ]
    scores = [score_numbers(card, made_sample()) for card in cards]
    assert [score.value for score in scores] == [0.75, 1, None]
    assert ratio("supported", "stated")(scores) == pytest.approx(0.8)
    assert score_passed(cards[0], made_sample()).value == 0


def test_what_was_not_checked_is_unscored() -> None:
    """It never counts as supported."""
    assert score_names(made_card(), made_sample()).reason == "the card's names were not checked"
    assert score_quotes(abstained_card(), made_sample()).reason == "the card abstained"
    assert score_passed(abstained_card(), made_sample()).value is None


def test_abstention_is_right_or_wrong() -> None:
    """Counts make precision and recall."""
    pairs = [(abstained_card(), True), (abstained_card(), False), (made_card(), True), (made_card(), False)]
    scores = [score_abstention(card, made_sample(abstain=wanted)) for card, wanted in pairs]
    assert [score.value for score in scores] == [1, 0, 0, 1]
    assert ratio("right", "said")(scores) == ratio("right", "wanted")(scores) == pytest.approx(0.5)
    assert ratio("right", "wanted")(scores[3:]) is None
    assert score_abstention(made_card(), made_sample()).value is None


def test_cost_is_what_a_card_takes_without_a_cache() -> None:
    """A cached card has a price, yet no tokens or seconds of its own."""
    cached = made_card(provenance=made_provenance(cached=True, cost_usd=0.0, reasked=True))
    assert score_cost(cached, made_sample()).value == pytest.approx(0.002)
    assert score_reask(cached, made_sample()).value == 1
    for scorer in (score_input_tokens, score_output_tokens, score_requests, score_latency):
        assert scorer(cached, made_sample()).reason == "its draft came from the cache"
    fresh = [
        scorer(made_card(), made_sample()).value for scorer in (score_input_tokens, score_output_tokens, score_requests, score_latency)
    ]
    assert fresh == [1000, 200, 1, 1.5]


def test_an_unknown_price_is_not_free() -> None:
    """Unscored, never 0 dollars."""
    assert score_cost(made_card(provenance=made_provenance(uncached_cost_usd=None)), made_sample()).value is None

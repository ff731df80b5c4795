"""Facts, forbidden strings, likeness to a reference, form."""

from __future__ import annotations

import pytest

from agent.card import Dropped, Evidence, Finding, TickerCheck
from evals.scorers.form import score_analysis_words, score_form, score_summary_sentences, score_summary_words
from evals.scorers.summary import (
    says,
    score_chrf,
    score_facts,
    score_nothing_forbidden,
    score_rouge1,
    score_rouge2,
    score_rouge_l,
)
from tests.evals.made import abstained_card, made_card, made_sample, said


def test_a_fact_is_carried_in_any_of_its_ways() -> None:
    """A way may begin a word; case and typographic forms are no matter."""
    sample = made_sample(facts=(("insolven", "bankrupt"), ("Macy’s",), ("8%",)))
    score = score_facts(made_card(summary="MACY'S fell 18% after talk of insolvency."), sample)
    assert score.value == pytest.approx(2 / 3)
    assert score.counts["missed"] == "8%"


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("a fall of 8%", "8%", True),
        ("a fall of 1.8%", "8%", False),
        ("20,000 jobs", "20", False),
        ("20 jobs", "20", True),
        ("120,000 jobs", "20,000", False),
        ("Metals rose", "Meta", False),
        ("Meta rose", "META", False),
        ("(META) rose", "META", True),
        ("card approved.", "CARD APPROVED", True),
        ("two Virgins", "Virgin", True),
    ],
)
def test_words_stand_by_themselves(text: str, words: str, there: bool) -> None:  # noqa: FBT001  the answer
    """Not within a longer word or number; a symbol in capitals alone."""
    assert says(text, words) is there


def test_forbidden_is_forbidden_anywhere() -> None:
    """In a reason or a quote as in the summary."""
    sample = made_sample(forbid=("TWTR", "must-buy"))
    assert score_nothing_forbidden(made_card(), sample).value == 1
    quoting = said("Somebody").model_copy(update={"evidence": [Evidence(quote="a must-buy", start=0, end=10)]})
    for card in (made_card(tickers=["TWTR"]), made_card(entities=[quoting]), made_card(analysis="It is a Must-Buy.")):
        assert score_nothing_forbidden(card, sample).value == 0


def test_what_was_kept_off_the_card_is_not_on_it() -> None:
    """The checks list a dropped symbol, and the title is the article's."""
    card = made_card(title="TWTR falls")
    checks = card.checks.model_copy(update={"tickers": TickerCheck(dropped=[Dropped(symbol="TWTR", reason="not listed")])})
    assert score_nothing_forbidden(card.model_copy(update={"checks": checks}), made_sample(forbid=("TWTR",))).value == 1


def test_nothing_forbidden_is_unscored() -> None:
    """There was no way to fail."""
    assert score_nothing_forbidden(made_card(), made_sample()).value is None


def test_the_reference_itself_is_most_like_the_reference() -> None:
    """1 in each measure, and less for other words."""
    sample = made_sample(summary="Profit rose by a tenth, beating forecasts.")
    same, other = made_card(summary="Profit rose by a tenth, beating forecasts."), made_card(summary="Sales fell by a tenth.")
    for scorer in (score_rouge1, score_rouge2, score_rouge_l, score_chrf):
        assert scorer(same, sample).value == pytest.approx(1)
        less = scorer(other, sample).value
        assert less is not None
        assert less < 0.7
        assert scorer(abstained_card(), sample).reason == "the card abstained"
        assert scorer(same, made_sample()).reason == "no reference summary"


def test_form_is_what_the_cards_own_check_found() -> None:
    """One finding is a fault; lengths are shown beside it."""
    card = made_card(summary="One. Two is longer.")
    long = card.checks.model_copy(update={"form": [Finding(where="summary", claim="4 words", reason="write 40 to 100 words")]})
    assert score_form(card, made_sample()).value == 1
    assert score_form(card.model_copy(update={"checks": long}), made_sample()).value == 0
    assert score_summary_words(card, made_sample()).value == 4
    assert score_summary_sentences(card, made_sample()).value == 2
    assert score_analysis_words(abstained_card(), made_sample()).value is None

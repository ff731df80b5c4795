"""What the card's own checks against its article found; no gold is needed."""

from __future__ import annotations

from agent.card import Card, Tally
from evals.samples import Sample
from evals.scores import Score

ABSTAINED = "the card abstained"


def score_numbers(card: Card, _: Sample) -> Score:
    """Share of the stated figures that the article supports. Counts: `supported`, `stated`."""
    return _supported(card, card.checks.numbers, "figure")


def score_names(card: Card, _: Sample) -> Score:
    """Share of the names in the prose that the article supports."""
    return _supported(card, card.checks.names, "name")


def score_quotes(card: Card, _: Sample) -> Score:
    """Share of the drafted quotes that stand in the article."""
    return _supported(card, card.checks.quotes, "quote")


def score_passed(card: Card, _: Sample) -> Score:
    """1 where the card passed all of its checks."""
    return Score(None, ABSTAINED) if card.status == "abstained" else Score(float(card.checks.passed))


def _supported(card: Card, tally: Tally | None, what: str) -> Score:
    if card.status == "abstained":
        return Score(None, ABSTAINED)
    if tally is None:
        return Score(None, f"the card's {what}s were not checked")
    if not tally.stated:
        return Score(None, f"no {what} is stated")
    return Score(tally.supported / tally.stated, counts={"supported": float(tally.supported), "stated": float(tally.stated)})

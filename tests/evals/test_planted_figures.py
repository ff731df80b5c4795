"""How the generator reads figures: enough to be sure that a changed one is false."""

from __future__ import annotations

import pytest

from evals.planted.figures import figures, stated, still_covers, values
from evals.planted.plant import told_sentences


@pytest.mark.parametrize(
    ("text", "kind", "digits"),
    [
        ("It cost $1.2 billion.", "amount", "1.2"),
        ("It took 2,400 shops.", "count", "2,400"),
        ("up 7.3% in May", "percent", "7.3"),
        ("rose 25 percent to", "percent", "25"),
        ("by 6 basis points", "basis points", "6"),
        ("by 2 percentage points", "percentage points", "2"),
        ("paid on May 16 to", "date", "16"),
        ("by the end of 2027.", "year", "2027"),
    ],
)
def test_a_figure_is_read(text: str, kind: str, digits: str) -> None:
    """Its kind and its digits."""
    (figure,) = figures(text)
    assert (figure.kind, figure.digits) == (kind, digits)


@pytest.mark.parametrize(
    "text", ["a Phase 3 study", "enrolment in PIVOT-12", "interleukin-2 drugs", "a 70-minute call", "Section 2 of the act"]
)
def test_a_digit_in_a_name_is_no_figure(text: str) -> None:
    """Another digit there would be another name."""
    assert not list(figures(text))


def test_a_texts_values_are_read_generously() -> None:
    """Both ways to write decimals, scales in two languages, words, shares."""
    assert {17.14, 17.14e9} <= values("17,14 Milliarden Euro")
    assert {2.5e6, 4.0, 20.0, 5.0} <= values("2.5 million in four years, a fifth of it")


@pytest.mark.parametrize(("digits", "is_stated"), [("14.5", True), ("14", True), ("15", False), ("14.6", False), ("14.52", False)])
def test_a_rounding_of_the_articles_figure_is_stated(digits: str, *, is_stated: bool) -> None:
    """Coarser than the article is no lie; finer or other is."""
    assert stated(digits, 1e9, "It earned $14.5 billion.") is (is_stated)


@pytest.mark.parametrize(
    ("before", "new", "covers"), [("more than ", 70, True), ("more than ", 90, False), ("less than ", 90, True), ("about ", 70, False)]
)
def test_what_was_more_than_80_was_more_than_70(before: str, new: float, *, covers: bool) -> None:
    """Such a change would still be true, so it is never planted."""
    assert still_covers(f"the shares gained {before}", 80, new) is covers


def test_sentences_about_the_card_itself_are_left_alone() -> None:
    """Turning "overall sentiment is negative" round is no lie about the article."""
    text = "Shares fell. Overall sentiment is negative. The article gives no cause."
    assert [text[start:end] for start, end in told_sentences(text)] == ["Shares fell."]

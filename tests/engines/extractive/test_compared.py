"""Figures beside those of before, or beside what was expected."""

from __future__ import annotations

import pytest

from agent.engines.extractive.tones import tones
from tests.engines.extractive.conftest import reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Operating profit was $9.8 million, compared with $7.1 million a year earlier.", 1),
        ("Operating profit was $9.8 million, compared with $12.7 million a year earlier.", -1),
        ("Operating profit was $9.8 million, compared with a loss of $12.7 million a year earlier.", 1),
        ("The operating loss was $0.8 million, down from a profit of $2.5 million.", -1),
        ("The pretax loss was $0.3 million, versus a loss of $2.2 million.", 1),
        ("Costs were $5.2 million, compared with $4.1 million a year earlier.", -1),
        ("Earnings per share were $1.20, while analysts had expected $1.35.", -1),
        ("Return on assets was 4.1%, compared to 3.8% in 2008.", 1),
        ("Profit was 900 thousand euros, up from 1.1 million euros.", -1),
    ],
)
def test_two_figures_tell_what_no_word_tells(text: str, expected: int) -> None:
    """More profit is good and more cost is bad; a loss is a profit below zero."""
    total = sum(tone.value for tone in tones(reading(text), []))
    assert (total > 0) - (total < 0) == expected


def test_what_was_before_is_no_news() -> None:
    """The loss of the year before isn't counted as one of today."""
    words = [tone.words for tone in tones(reading("Profit was $2 million, compared with a net loss of $3 million in 2009."), [])]
    assert words == ["profit better than the figure beside it"]


def test_a_verb_that_says_it_is_not_counted_twice() -> None:
    """`rose` has told it already."""
    words = [tone.words for tone in tones(reading("Net sales rose to $10.5 million from $8.5 million."), [])]
    assert words == ["rose (sales)"]


@pytest.mark.parametrize(
    "text",
    [
        "Profit was $2 million, compared with 3% of sales.",
        "It was founded in 1999, compared with 2004.",
        "Profit was $5 million, versus $5 million.",
    ],
)
def test_figures_that_cant_be_compared_say_nothing(text: str) -> None:
    """Amounts aren't held against percentages, years are no figures, and the same is no change."""
    assert not [tone for tone in tones(reading(text), []) if "figure beside it" in tone.words]

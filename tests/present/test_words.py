"""What a card says in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Provenance
from agent.present import words
from tests.present.sample import ABSTAINED, CARD, PROVENANCE


@pytest.mark.parametrize(
    ("dirty", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "click"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("a\x07b\x08c\x9bd", "abcd"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("pay\u200bpal \U000e0041", "paypal"),
        ("two\n lines\tand\u2028more", "two lines and more"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
    ],
)
def test_texts_cannot_steer_a_screen(dirty: str, seen: str) -> None:
    """Escape sequences, controls and invisible characters go; the joiners that scripts need stay."""
    assert words.clean(dirty) == seen


@given(st.text())
def test_cleaning_leaves_one_line_without_controls_and_changes_nothing_twice(text: str) -> None:
    """Whatever comes in, what is printed is a line of characters that can be encoded and seen."""
    cleaned = words.clean(text)
    assert cleaned.splitlines() in ([], [cleaned])
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in cleaned)
    assert words.clean(cleaned) == cleaned
    cleaned.encode()


@pytest.mark.parametrize(("impact", "word"), [(0.0, "slight"), (0.2, "modest"), (0.55, "moderate"), (0.6, "high"), (1.0, "very high")])
def test_impact_has_a_word(impact: float, word: str) -> None:
    """Each fifth of the scale has its word, the lower end inclusive."""
    assert words.impact_word(impact) == word


@pytest.mark.parametrize(("score", "text"), [(-0.8, "−0.8"), (0.4, "+0.4"), (0.0, "0.0"), (-0.0, "0.0"), (-0.01, "0.0")])
def test_scores_have_a_sign_and_zero_has_none(score: float, text: str) -> None:
    """A true minus, so that columns line up; nothing is called minus nought."""
    assert words.signed(score) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, "unpriced"), (0.0, "$0"), (0.0123, "$0.0123"), (0.000051, "$5.1e-05"), (1234.5, "$1,234.50"), (0.9999, "$0.9999")],
)
def test_costs_are_never_rounded_to_nothing(amount: float | None, text: str) -> None:
    """An unknown price is a word and a small one has digits."""
    assert words.dollars(amount) == text


def test_provenance_says_what_was_paid_and_what_the_cache_saved() -> None:
    """A paid card has requests, tokens and dollars; a cached one the price of its first making."""
    paid = words.made_by(CARD.provenance)
    assert "2 requests with a re-ask" in paid
    assert "6,120 tokens in (2,048 of them cached), 1,480 out" in paid
    assert "$0.0123" in paid
    assert "from the cache, first made for $0.0123" in words.made_by(ABSTAINED.provenance)
    unpriced = Provenance(**PROVENANCE | {"cached": True, "cost_usd": 0.0, "uncached_cost_usd": None})
    assert "from the cache, first made at an unknown price" in words.made_by(unpriced)
    assert "unpriced" in words.made_by(Provenance(**PROVENANCE | {"cost_usd": None}))


def test_an_extractive_card_speaks_of_no_money() -> None:
    """Nothing was asked, so nothing was spent."""
    line = " ".join(words.made_by(Provenance(**PROVENANCE | {"engine": "extractive", "model": None, "endpoint": None, "prompt": None})))
    assert line.startswith("extractive engine")
    assert "$" not in line
    assert "token" not in line

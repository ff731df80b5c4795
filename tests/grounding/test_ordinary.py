"""Ordinary words that are companies' names: where a text means the company."""

from __future__ import annotations

import pytest

from agent.grounding.ordinary import is_ordinary, reads_as_company


def test_which_names_are_ordinary_words() -> None:
    """Without their legal form."""
    assert all(map(is_ordinary, ("Target", "Visa", "Gap", "Delta", "Snap")))
    assert not any(map(is_ordinary, ("Nvidia", "Meta Platforms", "Delta Air Lines", "Snowflake Computing", "")))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Zoom", "Zoom, whose calls replaced meetings, fell."),
        ("Carnival", "Carnival, the cruise operator, soared."),
        ("Affirm", "Affirm, an American rival, climbed."),
        ("Delta", "Delta’s chief executive spoke. Delta CEO Ed Bastian said so."),
        ("Delta", "Stakes in American, Delta and United were sold."),
    ],
)
def test_a_name_that_is_explained_or_in_a_row_is_a_company(name: str, text: str) -> None:
    """By what stands right behind it, or by its neighbours."""
    assert reads_as_company(text, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Visa", "Visa rules changed."),
        ("Target", "Target prices rose. The target, a price of $5, is old."),
        ("Now", "Now, the company must act."),
        ("ON", "ON, the company, or OFF"),
        ("target", "target, the retailer"),
        ("Delta", "Deltas, a company"),
        ("Snap", ""),
    ],
)
def test_a_capital_alone_is_none(name: str, text: str) -> None:
    """Neither a sentence's first word, nor one in capitals for stress, nor a part of another word."""
    assert not reads_as_company(text, name)

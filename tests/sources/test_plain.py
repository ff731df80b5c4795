"""Titles of plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import normalise
from agent.sources.plain import split_title


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Acme raises forecast\n\nShares rose.", "Acme raises forecast", "Shares rose."),
        ("Acme raises forecast?\n  \nShares rose.", "Acme raises forecast?", "Shares rose."),
        ("U.S. stocks fall\n\nShares fell.", "U.S. stocks fall", "Shares fell."),
        ("# Acme raises forecast\nShares rose.", "Acme raises forecast", "Shares rose."),
        ("# Acme # raises ##\n\nShares rose.", "Acme # raises", "Shares rose."),
        ("Acme raised its forecast.\n\nShares rose.", "", None),
        ("Acme raised its forecast\nand shares rose.", "", None),
        ("Acme raises forecast", "", None),
        ("# Acme raises forecast", "", None),
        ("#hashtag\nShares rose.", "", None),
        ("word " * 40 + "\n\nShares rose.", "", None),
        ("NEW YORK:\n\nShares rose.", "", None),
    ],
)
def test_the_first_line_is_a_title_when_it_reads_like_one(text: str, title: str, body: str | None) -> None:
    """Short, not a sentence, and set apart; a Markdown heading always. Otherwise all is text."""
    assert split_title(text) == (title, text if body is None else body)


@given(st.text(alphabet="ab .#\n\t", max_size=40).map(normalise))
def test_no_text_is_lost(text: str) -> None:
    """Every letter is in the title or in the body, and there is a body where there is a text."""
    title, body = split_title(text)
    letters = [c for c in title + body if c in "ab"]
    assert letters == [c for c in text if c in "ab"]
    assert bool(body) == bool(text)

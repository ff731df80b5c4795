"""Patterns that can't be made to backtrack without end, and texts made of what they match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.article import Article
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.pumped import nested, patterns, pieces
from tests.grounding.drafts import draft

CHARS = 12_000


@pytest.mark.parametrize("where", sorted(patterns()))
def test_no_pattern_repeats_what_repeats_without_a_bound(where: str) -> None:
    """Such a pattern may try every way to share out a text."""
    assert not nested(patterns()[where])


@pytest.mark.parametrize(
    ("pattern", "is_nested"),
    [
        (r"(?:a+b?)+c", True),
        (r"(a|b*)*", True),
        (r"(?=(?:x*y*)+)z", True),
        (r"a+(?:,?\d+)*", True),
        (r"a+(?:,\d+)*", False),
        (r"(?: a+(?:-b+)*)*", False),
        (r"(?:-a+(?:-b+)*)*", True),
        (r"(?:a++b?)++c", False),
        (r"(?:a{1,9}b)+", False),
    ],
)
def test_such_a_pattern_is_told(pattern: str, *, is_nested: bool) -> None:
    """The test above can fail."""
    assert nested(re.compile(pattern)) is is_nested


def test_all_patterns_are_attacked() -> None:
    """Those of every package are found, the rules for orders to a model among them."""
    assert {"agent.grounding.injection_rules.RULES[0]", "agent.sentences._STOP", "agent.symbols.words._WORD"} <= patterns().keys()
    assert len(pieces()) > len(patterns())


@given(st.lists(st.sampled_from(pieces()), min_size=1, max_size=3), st.sampled_from(["", " ", "\n", "!", "\u00e9", "0"]))
@settings(max_examples=60, deadline=None)
def test_texts_of_what_the_patterns_match_are_grounded(parts: list[str], end: str) -> None:
    """Whatever is repeated, a card is held against it: a test that hangs fails."""
    piece = "".join(parts) + end
    article = Article(title="Orders", text=piece * (CHARS // len(piece)) + "!")
    assert ground(article, draft(), load_symbols(), load_taxonomy()).checks.numbers is not None

"""The words of a text, as names are looked for in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.symbols.words import Words

PIECES = st.lists(
    st.sampled_from(["J", "P", "A", ".", ". ", " ", "Lowe's", "Lowe’s", "&", "é", "Ⅷ", "\u200b", "apple", "3M", "'"]), max_size=12
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("J.P. Morgan", "jp morgan"),
        ("J. P. Morgan", "jp morgan"),
        ("Plan A I know", "plan a i know"),
        ("A.B.C.D.E.F.", "abcde f"),
        ("AT&T rose", "at and t rose"),
        ("Nestlé’s and Lowe's", "nestles and lowes"),
        ("Met\u200ba fell", " fell"),
    ],
)
def test_words_are_folded_and_initials_joined(text: str, keys: str) -> None:
    """Five initials at most; a word that isn't plain Latin script has no key."""
    assert " ".join(Words(text).keys) == keys


def test_a_possessive_is_known_with_its_s_and_without() -> None:
    """Lowe's is a name, Apple's is Apple."""
    word = Words("Apple’s")[0]
    assert (word.key, word.bare, word.bare_end) == ("apples", "apple", 5)


def test_small_words_are_those_written_small_somewhere() -> None:
    """Whether a name is an ordinary word in this text."""
    words = Words("Target the Weak, a target")
    assert words.small == {"the", "a", "target"}
    assert [words.raws[at] for at in words.large] == ["Target", "Weak"]


@given(PIECES)
def test_every_word_is_where_it_says(pieces: list[str]) -> None:
    """In order, without overlap, and each begins and ends with its own letters."""
    text = "".join(pieces)
    words = Words(text)
    edges = [edge for at in range(len(words)) for edge in (words[at].start, words[at].end)]
    assert edges == sorted(edges)
    assert all(
        text[word.start : word.end].replace(".", "").replace(" ", "") == word.raw for word in map(words.__getitem__, range(len(words)))
    )

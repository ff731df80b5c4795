"""Sentences: where they end, and where only an abbreviation does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sentences import sentence_spans


def cut(text: str) -> list[str]:
    """The sentences of `text` as strings."""
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith met Dr. Jones.",
        "J. P. Morgan and J.P. Morgan are one bank.",
        "It paid $1.25 billion for 3.5 per cent.",
        "Apple Inc. bought Orange Corp. for cash.",
        "It happened on Jan. 5 at 9 a.m. on Wall St. in New York.",
        "The U.S. Treasury, i.e. Washington, agreed.",
        "He cited No. 5 on the list.",
        "“Is it?” he asked.",
        "Wait… what?",
        "Yahoo! rose and so did “Stop!” buttons",
        "a.b.c.d",
        "It rose 5%.Next",
    ],
)
def test_a_stop_within_a_sentence_ends_nothing(text: str) -> None:
    """Abbreviations, initials, decimals, and questions within a sentence leave it whole."""
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rose.", "It fell."],
        ["The deal is in the U.S.", "The rest is in Europe."],
        ["He met J. P. Morgan.", "Then he left."],
        ["He said “it works.”", "She left."],
        ["Really?!", "Yes!", "No."],
        ["Sales were $1.2 billion.", "5% of it was profit."],
        ["The answer is no.", "Then go."],
        ["(It rose.)", "“It fell.”", "‘It stood.’"],
        ["Apple Inc. rose.", "It fell."],
    ],
)
def test_sentences_are_parted_at_their_stops(sentences: list[str]) -> None:
    """A full stop, question or exclamation mark ends a sentence with the quotation marks and brackets after it."""
    assert cut(" ".join(sentences)) == sentences


def test_a_blank_line_ends_a_sentence_without_a_stop() -> None:
    """Headlines and paragraphs without a full stop are sentences of their own; a mere line end isn't a boundary."""
    assert cut("A headline\n\nThe body runs\nover lines.\n \t\nEnd") == ["A headline", "The body runs\nover lines.", "End"]


def test_each_bullet_of_a_list_is_a_sentence() -> None:
    """Bullets begin sentences whether or not they end in stops."""
    assert cut("Items:\n- one\n* two\n• three") == ["Items:", "- one", "* two", "• three"]


def test_full_width_stops_end_sentences_without_a_space() -> None:
    """Chinese and Japanese sentences follow each other without a space."""
    assert cut("日銀は利下げを決定した。円は下落した。本当？") == ["日銀は利下げを決定した。", "円は下落した。", "本当？"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0"])
def test_no_text_has_no_sentences(text: str) -> None:
    """White space alone is nothing."""
    assert sentence_spans(text) == []


@given(st.text(alphabet='aA.!? \n-•"”。…1', max_size=80) | st.text(max_size=80))
def test_sentences_cover_the_text_in_order_without_overlap(text: str) -> None:
    """Joined, the sentences are the text without some white space; each begins and ends with a character that isn't white space."""
    done = 0
    for start, end in sentence_spans(text):
        assert done <= start < end
        assert not text[done:start].strip()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        done = end
    assert not text[done:].strip()


@pytest.mark.parametrize("pattern", ["a", ". ", "A. ", "Mr. ", "!?", '."', "\n", "\n- ", ". . ", "e.g. "])
@pytest.mark.parametrize("tail", [" x", "x"])
def test_a_megabyte_of_anything_is_cut(pattern: str, tail: str) -> None:
    """Text made to match almost everywhere takes linear time: a test that hangs fails."""
    assert len(sentence_spans(pattern * (300_000 // len(pattern)) + tail)) >= 1

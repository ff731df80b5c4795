"""Quotes: found exactly where they stand, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.grounding.quotes import FoldedText, locate, too_short

TEXT = (
    "OpenAI’s revenue rose −5.2% to $1.25 billion — it can't pay – said “John  Smith”.\n\n"
    "Sales of the enter\u00adprise did not rise to 1,200 million; wait… data-labeling startup fell 5-7% in the third quarter. "
    "Cafe\u0301 owners aim to re-open 😀 today."
)

TOLERATED = [
    ("OpenAI's revenue rose -5.2%", "OpenAI’s revenue rose −5.2%"),
    ("it can't pay - said", "it can't pay – said"),
    ("to $1.25 billion—it can’t pay", "to $1.25 billion — it can't pay"),
    ("said 'John Smith'.", "said “John  Smith”."),
    ('"John Smith"', "“John  Smith”"),
    ("Sales of the enterprise", "Sales of the enter\u00adprise"),
    ("sales of the enterprise", "Sales of the enter\u00adprise"),
    ("In the third quarter", "in the third quarter"),
    ("… fell 5-7% in the third …", "fell 5-7% in the third"),
    ("“fell 5–7% in the third”", "fell 5-7% in the third"),
    ("revenue rose, ", "revenue rose"),
    ("Café owners", "Cafe\u0301 owners"),
    ("re-open 😀 today", "re-open 😀 today"),
    ("1,200 million; wait...", "1,200 million; wait…"),
]

OTHER_TEXTS = {
    "another digit": "OpenAI's revenue rose -5.3%",
    "a dropped not": "Sales of the enterprise did rise",
    "another name": "said “Jane Smith”",
    "another word": "OpenAI's revenue fell -5.2%",
    "a dropped word": "revenue -5.2% to $1.25 billion",
    "another currency": "to €1.25 billion",
    "another sign": "OpenAI’s revenue rose +5.2%",
    "words elided in the middle": "OpenAI's revenue ... said John Smith",
    "case within": "openai's REVENUE rose",
    "two sentences apart": "John Smith today",
    "cut number at the start": "25 billion - it can't pay",
    "cut number at the end": "rose −5.2% to $1.2",
    "a sign left off": "5.2% to $1.25 billion",
    "a scale left off": "did not rise to 1,200",
    "a percent sign left off": "data-labeling startup fell 5-7",
    "half a range": "startup fell 5",
    "the other half of a range": "7% in the third",
    "a word's end": "prise did not rise",
    "a word's start": "Sales of the enter",
    "half a hyphenated word": "labeling startup fell",
    "a negation right before": "rise to 1,200 million",
    "a contracted negation after": "billion — it can",
    "a contraction's end": "t pay – said",
    "an accent left off": "Cafe owners",
}


@pytest.mark.parametrize(("quote", "slice_"), TOLERATED)
def test_typography_and_a_quotes_own_ends_are_tolerated(quote: str, slice_: str) -> None:
    """The evidence is the article's own slice, however the model set the quote."""
    span = locate(quote, FoldedText(TEXT))
    assert span is not None
    assert TEXT[span.start : span.end] == slice_


@pytest.mark.parametrize("quote", OTHER_TEXTS.values(), ids=OTHER_TEXTS.keys())
def test_another_text_is_not_found(quote: str) -> None:
    """One other digit, name, word or sign, or a place that cuts a word, number or negation, is not a quote."""
    assert locate(quote, FoldedText(TEXT)) is None


@pytest.mark.parametrize("quote", ["rose", "a 5%", "“rose”", "…", "", "   ", "...rose...", "😀 😀"])
def test_a_quote_of_hardly_anything_is_no_evidence(quote: str) -> None:
    """Fewer than two words or eight characters are too short, wherever they stand."""
    assert too_short(quote)
    assert locate(quote, FoldedText(f"x {quote} y")) is None


@pytest.mark.parametrize("quote", ["fell 12%", "日銀は利下げを決定", "to $1.25 billion"])
def test_a_short_clause_is_evidence(quote: str) -> None:
    """Two words of eight characters say something; a Chinese or Japanese character counts as a word."""
    assert not too_short(quote)


def test_scripts_without_spaces_are_quoted_anywhere() -> None:
    """A Japanese quote may begin and end in the middle of a run of characters."""
    text = "東京で日銀は利下げを決定した。"
    span = locate("日銀は利下げを決定", FoldedText(text))
    assert span is not None
    assert text[span.start : span.end] == "日銀は利下げを決定"


def test_the_exact_case_is_preferred_to_another_first_letter() -> None:
    """A quote that stands there as it is isn't looked for with another first letter."""
    text = "the deal closed. The deal closed."
    assert locate("The deal closed", FoldedText(text)) == (17, 32)


def test_a_place_inside_a_word_is_passed_over_for_a_later_one() -> None:
    """The first place that stands on its own counts, not the first at all."""
    text = "an enterprise sale and a prise sale"
    assert locate("prise sale", FoldedText(text)) == (25, 35)


WORDS = st.sampled_from(
    ["revenue", "Meta", "rose", "5.3%", "$1.2", "naïve", "Ørsted", "CFO's", "data-labeling", "U.S.", "日本", "😀", "12", "(net)"]
)
GAPS = st.sampled_from([" ", "\u00a0", "  ", "\n", "\n\n", "\u2009", " \u200b"])


def _set_otherwise(words: list[str], gaps: list[str]) -> str:
    quote = words[0]
    for word, gap in zip(words[1:], gaps, strict=False):
        quote += gap + word
    return quote.replace("'", "’").replace("-", "\u2011")


@given(
    st.lists(WORDS, min_size=2, max_size=6),
    st.lists(GAPS, min_size=6, max_size=6),
    st.lists(WORDS, max_size=8),
    st.lists(WORDS, max_size=8),
)
def test_a_planted_phrase_is_found_at_its_place(planted: list[str], gaps: list[str], before: list[str], after: list[str]) -> None:
    """A phrase planted with other spaces, dashes and quotation marks is found at exactly the interval it was planted at."""
    assume(not too_short(" ".join(planted)))
    phrase = _set_otherwise(planted, gaps)
    head = " ".join([*before, "|", ""])
    text = f"{head}{phrase} | {' '.join(after)}"
    assume(" ".join(planted) not in " ".join([*before, "|"]))
    span = locate(" ".join(planted), FoldedText(text))
    assert span == (len(head), len(head) + len(phrase))
    assert text[span.start : span.end] == phrase


@given(st.text(max_size=200), st.data())
def test_whatever_is_found_is_a_slice_of_the_text(text: str, data: st.DataObject) -> None:
    """Over any Unicode text and any slice of it taken as a quote, what comes back lies in the text and folds to the quote's words."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    folded = FoldedText(text)
    span = locate(text[start:end], folded)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        assert locate(text[span.start : span.end], FoldedText(text[span.start : span.end])) is not None


@given(st.text(alphabet="ab 1.,%-'n", min_size=1, max_size=120), st.text(alphabet="ab 1.,%-'n", min_size=1, max_size=12))
def test_a_found_place_never_cuts_a_word(text: str, quote: str) -> None:
    """Around every found place stands no letter or digit that belongs to its first or last word."""
    span = locate(quote, FoldedText(text))
    if span is None:
        return
    around = text[: span.start][-1:], text[span.start], text[span.end - 1], text[span.end :][:1]
    assert not (around[0].isalnum() and around[1].isalnum())
    assert not (around[2].isalnum() and around[3].isalnum())


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a " * 500_000, "1." * 500_000, "-a" * 500_000, "it can't " * 110_000, "n't " * 250_000])
def test_a_megabyte_of_near_misses_is_searched(text: str) -> None:
    """Text made to match almost everywhere is searched in linear time: a test that hangs fails."""
    assert locate("a a a a it can b", FoldedText(text)) is None

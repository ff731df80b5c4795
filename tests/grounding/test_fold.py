"""Folding: what it makes equal, what it leaves different, and the way back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.fold import DASHES, QUOTATION_MARKS, FoldedText, fold
from agent.sentences import Span

TYPOGRAPHY = st.text(
    alphabet=st.sampled_from("aB1é\u0301.,…-—–−'\"“’\u200b\u00ad\ufeff \u00a0\u2009\n😀\u200dñ각ᄀ\u11a8Å\u2126%$"), max_size=40
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a\u00a0\u2009b", "a b"),
        ("a\n\n \tb", "a b"),
        ("startup — said", "startup—said"),
        ("startup – said", "startup-said"),
        ("startup--said", "startup \u2015 said"),
        ("wait … what", "wait... what"),
        ("wait . . . what", "wait…what"),
        ("“neutral”", "'neutral'"),
        ("``neutral''", '"neutral"'),
        ("it’s", "it's"),
        ("data\u00adlabel\u200bing", "datalabeling"),
        ("Nestle\u0301", "Nestlé"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_typography_folds_away(one: str, other: str) -> None:
    """Two ways to typeset the same words fold to the same text."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.3%", "5.4%"),
        ("Meta", "meta"),
        ("did not rise", "did rise"),
        ("its", "it's"),
        ("$5", "€5"),
        ("café", "cafe"),
        ("１", "1"),
        ("Мeta", "Meta"),
    ],
)
def test_everything_else_stays_different(one: str, other: str) -> None:
    """Digits, letters, case, currency and accents are never folded."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize("char", [*DASHES, *QUOTATION_MARKS])
def test_every_dash_and_quotation_mark_folds_to_one_character(char: str) -> None:
    """Each dash becomes a hyphen and each quotation mark an apostrophe."""
    assert fold(f"a{char}b") in {"a-b", "a'b"}


@given(TYPOGRAPHY | st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is."""
    assert fold(fold(text)) == fold(text)


@given(TYPOGRAPHY | st.text(max_size=60), st.data())
def test_every_folded_slice_leads_back_to_text_that_folds_to_it(text: str, data: st.DataObject) -> None:
    """The slice of the author's text that a folded slice came from is never empty and lies within the text, in order."""
    folded = FoldedText(text)
    if not folded.folded:
        return
    start = data.draw(st.integers(0, len(folded.folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded.folded)))
    span = folded.span(start, end)
    assert 0 <= span.start < span.end <= len(text)
    piece = folded.folded[start:end].strip()
    if piece and piece not in "...":
        assert piece.strip(" .") in fold(unicodedata.normalize("NFC", text[span.start : span.end]))


@given(st.text(alphabet="ab é1,", max_size=40).map(str.strip))
def test_plain_text_maps_to_itself(text: str) -> None:
    """Where nothing needs folding, offsets are the same on both sides."""
    text = " ".join(text.split())
    folded = FoldedText(text)
    assert folded.folded == text
    for at in range(len(text)):
        if text[at] != " ":
            assert folded.span(at, at + 1) == Span(at, at + 1)


def test_a_slice_carries_no_outer_white_space_or_invisible_characters() -> None:
    """White space that an ellipsis or a dash took in, and soft hyphens after a word, stay outside the slice."""
    text = "wait…  word\u00ad\u00ad next"
    folded = FoldedText(text)
    assert text[slice(*folded.span(0, 7))] == "wait…"
    at = folded.folded.index("word")
    assert text[slice(*folded.span(at, at + 4))] == "word"


@pytest.mark.parametrize("pattern", [" ", "-", " -", ". ", "'", "\u200b", "…", "e\u0301", "\ud55c\u11a8", "a\u00ad "])
def test_a_megabyte_of_any_run_is_folded(pattern: str) -> None:
    """Runs of what folding looks for don't blow up: a test that hangs fails."""
    assert len(fold(pattern * (1_000_000 // len(pattern)))) <= 1_000_000

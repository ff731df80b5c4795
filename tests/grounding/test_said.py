"""Quotation marks in the prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Finding
from agent.grounding.fold import FoldedText
from agent.grounding.said import NOT_SAID, quotation_findings
from tests.grounding.drafts import SUMMARY
from tests.grounding.test_ground import grounded

TEXT = (
    "“We did not raise prices fast enough,” she said. The board’s view was “steady – not spectacular”, and orders rose 8.4% "
    "to $5 billion. It isn't significant. The shareholders' money stays."
)
SOURCES = (FoldedText(TEXT), FoldedText("Harbour sees red"))


def _claims(prose: str) -> list[str]:
    return [finding.claim for finding in quotation_findings("summary", prose, SOURCES)[1]]


@pytest.mark.parametrize(
    "prose",
    [
        'She said "we did not raise prices fast enough."',
        "She said “We did not raise prices fast enough”.",
        "She said ‘did not raise prices’ and left.",
        "She said 'did not raise prices' and left.",
        "She called it “steady - not spectacular,” and „prices fast“ or «prices fast».",
        "It was “steady” and 'orders' rose.",
        "Under “Harbour sees red” it says so.",
        "It said 'shareholders' money stays' at the shareholders' request.",
        "The board's view of the sellers' prices isn't the buyers' view.",
        "It was not “significant”, and isn't “significant”.",
        'An unclosed " mark and an empty "" pair.',
    ],
)
def test_the_articles_words_pass_between_any_marks(prose: str) -> None:
    """Marks, dashes, the closing stop and the first letter's case are the quoter's; an apostrophe is no mark."""
    assert _claims(prose) == []


@pytest.mark.parametrize(
    ("prose", "claim"),
    [
        ('She said "we did not lift prices fast enough".', "we did not lift prices fast enough"),
        ("She said ‘did raise prices fast’ and left.", "did raise prices fast"),
        ('Orders "rose 8.5%" there.', "rose 8.5%"),
        ('Orders rose "to $5" there.', "to $5"),
        ("It is “splendid” to see.", "splendid"),
        ("It is 'splendid' to see.", "splendid"),
        ("It was “spectacular”.", "spectacular"),
        ('She said "we did not ... prices fast enough".', "we did not ... prices fast enough"),
    ],
)
def test_an_altered_word_between_marks_is_a_finding(prose: str, claim: str) -> None:
    """One other word, one other figure, or a piece left out."""
    assert _claims(prose) == [claim]


def test_a_finding_is_a_slice_of_the_field() -> None:
    """The marks are left out of it."""
    prose = "He called it “a disaster for us”."
    start = prose.index("a disaster")
    assert quotation_findings("analysis", prose, SOURCES) == (
        1,
        [Finding(where="analysis", claim="a disaster for us", reason=NOT_SAID, start=start, end=start + 17)],
    )


def test_an_altered_quotation_is_listed_among_the_quotes_and_the_faults() -> None:
    """The tally counts the prose's quotations beside the evidence."""
    found = grounded(summary=SUMMARY.replace("kept its outlook", "“raised its outlook”"))
    assert found.checks.quotes is not None
    assert [(finding.where, finding.claim) for finding in found.checks.quotes.unsupported] == [("summary", "raised its outlook")]
    assert found.faults == tuple(found.checks.quotes.unsupported)


@given(st.text(alphabet="ab .'\"“”‘’„«»…-é\u00ad", max_size=60))
def test_every_finding_is_its_slice(prose: str) -> None:
    """Whatever the marks, `prose[start:end]` is the claim."""
    for finding in quotation_findings("summary", prose, SOURCES)[1]:
        assert prose[finding.start : finding.end] == finding.claim != ""

"""A "not" that the prose drops is found where the article's clause is plainly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding.negation import DENIED, Denied, negation_findings

ARTICLE = (
    "Harbor Lines said on Monday that it will not raise its dividend this year. "
    "The regulator did not approve the merger with Bolt Freight. "
    "The company never paid a fine over the spill in Norfolk harbour, and its insurer refused to cover the cleaning costs."
)


def found(prose: str, article: str = ARTICLE) -> list[str]:
    """The claims that are found in `prose`."""
    return [finding.claim for finding in negation_findings("summary", prose, Denied(article))]


@pytest.mark.parametrize(
    "lie",
    [
        "Harbor Lines said that it will raise its dividend this year.",
        "The regulator approved the merger with Bolt Freight.",
        "The company paid a fine over the spill in Norfolk harbour.",
    ],
)
def test_a_clause_without_its_not_is_found(lie: str) -> None:
    """In whatever form of the verb."""
    assert len(found(lie)) == 1


@pytest.mark.parametrize(
    "truth",
    [
        "Harbor Lines will not raise its dividend this year.",
        "Harbor Lines won't raise its dividend this year.",
        "The regulator refused to approve the merger with Bolt Freight.",
        "The merger with Bolt Freight was blocked by the regulator.",
        "The company has never paid a fine over the spill in Norfolk harbour.",
        "Without the regulator's approval the merger with Bolt Freight is off.",
        "Whether the regulator will approve the merger with Bolt Freight was open until Monday.",
        "Harbor Lines paid its staff a bonus.",
    ],
)
def test_a_clause_that_denies_asks_or_speaks_of_something_else_is_let_be(truth: str) -> None:
    """Any word that turns it round is enough."""
    assert found(truth) == []


def test_what_the_article_also_states_is_let_be() -> None:
    """It denied it first, and then it came."""
    article = ARTICLE + " On Friday the regulator approved the merger with Bolt Freight after all."
    assert found("The regulator approved the merger with Bolt Freight.", article) == []


def test_the_finding_is_the_clause_with_its_place() -> None:
    """In the field that was given, at a span that reads as the claim."""
    prose = "Trading was calm. The regulator approved the merger with Bolt Freight. Shares rose."
    (finding,) = negation_findings("analysis", prose, Denied(ARTICLE))
    assert (finding.where, finding.reason) == ("analysis", DENIED)
    assert prose[finding.start : finding.end] == finding.claim
    assert "approved the merger" in finding.claim
    assert "calm" not in finding.claim


def test_typographic_apostrophes_deny_too() -> None:
    """In the article as in the prose."""
    article = "The bank didn’t cut its forecast for annual profit on Tuesday."
    assert len(found("The bank cut its forecast for annual profit on Tuesday.", article)) == 1
    assert found("The bank didn’t cut its forecast for annual profit.", article) == []


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_is_read_to_its_end(prose: str, article: str) -> None:
    """Every span is a slice of the prose."""
    for finding in negation_findings("summary", prose, Denied(article)):
        assert prose[finding.start : finding.end] == finding.claim

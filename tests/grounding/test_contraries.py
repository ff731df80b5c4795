"""A word told as its contrary, with the same words around both."""

from __future__ import annotations

import pytest

from agent.grounding.clauses import Text
from agent.grounding.contradicted import Contradicted, contradiction_findings
from agent.grounding.contraries import contrary_findings


def claims(article: str, prose: str) -> list[str]:
    """The clauses of `prose` that are found."""
    found = contrary_findings("analysis", Text(prose), Text(article))
    assert all(prose[finding.start : finding.end] == finding.claim and finding.where == "analysis" for finding in found)
    return [finding.claim for finding in found]


LIES = [
    ("Calder Bank called a second price increase unlikely.", "Calder Bank calls a second price increase likely."),
    ("Harbour denied in May that it needed fresh capital.", "Harbour confirmed in May that it needed fresh capital."),
    ("Reyes rejected criticism from the finance ministry.", "Reyes accepted criticism from the finance ministry."),
    ("Northmill, a competitor, said it would oppose the merger with Harbour.", "Northmill, a competitor, supports the deal with Harbour."),
    ("Ottawa blocked the sale of Northmill's mills.", "Ottawa approved the sale of Northmill's mills."),
    ("Harbour said it was unable to fund the new bakeries.", "Harbour said it was able to fund the new bakeries."),
]


@pytest.mark.parametrize(("article", "prose"), LIES, ids=[prose for _, prose in LIES])
def test_a_contrary_is_found(article: str, prose: str) -> None:
    """And never in the article's own words."""
    (claim,) = claims(article, prose)
    assert claim.strip(" .") in prose
    assert claims(article, article) == []


@pytest.mark.parametrize(
    ("article", "prose"),
    [
        ("Calder Bank called a rejection of the drug unlikely.", "Calder Bank calls an approval of the drug likely."),
        ("Calder Bank called a second price increase unlikely.", "Calder Bank calls a second price increase not likely."),
        ("Calder called an increase in May unlikely. It was likely in June.", "Calder called an increase in June likely."),
        ("Reyes did not reject criticism from the finance ministry.", "Reyes accepted criticism from the finance ministry."),
        ("Ottawa blocked the sale of Northmill's mills.", "Ottawa approved a loan for new bakeries."),
    ],
)
def test_what_is_no_contrary_is_let_be(article: str, prose: str) -> None:
    """Said of the contrary thing, denied, said both ways, or said of something else."""
    assert claims(article, prose) == []


def test_the_reason_names_the_articles_word() -> None:
    """So that the model can look it up."""
    (finding,) = contrary_findings("summary", Text(LIES[1][1]), Text(LIES[1][0]))
    assert finding.reason.startswith('the article says the contrary ("denied"); ')


def test_no_clause_is_found_twice() -> None:
    """What several checks find is listed once, in the order of the prose."""
    article = "Harbour may close two plants. It will not renew the supply agreement."
    prose = "Harbour will renew the supply agreement. Harbour has closed two plants."
    found = contradiction_findings("summary", Text(prose), Contradicted(Text(article)))
    assert [prose[finding.start : finding.end].strip(" .") for finding in found] == prose.strip(".").split(". ")

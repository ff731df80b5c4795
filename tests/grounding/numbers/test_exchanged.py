"""Two figures of one sentence in each other's place."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_THING, Source, number_findings

ARTICLE = (
    "Sales dropped 27% as volumes fell 8%, and prices 19%. Orders for ovens were 31% lower than a year earlier, and 12% below the quarter "
    "before. Nurseries added 56,000 places; schools lost 8,000. The stock cost $10 at the start of the year and above $20 this month."
)


def claims(prose: str, article: str = ARTICLE) -> list[str]:
    """The figures that are said of something else."""
    findings = number_findings("summary", prose, Source("", article))[1]
    return [finding.claim for finding in findings if finding.reason == OTHER_THING]


@pytest.mark.parametrize(
    ("true", "false", "found"),
    [
        ("Volumes fell 8% and prices 19%.", "Volumes fell 19% and prices 8%.", ["19%", "8%"]),
        (
            "Oven orders were 31% lower than a year earlier and 12% below the quarter before.",
            "Oven orders were 12% lower than a year earlier and 31% below the quarter before.",
            ["12%", "31%"],
        ),
        (
            "Nurseries created 56,000 places, while schools lost 8,000.",
            "Schools created 56,000 places, while nurseries lost 8,000.",
            ["56,000", "8,000"],
        ),
    ],
)
def test_figures_of_things_in_each_other_s_place_are_found(true: str, false: str, found: list[str]) -> None:
    """Both stand in the article, each among the words that the card has around the other."""
    assert claims(true) == []
    assert claims(false) == found


@pytest.mark.parametrize(
    "prose",
    [
        "Prices fell 19%, volumes 8%.",
        "The stock went from $10 at the start of the year to above $20 at one point.",
        "Orders fell 31% within a year, or 12% within a quarter.",
        "Sales dropped 27%, of which volumes were 8% and prices 19%.",
    ],
)
def test_another_order_or_other_words_are_no_exchange(prose: str) -> None:
    """The words go with their figures, whichever comes first."""
    assert claims(prose) == []


def test_a_figure_that_the_article_has_twice_is_let_be() -> None:
    """One of the two places may be the one that is meant."""
    article = "Volumes fell 8%, and prices 19%. In spring prices fell 8%, and volumes 19%."
    assert claims("Volumes fell 19% and prices 8%.", article) == []


def test_what_is_found_is_listed_once() -> None:
    """Whichever rule sees it first."""
    findings = number_findings("summary", "Volumes fell 19% and prices 8%.", Source("", ARTICLE))[1]
    assert len({(finding.start, finding.end) for finding in findings}) == len(findings)

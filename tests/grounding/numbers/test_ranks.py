"""Extremes of another rank, and the other end of a market."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_RANK, OTHER_WAY, Source, number_findings
from agent.grounding.numbers.ranks import at_the_other_end, of_another_rank

ARTICLE = (
    "Profit was the second-highest ever. Halden, the third largest maker of paint, was the biggest gain in the FTSE 100. Its smallest "
    "plant is the second smallest in the country. Falkner was the weakest on the DAX, and a year ago the best performer in the DAX. Orders "
    "were the weakest in years. Varde is the second-biggest owner of mills, and Halden their biggest owner."
)


def claims(prose: str) -> list[str]:
    """Those of another rank."""
    return [prose[start:end] for start, end in of_another_rank(prose.lower(), ARTICLE.lower())]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("It was the highest on record.", ["highest"]),
        ("It was the third-highest ever.", ["third-highest"]),
        ("Halden is the biggest maker of paint.", ["biggest"]),
        ("Halden is the second-largest maker of paint.", ["second-largest"]),
    ],
)
def test_an_extreme_of_another_rank_is_found(prose: str, found: list[str]) -> None:
    """The article has the same extreme of the same, and never of that rank."""
    assert claims(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "It was the second-highest on record.",
        "It was the highest in years.",
        "Halden is the third-biggest maker of paint.",
        "Halden is the biggest maker.",
        "It shut the smallest plant.",
        "Halden is the biggest owner of mills.",
        "The highest-paid maker of paint is Halden.",
    ],
)
def test_the_same_rank_or_another_thing_is_let_be(prose: str) -> None:
    """The largest and the biggest are one."""
    assert claims(prose) == []


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("It was the weakest stock in the FTSE 100.", []),
        ("The stock was the weakest in the FTSE 100.", ["weakest in the ftse 100"]),
        ("It was the biggest faller in the FTSE 100.", ["biggest faller in the ftse 100"]),
        ("It was the strongest of the FTSE 100.", []),
        ("It was the worst performer on the FTSE 250.", []),
        ("It was the best in the DAX, or the worst in the DAX.", []),
        ("It was the strongest in years.", []),
    ],
)
def test_the_best_of_a_market_told_as_the_worst_is_found(prose: str, found: list[str]) -> None:
    """Where the article names one end of that very market only."""
    lower = prose.lower()
    assert [lower[start:end] for start, end in at_the_other_end(lower, ARTICLE.lower())] == found


def test_they_are_told_with_their_place() -> None:
    """And what is wrong with them."""
    findings = number_findings("summary", "The highest on record made it the top faller in the FTSE 100.", Source("", ARTICLE))[1]
    assert [(finding.start, finding.reason) for finding in findings] == [(34, OTHER_WAY), (4, OTHER_RANK)]

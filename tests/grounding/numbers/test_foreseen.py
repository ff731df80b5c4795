"""Forecasts told as results."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import FORESEEN, Source, number_findings

ARTICLE = (
    "Halden aims to deliver 720 cars this year, compared with 661 last year. It expects a charge of $85 million, and orders rose to "
    "$97 million. Revenue of $410 million beat the $402 million that was expected. For spring it forecast sales of $96 million."
)


def claims(prose: str, article: str = ARTICLE) -> list[str]:
    """The figures that are only expected."""
    findings = number_findings("summary", prose, Source("", article))[1]
    return [finding.claim for finding in findings if finding.reason == FORESEEN]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Halden delivered 720 cars.", ["720"]),
        ("It took a charge of $85 million.", ["$85 million"]),
        ("Sales were $96 million in spring.", ["$96 million"]),
    ],
)
def test_a_forecast_told_as_a_result_is_found(prose: str, found: list[str]) -> None:
    """The article has the figure nowhere but in what is expected."""
    assert claims(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "Halden delivered 661 cars.",
        "Halden wants to deliver 720 cars, and delivered 661.",
        "A charge of $85 million will be made.",
        "Orders rose to $97 million.",
        "Revenue was $410 million.",
        "Spring sales of $96 million are the target.",
        "It announced a charge of $85 million.",
    ],
)
def test_what_is_left_open_or_was_reported_is_let_be(prose: str) -> None:
    """The card speaks of what is to come itself, or the article has the figure as a result."""
    assert claims(prose) == []


def test_a_figure_that_is_reported_somewhere_is_one() -> None:
    """One place where it isn't expected will do."""
    assert claims("Halden delivered 720 cars.", ARTICLE + " In the end 720 cars left the plant.") == []

"""Results told as above or below what was expected, without the figure that was."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_WAY, Source, number_findings, stated_figures
from agent.grounding.numbers.expected import told_against_expected

ARTICLE = (
    "Halden posted revenue of $5.47 billion, slightly short of the $5.50 billion expected. Earnings were $2.18 a share; analysts polled by "
    "Fundlens had forecast $2.04. Orders came to $812 million, and it expects $840 million next quarter. The net loss was $97 million, "
    "where analysts had forecast $90 million. Exports of $310 million beat the consensus, which the bank now puts at $320 million."
)


def claims(prose: str, article: str = ARTICLE) -> list[str]:
    """What the article's figures don't bear out."""
    return [prose[start:end] for start, end in told_against_expected(prose.lower(), stated_figures(prose), Source("", article))]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Revenue of $5.47 billion beat forecasts.", ["beat forecasts"]),
        ("Revenue of $5.47 billion also topped analysts' estimates.", ["topped analysts' estimates"]),
        ("Halden earned $2.18 a share, below expectations.", ["below expectations"]),
        ("It earned $2.18 a share, less than analysts had expected.", ["less than analysts had expected"]),
    ],
)
def test_a_result_on_the_wrong_side_of_what_was_expected_is_found(prose: str, found: list[str]) -> None:
    """The article has both figures."""
    assert claims(prose) == found


def test_it_is_told_as_the_other_way_round() -> None:
    """At its place in the prose."""
    (finding,) = number_findings("summary", "Halden earned $2.18 a share, below expectations.", Source("", ARTICLE))[1]
    assert (finding.reason, finding.start, finding.end) == (OTHER_WAY, 29, 47)


@pytest.mark.parametrize(
    "prose",
    [
        "Revenue of $5.47 billion missed forecasts.",
        "It earned $2.18 a share, more than analysts had expected.",
        "Orders of $812 million were ahead of estimates.",
        "The net loss of $97 million was lower than expected.",
        "Exports of $310 million beat estimates.",
        "Revenue of $5.47 billion was above its own forecast.",
        "Revenue was $5.47 billion, and orders beat forecasts.",
        "It earned $2.18 a share, and beat forecasts.",
        "Revenue came to $5.47 billion. The margin beat forecasts.",
        "Profit of $61 million beat forecasts.",
    ],
)
def test_what_the_article_bears_out_or_leaves_open_is_let_be(prose: str) -> None:
    """Forecasts of another time or of the company's own, losses, what the article says itself, another clause, no such figure."""
    assert claims(prose) == []


def test_a_figure_told_of_several_things_is_let_be() -> None:
    """Which of them the card means can't be told."""
    article = f"{ARTICLE} Another $5.47 billion was lent, $5.47 billion repaid and $5.47 billion lost."
    assert claims("Revenue of $5.47 billion beat forecasts.", article) == []


@pytest.mark.parametrize("pattern", ["$5 beat analysts' ", "beat the the the ", "$5 beat forecasts; ", "above expectations "])
def test_long_prose_is_read(pattern: str) -> None:
    """Six thousand characters, the most that a draft may have."""
    assert isinstance(claims(pattern * (6_000 // len(pattern))), list)

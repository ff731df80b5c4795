"""Sentences that weigh two figures: whether these bear out the word between them."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_WAY, Source, number_findings, stated_figures
from agent.grounding.numbers.arithmetic import weighed

FIGURES = (
    "In figures: $12.25 billion, $12.46 billion, 86 cents, 81 cents, $17, $14, $16, $20, $1, $500 million, $1.25 billion, 5%, 3%, $24."
)


def held(prose: str) -> list[bool | None]:
    """What each comparison in `prose` comes to."""
    return [found.holds for found in weighed(prose.lower(), stated_figures(prose))]


@pytest.mark.parametrize(
    "prose",
    [
        "Revenue of $12.25 billion was ahead of the consensus of $12.46 billion.",
        "Revenue of $12.25 billion beat the consensus of $12.46 billion.",
        "It earned 86 cents a share, below the average estimate of 81 cents.",
        "Shares were sold at $17, below the range of $14 to $16.",
        "The stock fell from about $1 in January to above $20.",
        "It raised the stock sale from a planned $1.25 billion to $500 million.",
        "It spent $20, up from $24.",
        "It earned $17 a share, up 5% from $20.",
        "It lost 81 cents a share: a loss of 81 cents, larger than the 86 cents expected.",
    ],
)
def test_a_word_that_its_two_figures_gainsay_is_found(prose: str) -> None:
    """No article is needed for it, and the finding begins at the word."""
    assert held(prose) == [False]
    findings = number_findings("summary", prose, Source("", FIGURES))[1]
    assert [finding.reason for finding in findings] == [OTHER_WAY]
    assert findings[0].start is not None
    assert prose[findings[0].start : findings[0].end] == findings[0].claim


@pytest.mark.parametrize(
    "prose",
    [
        "Revenue of $12.25 billion fell short of the consensus of $12.46 billion.",
        "It earned 86 cents a share, above the average estimate of 81 cents.",
        "Shares were sold at $17, above the range of $14 to $16.",
        "The stock rose from about $1 in January to above $20.",
        "It spent $24, up from $20.",
        "A loss of 81 cents a share was smaller than the 86 cents expected.",
    ],
)
def test_a_word_that_its_two_figures_bear_out_is_settled(prose: str) -> None:
    """Then the words around it needn't be compared any more."""
    assert held(prose) == [True]


@pytest.mark.parametrize(
    "prose",
    [
        "The forecast for 2026 was cut to $14 to $16, down from $17 to $20.",
        "Shares of $17 closed above $20.",
        "A loss of 86 cents a share, below the 81 cents expected.",
        "Earnings beat estimates at 86 cents but revenue of $12.25 billion missed the $12.46 billion expected.",
        "Sales were $500 million and earnings 86 cents, above estimates of $1.25 billion and 81 cents.",
        "It gained 3% after it beat estimates by 5%.",
        "The yen surged to $142 per dollar, from $161.",
        "Results were $14 above the guidance of $500.",
        "The margin of 5% was up from last year's 3% and up from last quarter's 4%.",
        "The tax rate is 14% to 16%, down slightly from the 14% to 17% that was estimated.",
        "Savings were raised from $14 to $16 in 2020, from $17 to $20 in 2021.",
        "Sales rose 5% to $24 billion and profit fell to $17 billion from $20 billion.",
    ],
)
def test_what_only_looks_like_a_comparison_is_let_be(prose: str) -> None:
    """Ranges, losses, places that a price passed, another clause, two measures at once."""
    assert False not in held(prose)


@pytest.mark.parametrize(
    ("prose", "holds"),
    [
        ("It sold $17 in April, up from $14 in March and fewer than the $16 expected.", [True, False]),
        ("It sold $17 in April, up from $14 in March but below the $20 expected.", [True, True]),
        ("Sales rose to $17 from $14 a year ago and above the $20 expected.", [True, False]),
        ("It sold $17, up from $14, and costs came in below $16.", [True]),
    ],
)
def test_a_figure_held_against_two_others_is_weighed_against_both(prose: str, holds: list[bool]) -> None:
    """The second time only where nothing but the time of the first stands between."""
    assert held(prose) == holds


@pytest.mark.parametrize("pattern", ["5% above 3%, ", "to 5 from ", "rose to $5 from $4 ", "above the the the "])
def test_long_prose_is_weighed(pattern: str) -> None:
    """A test that hangs fails."""
    prose = pattern * (50_000 // len(pattern))
    list(weighed(prose, stated_figures(prose)))


@pytest.mark.parametrize(
    "prose",
    [
        "The combined ratio improved to 3% from 5%.",
        "It now expects $500 million, down from $1 to $20.",
        "Output growth weakened to 3% from 5%.",
        "The decline eased to 3% from 5%.",
    ],
)
def test_what_may_be_so_whatever_the_order_of_its_figures_is_let_be(prose: str) -> None:
    """A ratio improves by falling, a range may be what was before, and growth that weakens is no growth of the rate."""
    assert False not in held(prose)

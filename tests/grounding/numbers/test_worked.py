"""Changes in percent that an article leaves to be worked out."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import UNSUPPORTED, Source, number_findings

ARTICLE = (
    "Harbour's revenues for the three months were $410.4 million, compared to $342.6 million a year before. Orders of $4 million stood "
    "against $3.2 million. Output went from $51.2 million to $61.4 million. The margin came to 14.2%. Cash was $96.1 million, after "
    "$88.9 million in spring."
)


def claims(prose: str, article: str = ARTICLE) -> list[str]:
    """The figures of the prose that the article has nowhere."""
    findings = number_findings("summary", prose, Source("", article))[1]
    return [finding.claim for finding in findings if finding.reason == UNSUPPORTED]


@pytest.mark.parametrize(
    "prose",
    [
        "Harbour's revenues rose 20% to $410.4 million.",
        "Harbour's revenues rose 19.8 percent to $410.4 million.",
        "Revenues were $410.4 million, up 20%.",
        "Revenues of $410 million were 20% higher.",
        "Revenues rose 20% from a year earlier to $410.4 million.",
        "Revenues rose 20 percent year over year, to $410.4 million.",
        "Output rose 20% to $61.4 million.",
        "Revenues rose 20% to $410.4 million from $342.6 million.",
    ],
)
def test_a_change_that_follows_from_two_figures_is_carried(prose: str) -> None:
    """The article holds the figure that the card has beside the change against another one."""
    assert claims(prose) == []


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Harbour's revenues rose 21% to $410.4 million.", ["21%"]),
        ("Harbour's revenues rose 19.6% to $410.4 million.", ["19.6%"]),
        ("Harbour's revenues fell 20% to $410.4 million.", ["20%"]),
        ("Harbour's revenues rose 20% to $342.6 million.", ["20%"]),
        ("Harbour's revenues rose 20%.", ["20%"]),
        ("The margin was 20% on revenues of $410.4 million.", ["20%"]),
        ("Revenues were $410.4 million. Profit was up 20%.", ["20%"]),
        ("Revenues were $410.4 million and costs rose 20%.", ["20%"]),
        ("Costs rose 20% and revenues came to $410.4 million.", ["20%"]),
        ("Cash rose 8.1% to $96.1 million.", ["8.1%"]),
    ],
)
def test_another_change_is_found(prose: str, found: list[str]) -> None:
    """Another share, the other way, of another figure, or where the article doesn't hold the two against each other."""
    assert claims(prose) == found


def test_a_change_of_rounded_figures_may_be_any_of_several() -> None:
    """$4 million may be 3.6 or 4.4: what follows from it isn't known to the percent, only to tens of them."""
    assert claims("Orders rose 25% to $4 million.") == ["25%"]


@pytest.mark.parametrize("piece", ["$5 from $4 ", "$5, compared to ", "5% to $5 "])
def test_a_long_text_is_worked_out(piece: str) -> None:
    """Figures without end take linear time: a test that hangs fails."""
    number_findings("summary", "It rose 25% to $5. " * 50, Source("", piece * (100_000 // len(piece))))

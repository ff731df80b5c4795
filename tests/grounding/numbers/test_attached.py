"""What stands right behind a figure, told otherwise: its time, what it is counted from, its unit."""

from __future__ import annotations

import pytest

from agent.grounding.numbers import OTHER_BASIS, OTHER_TIME, OTHER_UNIT, Source, number_findings, stated_figures
from agent.grounding.numbers.attached import told_otherwise

ARTICLE = (
    "Earnings increased 0.2% from March and 3.9% from a year earlier. Employers added 175,000 jobs in April, after 315,000 in March. "
    "Net income was $31.0 million in the fourth quarter, 28.4% less than a year before but 16.6% more than in the third. "
    "Prices rose 1.5% quarter on quarter. Sales grew 6%, and 6% year on year without acquisitions. Margins gained 40 basis points "
    "sequentially. Rents rose 7% from the second quarter of last year, wages 8% in the year to June. "
    "Freight rose 9%, slower than in the previous quarter, fees 11% faster than a month ago, tolls 13% on the previous quarter's fall. "
    "Copper fell to $9,024 a tonne. It answered within 36 hours, 24 months later. It has 310 gigawatts."
)


def claims(prose: str, article: str = ARTICLE) -> list[tuple[str, str]]:
    """What the article has otherwise, and the figure before it."""
    found = told_otherwise(prose.lower(), stated_figures(prose), Source("", article))
    return [(sort, prose[figure.start : figure.end]) for sort, figure in found]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Earnings were up 3.9% on the month and 0.2% on the year.", ["3.9%", "0.2%"]),
        ("Income fell 28.4% from the previous quarter.", ["28.4%"]),
        ("Income was up 16.6% year over year.", ["16.6%"]),
        ("Prices rose 1.5% from a year ago.", ["1.5%"]),
        ("Margins gained 40 basis points YoY.", ["40 basis points"]),
        ("Rents rose 7% from the first quarter.", ["7%"]),
    ],
)
def test_a_change_counted_from_another_time_is_found(prose: str, found: list[str]) -> None:
    """A month, a quarter and a year are told apart, in words and in letters."""
    assert claims(prose) == [("base", figure) for figure in found]


@pytest.mark.parametrize(
    "prose",
    [
        "Earnings were up 0.2% month on month and 3.9% y/y.",
        "Income fell 28.4% from a year ago but rose 16.6% from the third quarter.",
        "Prices rose 1.5% sequentially and 6% from a year earlier.",
        "Rents rose 7% from a year ago.",
        "Wages rose 8% quarter on quarter.",
        "Freight rose 9% from a year earlier, fees rose 11% from a year earlier and tolls rose 13% from a year earlier.",
        "Earnings increased 3.9%. On the month they rose.",
        "Net income was $31.0 million, over a month ago.",
    ],
)
def test_what_the_article_counts_so_or_leaves_open_is_let_be(prose: str) -> None:
    """Other words for the same time, a time that the article names for none of its places, another sentence, no change."""
    assert claims(prose) == []


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("The economy added 175,000 jobs in March.", [("month", "175,000")]),
        ("It was 315,000 in April.", [("month", "315,000")]),
        ("It earned $31.0 million in the third quarter.", [("quarter", "$31.0 million")]),
        ("Copper costs $9,024 an ounce.", [("goods", "$9,024")]),
        ("It answered within 36 days.", [("span of time", "36")]),
        ("The 310 megawatts will be built in 36-hour shifts.", [("energy", "310")]),
    ],
)
def test_a_figure_of_another_time_or_unit_is_found(prose: str, found: list[tuple[str, str]]) -> None:
    """Both texts name it right behind the figure."""
    assert claims(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "It added 175,000 jobs in April.",
        "It earned $31.0 million in the fiscal fourth quarter.",
        "It earned $31.0 million in December.",
        "It added 175,000 jobs. In March it was more.",
        "In March it was less than 175,000.",
        "Copper costs $9,024 per metric ton.",
        "Copper, at $9,024, is dear.",
        "It took 36 hours, or 24 months.",
        "It took 24 hours.",
        "It costs 310 ounces.",
    ],
)
def test_a_figure_of_that_time_and_unit_or_of_none_is_let_be(prose: str) -> None:
    """A month isn't held against a quarter, nor what is told in other units of time just as well."""
    assert claims(prose) == []


def test_a_figure_told_of_several_times_is_let_be() -> None:
    """Which of them the card means can't be told."""
    assert claims("Sales rose 5% in May.", "It rose 5% in June, 5% in July, 5% in August and 5% in April.") == []


def test_they_are_told_with_their_place() -> None:
    """And what is wrong with them."""
    prose = "Prices rose 1.5% from a year ago, as 175,000 in March and the $9,024 an ounce showed."
    findings = number_findings("summary", prose, Source("", ARTICLE))[1]
    assert [(finding.claim, finding.start, finding.reason) for finding in findings] == [
        ("1.5%", 12, OTHER_BASIS),
        ("175,000", 37, OTHER_TIME),
        ("$9,024", 62, OTHER_UNIT),
    ]


@pytest.mark.parametrize("pattern", ["5% from a ", "5% in the ", "5 in march ", "5% a a year "])
def test_long_prose_is_read(pattern: str) -> None:
    """Six thousand characters, the most that a draft may have."""
    assert isinstance(claims(pattern * (6_000 // len(pattern))), list)

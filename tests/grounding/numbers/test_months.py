"""Months that a card names and its article doesn't."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.grounding.numbers import NO_MONTH, Source, number_findings
from agent.grounding.numbers.months import unsaid_months

ARTICLE = (
    "Gas traded above 340 euros last August and at 25 on 3 Dec. In the second quarter it was dearer, as it was by Nov. 2. It may be so at "
    "year-end. Since 2024-01-09 it has been 23, since 1/2/2024 24."
)
MAY = datetime(2024, 5, 7, tzinfo=UTC)


def months(prose: str, article: str = ARTICLE, published: datetime | None = None) -> list[str]:
    """Those that the article doesn't have."""
    return [prose[start:end] for start, end in unsaid_months(prose, Source("", article, published))]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("It had traded above 340 euros in March.", ["March"]),
        ("Since March it has fallen, and in late May it rose.", ["March"]),
        ("Last July it was less, until October.", ["July", "October"]),
    ],
)
def test_a_month_that_the_article_has_nowhere_is_found(prose: str, found: list[str]) -> None:
    """Behind a word that tells when."""
    assert months(prose) == found


@pytest.mark.parametrize(
    "prose",
    [
        "It had traded above 340 euros in August.",
        "In December it was 25.",
        "In June, May and April it was dearer.",
        "In November it was dearer.",
        "It may rise, and they march in step.",
        "It must end before July.",
        "It was in March 3 that it fell.",
        "Since June Chen and April Lund took over it fell.",
        "In February it was 24, in January 23.",
    ],
)
def test_a_month_that_the_article_has_or_that_is_none_is_let_be(prose: str) -> None:
    """By its name, a day, a quarter or the end of the year; the days of a card are looked for elsewhere."""
    assert months(prose) == []


def test_a_month_near_publication_is_let_be_where_the_article_speaks_of_months() -> None:
    """It may tell the last one by its name."""
    assert months("It fell in April.", "It fell last month.", MAY) == []
    assert months("It fell in April and in May.", "It fell.", MAY) == ["April"]
    assert months("It fell in April.", "It fell last month.") == ["April"]
    assert months("It fell in October.", "It fell last month.", MAY) == ["October"]


def test_it_is_told_with_its_place() -> None:
    """And what is wrong with it."""
    (finding,) = number_findings("summary", "Gas traded above 340 euros in March.", Source("", ARTICLE))[1]
    assert (finding.claim, finding.start, finding.reason) == ("March", 30, NO_MONTH)


def test_each_counts_as_a_statement() -> None:
    """There are no more findings than statements."""
    stated, findings = number_findings("summary", "In March it rose, and in July and since October it fell.", Source("", ARTICLE))
    assert (stated, [finding.claim for finding in findings]) == (3, ["March", "July", "October"])

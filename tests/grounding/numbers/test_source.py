"""Figures that the article has in other words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.grounding.numbers import Source, number_findings

AUTUMN = datetime(2031, 11, 20, tzinfo=UTC)


def claims(prose: str, article: str) -> list[str]:
    """What of `prose` an article of November doesn't carry."""
    return [finding.claim for finding in number_findings("summary", prose, Source("", article, AUTUMN))[1]]


@pytest.mark.parametrize(
    "article", ["Profit rose in the half year to September.", "Half-year profit rose.", "Profit for the six months ended September rose."]
)
def test_a_half_year_is_the_first_half(article: str) -> None:
    """The second half is reported in the year's results, and a quarter is no half."""
    assert claims("First-half profit rose.", article) == []
    assert claims("Second-half profit rose.", article) == ["Second-half"]
    assert claims("First-half profit rose.", "Profit rose in the quarter.") == ["First-half"]


def test_a_quarter_may_be_told_without_the_word() -> None:
    """Behind another quarter, "the second" is one too; where no quarter is spoken of it isn't."""
    article = "Profit in the fourth quarter was more than in the second, and less than a year before."
    assert claims("Profit rose from the second quarter.", article) == []
    assert claims("Profit rose from the first quarter.", article) == ["first quarter"]
    assert claims("Profit rose from the second quarter.", "Of its two bids the board preferred the second.") == ["second quarter"]


def test_so_many_times_as_much_is_more_by_a_part() -> None:
    """1.5 times what it was is up by half, and not by a third."""
    article = "The backlog was 1.5 times what it was a year ago."
    assert claims("The backlog is up by half.", article) == []
    assert claims("The backlog is up by half.", "The backlog was 1.2 times what it was a year ago.") == ["by half"]


@pytest.mark.parametrize(
    ("day", "article"),
    [
        ("June 30", "Deposits were counted at the end of the second quarter."),
        ("30 June", "Deposits rose from the prior quarter end. The second quarter was strong."),
        ("March 31", "Deposits were counted at quarter-end; Q1 was strong."),
        ("December 31", "Deposits were counted at year-end."),
        ("December 31", "Deposits were counted at the end of the fourth quarter."),
        ("December 31", "Deposits were counted at the end of 2030."),
        ("April 30", "Deposits were counted at the end of April."),
        ("February 29", "Deposits were counted at the end of February."),
        ("March 31", "Deposits rose in the quarter ended March."),
    ],
)
def test_the_last_day_may_be_told_as_the_end(day: str, article: str) -> None:
    """The end of a quarter, a year or a month is its last day."""
    assert claims(f"Deposits were counted on {day}.", article) == []


@pytest.mark.parametrize(
    ("day", "article"),
    [
        ("June 30", "Deposits were counted in the second quarter."),
        ("September 30", "Deposits were counted at the end of the second quarter."),
        ("June 29", "Deposits were counted at the end of the second quarter."),
        ("June 30", "Deposits were counted at the end of the second quarter of fiscal 2031."),
        ("June 30", "Deposits were counted at the end of the second quarter of the financial year."),
        ("June 30", "Deposits were counted at year-end, after a good second quarter."),
        ("December 31", "Deposits were counted at the end of fiscal 2030."),
        ("April 30", "Deposits were counted at the end of March."),
        ("March 30", "Deposits were counted at the end of March."),
        ("May 31", "Deposits were counted at the end; in May they rose."),
        ("March 31", "Deposits were counted at the end of market hours."),
        ("March 31", "Deposits rose in the quarter ended March 28."),
    ],
)
def test_another_day_is_no_end(day: str, article: str) -> None:
    """Only the last day is, of what the article says has ended; the quarters of a fiscal year end nobody knows when."""
    assert claims(f"Deposits were counted on {day}.", article) == [day]


def test_a_period_that_ended_is_its_quarter() -> None:
    """The three months ended 30 June are the second quarter, whether or not the article says that it ended."""
    for prose in ("Sales for the three months ended June 30 rose.", "In the quarter ending 30 June sales rose."):
        assert claims(prose, "Sales rose in the second quarter.") == []
        assert claims(prose, "Sales rose in the third quarter.") != []
        assert claims(prose, "Sales rose in the second quarter of fiscal 2031.") != []

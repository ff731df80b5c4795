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

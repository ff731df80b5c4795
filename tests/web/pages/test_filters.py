"""Which cards a reader wants, as the address has it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.web.pages.filters import Filters

ALL = Filters("chip orders", "META", "AI & data", "strongly negative", 0.45, date(2025, 6, 1), date(2025, 6, 18))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def read(address: str) -> Filters:
    """The filters of an address that has nothing wrong with it."""
    found, problems = Filters.read(dict(parse_qsl(urlsplit(address).query)))
    assert problems == []
    return found


def test_an_address_holds_all_of_them() -> None:
    """And gives them back."""
    assert read(ALL.address()) == ALL
    assert Filters().address() == "/"


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_is_typed_comes_back(q: str, ticker: str, topic: str) -> None:
    """White space apart, and tickers in capitals."""
    typed, problems = Filters.read({"q": q, "ticker": ticker, "topic": topic})
    assert problems == []
    assert read(typed.address()) == typed


def test_each_chip_leads_to_the_list_without_it() -> None:
    """And with all others."""
    assert [(one.name, one.value) for one in ALL.active] == [
        ("Search", "“chip orders”"),
        ("Ticker", "META"),
        ("Topic", "AI & data"),
        ("Sentiment", "strongly negative"),
        ("Impact", "0.45 (moderate) or more"),
        ("From", "2025-06-01"),
        ("To", "2025-06-18"),
    ]
    for number, one in enumerate(ALL.active):
        rest = read(one.without).active
        assert [other.name for other in rest] == [other.name for place, other in enumerate(ALL.active) if place != number]


def test_days_are_whole_days() -> None:
    """In UTC, both included."""
    query = ALL.query(None, 30)
    assert query.since == datetime(2025, 6, 1, tzinfo=UTC)
    assert query.until == datetime(2025, 6, 18, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"sentiment": "gloomy"}, "“gloomy” is no sentiment"),
        ({"min_impact": "high"}, "“high” is no impact between 0 and 1"),
        ({"min_impact": "7"}, "“7” is no impact between 0 and 1"),
        ({"min_impact": "nan"}, "“nan” is no impact between 0 and 1"),
        ({"from": "yesterday"}, "“yesterday” is no day such as 2025-06-18"),
        ({"from": "2025-06-02", "to": "2025-06-01"}, "there are no days"),
    ],
)
def test_what_cannot_be_a_filter_is_said(asked: dict[str, str], problem: str) -> None:
    """And left out, so that the rest of the list is still there."""
    _, (line,) = Filters.read(asked)
    assert problem in line


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"ticker": " meta "}, {"ticker": "META"}),
        ({"ticker": "$brk-b"}, {"ticker": "BRK-B"}),
        ({"min_impact": "0,4"}, {"min_impact": 0.4}),
        ({"min_impact": "0"}, {"min_impact": None}),
        ({"sentiment": "Positive"}, {"sentiment": "positive"}),
        ({"to": "2025-06-18T10:00"}, {"until": date(2025, 6, 18)}),
    ],
)
def test_people_write_in_their_own_way(typed: dict[str, str], read: dict[str, Any]) -> None:
    """What is meant is clear."""
    found, problems = Filters.read(typed)
    assert problems == []
    assert found == Filters(**read)

"""JSON records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.errors import ArticleError
from agent.sources.records import article_of


def article(**record: Any) -> Article:
    """The article of a record with a text."""
    found = article_of({"text": "Acme rose."} | record, "here")
    assert isinstance(found, Article), found
    return found


def test_our_own_names() -> None:
    """All fields of an article."""
    record = {"id": "a", "title": "T", "text": "X", "url": "https://e.com/a", "source": "Wire", "published_at": "2025-06-18T21:00:00Z"}
    assert article(**record) == Article.model_validate(record)


@pytest.mark.parametrize(
    ("field", "alias", "value"),
    [("title", "headline", "T"), ("url", "link", "https://e.com/a"), ("source", "publisher", "Wire")],
)
def test_other_names(field: str, alias: str, value: str) -> None:
    """Feeds name things differently."""
    assert getattr(article(**{alias: value}), field) == value


@pytest.mark.parametrize("alias", ["text", "body", "content"])
def test_other_names_of_the_text(alias: str) -> None:
    """The same."""
    found = article_of({alias: "X"}, "here")
    assert isinstance(found, Article)
    assert found.text == "X"


def test_a_blank_field_gives_way_to_another_name() -> None:
    """An export with all columns, most of them empty."""
    found = article_of({"text": " ", "body": None, "content": "X", "title": "", "headline": "T"}, "here")
    assert isinstance(found, Article)
    assert (found.text, found.title) == ("X", "T")


def test_a_source_may_be_an_object_with_a_name() -> None:
    """News interfaces write it so."""
    assert article(source={"id": None, "name": "Wire"}).source == "Wire"
    assert article(source={}).source is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-06-18T21:00:00Z", datetime(2025, 6, 18, 21, tzinfo=UTC)),
        ("2025-06-18T21:00:00-04:00", datetime(2025, 6, 19, 1, tzinfo=UTC)),
        ("2025-06-18 21:00", datetime(2025, 6, 18, 21, tzinfo=UTC)),
        ("2025-06-18", datetime(2025, 6, 18, tzinfo=UTC)),
        ("Wed, 18 Jun 2025 21:00:00 GMT", datetime(2025, 6, 18, 21, tzinfo=UTC)),
        ("18 Jun 2025 21:00:00 -0400", datetime(2025, 6, 19, 1, tzinfo=UTC)),
        (1_750_280_400, datetime(2025, 6, 18, 21, tzinfo=UTC)),
        (1_750_280_400_000, datetime(2025, 6, 18, 21, tzinfo=UTC)),
        ("1750280400", datetime(2025, 6, 18, 21, tzinfo=UTC)),
        ("20250618", datetime(2025, 6, 18, tzinfo=UTC)),
        ("Wed, 18 Jun 2025 21:00:00 EDT", datetime(2025, 6, 19, 1, tzinfo=UTC)),
        ("18 Jun 2025 21:00:00 -0400 (EDT)", datetime(2025, 6, 19, 1, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("name", ["published_at", "published", "publishedAt", "date"])
def test_dates_are_read_as_feeds_write_them(name: str, written: object, moment: datetime | None) -> None:
    """ISO 8601, e-mail's form, or seconds since 1970; without a zone, UTC."""
    assert article(**{name: written}).published_at == moment


@pytest.mark.parametrize("written", ["Thu, 99 Foo 2025 21:00:00 GMT", "next week", "18 Jun 2025 noon", [], {}, True])
def test_a_date_that_cannot_be_read_fails_the_article(written: object) -> None:
    """A card with the wrong day, or silently without one, would be worse."""
    found = article_of({"text": "X", "date": written}, "here")
    assert isinstance(found, ArticleError)
    assert str(found) == "here: its date can't be read; write it like 2025-06-18T21:00:00Z"


@pytest.mark.parametrize("written", [2025, "2025", 20250618, 202506182100, 20250618210000, 45826, 0, -1, 1e300])
def test_a_number_that_is_no_time_is_not_taken_for_seconds(written: object) -> None:
    """A year, a day without dashes and a spreadsheet's day would all be read as other days, mostly of 1970."""
    assert "its date can't be read" in str(article_of({"text": "X", "date": written}, "here"))


@pytest.mark.parametrize("zone", ["JST", "CEST", "PM", "+09:00"])
def test_a_zone_that_is_not_known_is_not_taken_for_utc(zone: str) -> None:
    """It could be another day."""
    assert "its date can't be read" in str(article_of({"text": "X", "date": f"Wed, 18 Jun 2025 02:00:00 {zone}"}, "here"))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=2) | st.dictionaries(st.text(max_size=4), children, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(["id", "title", "text", "body", "url", "source", "date", "published_at", "other"])


@given(json_values | st.dictionaries(names, json_values, max_size=6))
def test_any_record_is_an_article_or_an_error_of_one_line(record: Any) -> None:
    """Whatever stands in the file."""
    found = article_of(record, "here")
    assert isinstance(found, Article) or (str(found).startswith("here: ") and "\n" not in str(found))

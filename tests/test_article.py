"""The article: the one text that offsets refer to, its id, digest and headline."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.article import HEADLINE_CHARS, Article, normalise


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufeff a \n", "a"),
        ("a\x00\x1b[31m\x85b", "a[31mb"),
        ("a\ud800b", "ab"),
        ("a\u00a0 b\tc", "a\u00a0 b\tc"),
        ("“a” — e\u0301…", "“a” — e\u0301…"),
    ],
)
def test_only_line_ends_controls_and_outer_space_are_normalised(raw: str, text: str) -> None:
    """The author's quotation marks, dashes, inner spaces and accents stay, so offsets hold for the text a user has."""
    assert Article(text=raw).text == text


@given(st.text(alphabet=st.characters(), max_size=80) | st.text(alphabet="\r\n \x00\ufeffa", max_size=20))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    """A text that was normalised stays as it is, so a stored article keeps its offsets."""
    assert normalise(normalise(text)) == normalise(text)


@given(
    st.text(alphabet=st.characters(exclude_categories=[]), max_size=40)
    | st.text(alphabet="a \n\t\r\x00\x0b\x7f\x85\xa0\u00c2\ufeff\ud800", max_size=12)
)
def test_the_quick_look_for_controls_misses_none_and_finds_no_other(text: str) -> None:
    """As a pattern over every character would have it."""
    slow = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert normalise(text) == re.sub(r"\A[\s\ufeff]+", "", slow).rstrip()
    assert Article(title=text, text="x").title == " ".join(normalise(text).split())


def test_an_article_without_an_id_gets_one_from_its_content() -> None:
    """The same content has the same id, other content another."""
    assert Article(text="a").id == Article(text="a").id == f"article-{Article(text='a').digest[:12]}"
    assert Article(text="a").id != Article(text="b").id


@pytest.mark.parametrize(("given_id", "kept"), [("x1", "x1"), (17, "17"), (" a\nb ", "a b")])
def test_a_given_id_is_kept_on_one_line(given_id: object, kept: str) -> None:
    """Numbers become text and line ends spaces: an id stands in messages and file names."""
    assert Article.model_validate({"id": given_id, "text": "a"}).id == kept


@pytest.mark.parametrize(
    "other",
    [
        {"title": "T2"},
        {"source": "S2"},
        {"text": "x2"},
        {"published_at": "2025-01-02T00:00:00Z"},
        {"title": "TS", "source": ""},
        {"title": "T\x1fS", "source": None},
    ],
)
def test_everything_a_prompt_shows_is_in_the_digest(other: dict[str, str]) -> None:
    """Another title, source, date or text is another digest, and a piece can't move from one field to the next unseen."""
    base = {"title": "T", "source": "S", "text": "x", "published_at": "2025-01-01T00:00:00Z"}
    assert Article.model_validate(base).digest != Article.model_validate(base | other).digest


def test_what_no_prompt_shows_is_not_in_the_digest() -> None:
    """The id and address don't change what a model is asked."""
    assert Article(text="x", id="1", url="https://example.com/1").digest == Article(text="x", id="2").digest


def test_the_headline_is_the_title() -> None:
    """A title is the headline, on one line."""
    assert Article(title=" A\n title ", text="First line\nmore").headline == "A title"


def test_without_a_title_the_first_line_is_the_headline() -> None:
    """A short first line reads like a title."""
    assert Article(text="First line\nmore").headline == "First line"


def test_a_long_first_line_is_cut_between_words() -> None:
    """The headline never exceeds its length and ends with an ellipsis when words are missing."""
    headline = Article(text="word " * 100).headline
    assert len(headline) <= HEADLINE_CHARS
    assert headline.endswith("word…")
    assert len(Article(text="x" * 500).headline) == HEADLINE_CHARS


@pytest.mark.parametrize(
    "written",
    [
        "2025-06-18T21:00:00Z",
        "2025-06-18T23:00:00+02:00",
        "2025-06-18T21:00:00",
        datetime(2025, 6, 18, 17, tzinfo=timezone(timedelta(hours=-4))),
    ],
)
def test_dates_are_aware_and_in_utc(written: object) -> None:
    """A time with a zone is converted, one without is taken as UTC."""
    assert Article.model_validate({"text": "x", "published_at": written}).published_at == datetime(2025, 6, 18, 21, tzinfo=UTC)


def test_a_kind_of_datetime_becomes_a_plain_one() -> None:
    """A pandas Timestamp would be written into a batch's rows as `{}`."""

    class Timestamp(datetime):
        """As pandas has it."""

    article = Article(text="x", published_at=Timestamp(2025, 6, 18, 21, tzinfo=UTC))
    assert type(article.published_at) is datetime


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_blank_fields_are_absent(blank: str | None) -> None:
    """An empty column of a table is no address, source or date."""
    article = Article.model_validate({"text": "x", "url": blank, "source": blank, "published_at": blank})
    assert (article.url, article.source, article.published_at) == (None, None, None)


def test_an_address_has_no_character_that_cannot_be_written() -> None:
    """A lone surrogate would keep the card from being written."""
    assert Article(text="x", url="https://example.com/\ud800a").url == "https://example.com/a"


def test_text_is_required_and_never_shown_in_the_error() -> None:
    """An article without text isn't one; the error holds nothing of the input."""
    with pytest.raises(ValidationError) as caught:
        Article.model_validate({"title": "secret words"})
    assert "secret words" not in str(caught.value)


def test_unknown_fields_are_ignored() -> None:
    """Rows of other people's tables have columns of their own."""
    assert Article.model_validate({"text": "x", "author": "A"}).text == "x"

"""CSV and Parquet: a row, an article."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agent.article import Article
from agent.sources import read_placed, read_sources

ROWS = [
    {"id": "a", "headline": "Acme raises", "body": "Acme raised its forecast, shares rose.\nMuch.", "published": "2025-06-18T21:00:00Z"},
    {"id": "b", "headline": "", "body": "Borealis cut jobs.", "published": ""},
]


def articles(*sources: str) -> list[Article]:
    """The articles, all of which can be read."""
    found = list(read_sources(sources))
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns_are_named_as_a_records_fields_are(delimiter: str) -> None:
    """Quoted cells may hold line ends; an empty cell is no value."""
    cells = (f'"{row[name]}"' for row in ROWS for name in row)
    rows = [delimiter.join(ROWS[0]), delimiter.join(next(cells) for _ in range(4)), delimiter.join(cells)]
    Path("news.csv").write_text("\r\n".join(rows) + "\r\n", "utf-8-sig")
    first, second = articles("news.csv")
    assert (first.id, first.title, first.published_at) == ("a", "Acme raises", datetime(2025, 6, 18, 21, tzinfo=UTC))
    assert first.text == "Acme raised its forecast, shares rose.\nMuch."
    assert (second.id, second.title, second.published_at) == ("b", "", None)


def test_csv_is_read_a_row_at_a_time() -> None:
    """A pipe that never ends gives its rows as they come."""

    class Endless(io.RawIOBase):
        taken = 0

        def readline(self, _limit: int | None = -1, /) -> bytes:
            self.taken += 1
            return b"id,text\n" if self.taken == 1 else b"%d,some words\n" % self.taken

    from agent.sources.files import read_stream

    stream = Endless()
    rows = read_stream(stream, "pipe", "table")  # type: ignore[arg-type]
    assert next(rows).place == "pipe row 1"
    assert stream.taken < 5


def test_parquet_columns_are_named_as_a_records_fields_are() -> None:
    """Times, whole numbers and missing values come as they are stored; other columns aren't read."""
    table = pa.table(
        {
            "id": [1, 2],
            "title": ["Acme raises", None],
            "text": ["Acme raised its forecast.", "Borealis cut jobs."],
            "date": [datetime(2025, 6, 18, 21, tzinfo=UTC), None],
            "embedding": [[0.0], [1.0]],
        }
    )
    pq.write_table(table, "news.parquet", row_group_size=1)
    first, second = articles("news.parquet")
    assert (first.id, first.title, first.published_at) == ("1", "Acme raises", datetime(2025, 6, 18, 21, tzinfo=UTC))
    assert (second.id, second.title, second.published_at) == ("2", "", None)


def test_a_parquet_row_without_a_text_names_its_place() -> None:
    """The other rows are read."""
    pq.write_table(pa.table({"id": ["a", "b"], "text": [None, "Borealis cut jobs."]}), "news.parquet")
    bad, good = read_placed(["news.parquet"])
    assert (bad.place, good.place) == ("news.parquet row 1", "news.parquet row 2")
    assert "it has no text" in str(bad.item)


def test_where_a_file_stops_being_csv_is_told_in_rows() -> None:
    """Cells of several lines before it, and a quotation mark that is never closed, don't change the number."""
    Path("quote.csv").write_text('id,text\na,"Acme\nraised\nits forecast."\nb,"Borealis"cut jobs.\n')
    assert [str(item) for item in read_sources(["quote.csv"])][1:] == ["quote.csv: not CSV from row 2 on: ',' expected after '\"'"]
    Path("open.csv").write_text('id,text\na,Acme raised.\nb,"Borealis\nc,Cirrus\nd,Dorado\n')
    assert [str(item) for item in read_sources(["open.csv"])][1:] == ["open.csv: not CSV from row 2 on: unexpected end of data"]
    Path("latin.csv").write_bytes("id,text\na,Acme raised.\nb,Café cut jobs.\n".encode("latin-1"))
    assert [str(item) for item in read_sources(["latin.csv"])][1:] == [
        "latin.csv: not UTF-8 text from row 2 on (byte 0xe9); convert it with iconv"
    ]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_of_two_columns_of_one_name_none_is_taken(kind: str) -> None:
    """Either could be the article's text."""
    if kind == "csv":
        Path("news.csv").write_text("id,text,text\na,Acme raised.,Borealis cut jobs.\n")
    else:
        columns = [pa.array([cell]) for cell in ("a", "Acme raised.", "Borealis cut jobs.")]
        pq.write_table(pa.Table.from_arrays(columns, names=["id", "text", "text"]), "news.parquet")
    assert [str(item) for item in read_sources([f"news.{kind}"])] == [f"news.{kind}: 2 columns are named text; keep one"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "America/New_York", "Mars/Olympus"])
def test_a_parquet_time_is_the_same_moment_in_any_unit_and_zone(unit: str, zone: str | None) -> None:
    """It is counted in UTC; the zone is for show. Nanoseconds, as pandas writes them, give a plain time too."""
    moment = datetime(2025, 6, 18, 21, 0, 5, tzinfo=UTC)
    count = int(moment.timestamp()) * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    times = pa.array([count + 1 if unit == "ns" else count], pa.timestamp(unit, tz=zone))
    pq.write_table(pa.table({"id": ["a"], "text": ["Acme raised."], "date": times}), "news.parquet")
    (article,) = articles("news.parquet")
    assert article.published_at == moment
    assert type(article.published_at) is datetime


def test_a_parquet_time_that_no_calendar_has_fails_its_row_alone() -> None:
    """The other rows are read."""
    times = pa.array([9 * 10**15, 1_750_280_400], pa.timestamp("ms"))
    pq.write_table(pa.table({"id": ["a", "b"], "text": ["Acme raised.", "Borealis cut jobs."], "date": times}), "news.parquet")
    bad, good = read_placed(["news.parquet"])
    assert "its date can't be read" in str(bad.item)
    assert isinstance(good.item, Article)


@pytest.mark.parametrize("head", ["id,title,text", '"id";"body"', "date\theadline\tcontent\tother"])
def test_csv_without_a_suffix_is_known_by_the_names_of_its_columns(head: str) -> None:
    """As one text, all rows would be one article."""
    from agent.sources.files import kind_of

    assert kind_of(head.encode() + b"\n") == "table"


@pytest.mark.parametrize("line", ["text", "Acme, the text of a title", "title, body and content of a letter", "url text", "id,title,notes"])
def test_a_line_of_prose_names_no_columns(line: str) -> None:
    """Nor does a table without texts."""
    from agent.sources.files import kind_of

    assert kind_of(line.encode()) == "text"

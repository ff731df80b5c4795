"""Exports: every format whole, typed, and inert."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agent.batch import read_rows
from agent.batch.folder import RunFolder
from agent.batch.rows import Head, Spent, article_key, encode
from agent.card import Card
from agent.cli.batch import export as export_command
from agent.cli.output import OutputFailed
from agent.errors import RunRefused, UsageError
from agent.export import export
from agent.export.flat import CARD, COLUMNS
from agent.export.sheet import cell
from tests.present.sample import CARD as SAMPLE

EVIL = '=HYPERLINK("http://evil.example","click")'


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of three: a card, one whose title is a formula and markup, a failure; the second was a failure once."""
    path = tmp_path / "run"
    RunFolder.open(path, {"model": "m"}).close()
    cards = [SAMPLE, SAMPLE.model_copy(update={"id": "evil", "title": f"{EVIL}<script>alert(1)</script>"})]
    failure = b'{"error":"NoReply","problem":"no usable reply","source":"Wire"}'
    lines = [_line("evil", "fail", failure), *(_line(card.id, "card", card.to_json().encode()) for card in cards)]
    lines.append(_line("none", "fail", failure))
    (path / "rows" / "000001.jsonl").write_bytes(b"".join(lines))
    return path


def _line(name: str, kind: str, body: bytes) -> bytes:
    head = Head(article_key(name), 1, kind, Spent(1, 1, 100, 0, 10, 0.5, 0.5))  # type: ignore[arg-type]  # one of the kinds
    return encode(head, {"id": name, "place": f"in.jsonl:{name}"}, body)


def test_rows_are_read_one_an_id(run: Path) -> None:
    """A card in place of an earlier failure."""
    assert [(row.id, row.status) for row in read_rows(run)] == [(SAMPLE.id, "ok"), ("evil", "ok"), ("none", "failed")]


def test_json_lines_hold_the_cards_as_the_contract_has_them(run: Path, tmp_path: Path) -> None:
    """And failures that can't be taken for one."""
    export([run], tmp_path / "out.jsonl")
    first, _, failed = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert Card.model_validate(first) == SAMPLE
    assert failed == {"id": "none", "status": "failed", "error": "NoReply", "problem": "no usable reply", "place": "in.jsonl:none"}


def test_a_spreadsheet_runs_nothing_of_a_csv(run: Path, tmp_path: Path) -> None:
    """Checklist D37: no cell begins with what makes it a formula."""
    export([run], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [SAMPLE.id, "evil", "none"]
    assert rows[1]["title"] == f"'{EVIL}<script>alert(1)</script>"
    assert rows[0]["tickers"] == "; ".join(SAMPLE.tickers)
    assert rows[2]["error"] == "NoReply"


# Full-width signs, which spreadsheets in Japanese take for the others, stand in their own script here.
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠SUM(A1)"])
def test_a_formula_is_quoted(text: str) -> None:
    """Whatever it begins with."""
    assert cell(text) == "'" + text


@pytest.mark.parametrize("value", [-0.8, 3, None, "plain", ""])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    """A negative score is a number, not a formula."""
    assert cell(value) == value


def test_parquet_is_typed(run: Path, tmp_path: Path) -> None:
    """Times are times, lists are lists, the card is there whole."""
    export([run], tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.names == [*(column.name for column in COLUMNS), CARD]
    assert {name: str(table.schema.field(name).type) for name in ("published_at", "tickers", "market_impact", "requests")} == {
        "published_at": "timestamp[us, tz=UTC]",
        "tickers": "list<element: string>",
        "market_impact": "double",
        "requests": "int64",
    }
    first = table.to_pylist()[0]
    assert first["published_at"] == SAMPLE.published_at
    assert Card.model_validate_json(first[CARD]) == SAMPLE


def test_sqlite_finds_cards_by_ticker(run: Path, tmp_path: Path) -> None:
    """A row in `tickers` for each of them."""
    export([run], tmp_path / "out.sqlite")
    with closing(sqlite3.connect(tmp_path / "out.sqlite")) as database:
        assert database.execute("SELECT count(*), sum(cost_usd) FROM cards").fetchone() == (3, 1.5)
        found = database.execute("SELECT DISTINCT symbol FROM tickers ORDER BY symbol").fetchall()
    assert [symbol for (symbol,) in found] == sorted(set(SAMPLE.tickers))


@pytest.mark.parametrize("beside", ["-wal", "-journal"])
def test_a_database_that_is_open_elsewhere_is_not_written_over(beside: str, run: Path, tmp_path: Path) -> None:
    """SQLite would take what another program left beside the old file for a part of the new one."""
    target = tmp_path / "out.sqlite"
    for _ in range(2):
        export([run], target)
    before = target.read_bytes()
    Path(f"{target}{beside}").write_bytes(b"pages")
    with pytest.raises(UsageError, match=f"out.sqlite{beside} is there: another program has the database open"):
        export([run], target)
    assert target.read_bytes() == before


def test_html_shows_markup_as_text(run: Path, tmp_path: Path) -> None:
    """Checklist D37; failures are listed."""
    export([run], tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "1 article without a card" in page


def test_an_export_that_fails_leaves_what_was_there(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole file or none of it."""
    (tmp_path / "out.html").write_text("before")
    monkeypatch.setattr("agent.export.pages.MOST", 1)
    with pytest.raises(UsageError, match="too many for one page"):
        export([run], tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text() == "before"
    assert not list(tmp_path.glob(".newscard-*"))


def test_a_card_in_one_shard_beats_a_failure_in_another(run: Path, tmp_path: Path) -> None:
    """Whichever is named first."""
    other = tmp_path / "other"
    RunFolder.open(other, {"model": "m"}).close()
    failure = b'{"error":"NoReply","problem":"x"}'
    (other / "rows" / "000001.jsonl").write_bytes(_line("evil", "fail", failure) + _line("more", "fail", failure))
    for paths in ([run, other], [other, run]):
        states = {row.id: row.status for row in read_rows(*paths)}
        assert states == {SAMPLE.id: "ok", "evil": "ok", "none": "failed", "more": "failed"}


def test_rows_that_cannot_be_read_are_named_and_not_the_target(run: Path, tmp_path: Path) -> None:
    """Nobody looks for the fault in the wrong place."""
    (run / "rows" / "000002.jsonl").mkdir()
    with pytest.raises(OutputFailed, match=f"^{run}/rows/000002.jsonl: Is a directory$"):
        export_command([run], to=tmp_path / "out.csv")


def test_an_empty_run_and_an_unknown_format_are_refused(run: Path, tmp_path: Path) -> None:
    """Nothing is written."""
    RunFolder.open(tmp_path / "empty", {"model": "m"}).close()
    with pytest.raises(RunRefused, match="there is no row in it yet"):
        export([tmp_path / "empty"], tmp_path / "out.csv")
    with pytest.raises(UsageError, match="its suffix names no format"):
        export([run], tmp_path / "out.xlsx")


def test_no_export_goes_where_the_run_keeps_its_rows(run: Path) -> None:
    """It could take a segment's name."""
    before = {path: path.read_bytes() for path in (run / "rows").iterdir()}
    with pytest.raises(UsageError, match="keeps its rows there"):
        export([run], run / "rows" / "000001.jsonl")
    assert {path: path.read_bytes() for path in (run / "rows").iterdir()} == before


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(run: Path, tmp_path: Path) -> None:
    """As with the cards of `enrich --out`."""
    (tmp_path / "kept.csv").write_text("old")
    (tmp_path / "kept.csv").chmod(0o640)
    (tmp_path / "link.csv").symlink_to("kept.csv")
    export([run], tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "kept.csv").read_text("utf-8-sig").startswith("id,")
    assert (tmp_path / "kept.csv").stat().st_mode & 0o777 == 0o640

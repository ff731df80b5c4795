"""Making the table from the SEC's list."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.symbols import build
from agent.symbols.build import PACKAGED, Row, read_rows, table_text
from agent.symbols.classes import common_shares
from agent.symbols.names import name_key
from agent.symbols.table import SymbolTable

LIST: dict[str, list[Any]] = {
    "fields": ["cik", "name", "ticker", "exchange"],
    "data": [
        [19617, "JPMORGAN CHASE & CO", "JPM", "NYSE"],
        [1067983, "BERKSHIRE HATHAWAY INC", "BRK-B", "NYSE"],
        [19617, "JPMORGAN CHASE & CO", "JPM-PC", "NYSE"],
        [1067983, "BERKSHIRE HATHAWAY INC", "BRK-A", "NYSE"],
        [7, "Example Shell", "EXAM", None],
        [8, "No Symbol Inc", "", "OTC"],
    ],
}


def test_the_secs_json_becomes_a_table() -> None:
    """One issuer a line, in the list's order, common shares first."""
    text = table_text(read_rows(LIST), version="2026-01-31", source="a test")
    assert text.splitlines() == [
        "# newscard symbols\t2026-01-31\ta test",
        "19617\tJPMorgan Chase & Co\tjpmorgan chase\tJPM:N\tJPM.PC:N",
        "1067983\tBerkshire Hathaway Inc\tberkshire hathaway\tBRK.A:N BRK.B:N\t",
        "7\tExample Shell\texample shell\tEXAM:-\t",
    ]


def test_the_table_reads_back() -> None:
    """Symbols, exchanges and names survive."""
    table = SymbolTable(table_text(read_rows(LIST), version="2026-01-31", source="a test"))
    shell = table.resolve("Example Shell")
    assert table.version == "2026-01-31"
    assert shell is not None
    assert [(listing.symbol, listing.exchange) for listing in shell.listings] == [("EXAM", None)]


@pytest.mark.parametrize(
    "content",
    [None, [], {"fields": []}, {"fields": ["cik"], "data": []}, LIST | {"data": [[1, 2]]}, LIST | {"data": [["x", "A", "A", "A"]]}],
)
def test_what_is_not_the_secs_list_is_refused(content: object) -> None:
    """A ValueError, whatever came."""
    with pytest.raises(ValueError, match="SEC's list"):
        read_rows(content)


def test_a_version_is_a_date() -> None:
    """Versions are compared as text, so nothing else will do."""
    with pytest.raises(ValueError, match="2026-01-31"):
        table_text([], version="5.62", source="a test")


def test_the_command_line_reads_json_and_parquet(tmp_path: Path) -> None:
    """Both give the same bytes."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = list(zip(*LIST["data"], strict=True))
    frame = {"cik": [f"{cik:010d}" for cik in columns[0]], "name": columns[1], "ticker": columns[2], "exchange": columns[3]}
    parquet.write_table(pyarrow.table(frame), tmp_path / "list.parquet")
    (tmp_path / "list.json").write_text(json.dumps(LIST), encoding="utf-8")
    for kind in ("json", "parquet"):
        build.main([str(tmp_path / f"list.{kind}"), "--version", "2026-01-31", "--out", str(tmp_path / f"{kind}.tsv")])
    assert (tmp_path / "json.tsv").read_bytes() == (tmp_path / "parquet.tsv").read_bytes()


def test_the_packaged_table_is_what_the_rules_make_of_its_rows() -> None:
    """Nobody edits it by hand, and nobody changes a rule without making it again."""
    letters = {letter: exchange for exchange, letter in build.EXCHANGE_LETTERS.items()}
    for line in PACKAGED.read_text(encoding="utf-8").splitlines()[1:]:
        cik, name, key, common, others = line.split("\t")
        pairs = [(part[:-2], letters[part[-1]]) for part in f"{common} {others}".split()]
        assert common_shares(int(cik), pairs) == tuple(part[:-2] for part in common.split())
        assert key in {name_key(name), name_key(name.replace(".com", " com"))}


def test_the_packaged_table_is_small() -> None:
    """It travels in every wheel."""
    assert PACKAGED.stat().st_size < 700_000


def test_a_row_is_in_published_form() -> None:
    """Dots in symbols, capitals in exchanges."""
    assert read_rows(LIST | {"data": [["12", "A  b", "BRK-B", "Nasdaq"]]}) == [Row(12, "BRK.B", "NASDAQ", "A b")]

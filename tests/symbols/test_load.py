"""Which table is used, and what is said of one that can't be."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.symbols import load
from agent.symbols.build import read_rows, table_text
from agent.symbols.table import SymbolTable

ROWS = read_rows({"fields": ["cik", "name", "ticker", "exchange"], "data": [[1, "Example Corp", "EXA", "NYSE"]]})


def write(path: Path, version: str) -> Path:
    """A table of one issuer."""
    path.write_text(table_text(ROWS, version=version, source="a test"), encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the user's own table, in a folder of this test."""
    path = tmp_path / "symbols.tsv"
    monkeypatch.setattr(load, "user_table", lambda: path)
    return path


def test_the_packaged_table_is_the_default(own: Path) -> None:
    """Thousands of issuers, a date as version, one and the same table at each call."""
    table = load.load_symbols()
    assert not own.exists()
    assert len(table) > 7000
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", table.version)
    assert load.load_symbols() is table


def test_a_newer_table_of_the_users_own_is_preferred(own: Path) -> None:
    """`symbols update` puts it there."""
    write(own, "2999-01-01")
    assert load.load_symbols().version == "2999-01-01"


def test_an_older_table_of_the_users_own_is_not(own: Path) -> None:
    """A newer release brings a newer table."""
    write(own, "2001-01-01")
    assert load.load_symbols().version > "2001-01-01"


def test_a_damaged_table_of_the_users_own_is_passed_over(own: Path) -> None:
    """A file that isn't a table has no version."""
    own.write_bytes(b"\xff\xfe garbage")
    assert len(load.load_symbols()) > 7000


def test_the_path_asked_for_is_the_one_used(tmp_path: Path) -> None:
    """Whatever else there is."""
    assert load.load_symbols(write(tmp_path / "mine.tsv", "2001-01-01")).issuer_of("EXA") is not None


@pytest.mark.parametrize("content", [None, b"", b"hello", b"\xff\xfe", b"# newscard symbols\t2026-01-01\tx\n1\tonly two columns\n"])
def test_a_path_that_is_no_table_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    """With the path and what to do."""
    path = tmp_path / "mine.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"mine\.tsv: .*newscard symbols update") as caught:
        load.load_symbols(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [
        "x\tExample\texample\tEXA:N\t",
        "1\t\texample\tEXA:N\t",
        "1\tExample\texample\tEXA\t",
        "1\tExample\texample\tEXA:Z\t",
        "1\tExample\tEXA:N",
    ],
)
def test_a_row_that_is_none_is_told_when_the_table_is_read(row: str, tmp_path: Path) -> None:
    """It was a traceback at the first article that named the company."""
    path = write(tmp_path / "mine.tsv", "2026-01-31")
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    with pytest.raises(UsageError, match=r"mine\.tsv: line 3 isn't cik, name, key"):
        load.load_symbols(path)


def test_the_packaged_table_passes_what_a_table_of_ones_own_must(tmp_path: Path) -> None:
    """A copy of it that somebody edits can be used."""
    copy = tmp_path / "copy.tsv"
    copy.write_bytes(load.PACKAGED.read_bytes())
    assert len(load.load_symbols(copy)) == len(load.load_symbols(load.PACKAGED))


def test_importing_the_package_reads_nothing_and_loads_no_heavy_library() -> None:
    """`newscard --help` must stay fast."""
    code = (
        "import sys, agent.symbols; heavy = {'httpx', 'pyarrow', 'platformdirs'} & set(sys.modules); assert not heavy, heavy; "
        "from agent.symbols.load import _load; assert _load.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": "."})


def test_a_table_without_the_magic_line_is_refused() -> None:
    """The first line says what the file is."""
    with pytest.raises(ValueError, match="not a newscard symbol table"):
        SymbolTable("cik\tname\n")

"""Compressed files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from agent.article import Article
from agent.errors import SourceError
from agent.sources import check_sources, read_placed
from agent.sources.counting import count_articles

LINES = [json.dumps({"id": f"a-{number}", "text": f"Acme raised its forecast, number {number}."}) for number in range(3_000)]
TEXT = "\n".join(LINES) + "\n"


def test_json_lines_and_csv_are_read_packed_as_they_are_unpacked(tmp_path: Path) -> None:
    """The same articles from the same rows; in a folder too."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(TEXT.encode()))
    (folder / "a.CSV.GZ").write_bytes(gzip.compress(b"id,text\nx,Borealis cut jobs.\n"))
    found = list(read_placed([str(folder)]))
    assert [placed.item.id for placed in found if isinstance(placed.item, Article)] == ["x", *(f"a-{n}" for n in range(3_000))]
    assert [placed.place for placed in found[:2]] == [f"{folder}/a.CSV.GZ row 1", f"{folder}/b.jsonl.gz:1"]
    assert count_articles([str(folder)]) is None


@pytest.mark.parametrize(
    ("data", "rows", "problem"),
    [
        (gzip.compress(TEXT.encode())[:-2_000], range(1, 3_000), "its gzip data breaks off; copy the file again"),
        (gzip.compress(TEXT.encode())[:-8] + bytes(8), range(1, 3_001), "its gzip data is damaged; copy the file again"),
        (TEXT.encode(), range(1), "it isn't gzip-compressed; rename it"),
        (b"", range(1), "there is no text in it"),
    ],
)
def test_packed_data_that_ends_early_is_an_error_behind_its_rows(data: bytes, rows: range, problem: str, tmp_path: Path) -> None:
    """In one line, without its bytes."""
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(data)
    *before, last = read_placed([str(path)])
    assert len(before) in rows
    assert all(isinstance(placed.item, Article) for placed in before)
    assert (last.place, str(last.item)) == (str(path), f"{path}: {problem}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("news.jsonl.zst", ".jsonl.zst files are read unpacked only; unpack it first (unzstd)"),
        ("news.csv.xz", "unpack it first (unxz)"),
        ("story.txt.gz", ".txt.gz files are read unpacked only; unpack it first (gunzip)"),
        ("news.gz", ".gz files are read unpacked only"),
        ("news.xlsx", ".xlsx files aren't read; what is: .txt"),
    ],
)
def test_what_must_be_unpacked_first_is_told_so(name: str, said: str, tmp_path: Path) -> None:
    """Before anything is spent."""
    (tmp_path / name).touch()
    with pytest.raises(SourceError, match="files a") as error:
        check_sources([str(tmp_path / name)])
    assert said in str(error.value)

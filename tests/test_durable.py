"""Files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent import durable


def test_a_file_is_written_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    """Over one that was there."""
    path = tmp_path / "run.json"
    path.write_text("old")
    durable.write_whole(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_the_disk_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the half that was written is gone."""
    path = tmp_path / "run.json"
    path.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        durable.write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_contents_are_on_disk_before_the_name_is_and_the_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the other order a power cut leaves an empty file under the name."""
    path, done = tmp_path / "run.json", list[tuple[str, bool]]()
    real = os.fsync

    def watched(handle: int) -> None:
        done.append((str(Path(f"/proc/self/fd/{handle}").readlink()), path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    durable.write_whole(path, "new")
    (first, named), (second, placed) = done
    assert durable.is_unfinished(Path(first))
    assert (named, second, placed) == (False, str(tmp_path), True)


def test_two_writers_have_names_of_their_own(tmp_path: Path) -> None:
    """So neither renames what the other has half written."""
    path = tmp_path / "symbols.csv"
    assert durable.beside(path) != durable.beside(path)
    assert not durable.is_unfinished(path)

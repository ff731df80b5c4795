"""Segments and the sink: appended, cut where torn, never written over; a disk that fails stops everything."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.batch.rows import Head, Spent, article_key, encode
from agent.batch.segments import Where, cut_torn_tail, line_at, lines, segment_numbers, segment_path
from agent.batch.sink import Sink
from agent.errors import SinkFailed


def line(name: str, padding: int = 0) -> bytes:
    """A row for that id."""
    return encode(Head(article_key(name), 0, "fail", Spent()), {"id": name, "place": "x" * padding}, b"null")


def no_failure(failed: SinkFailed) -> None:
    """What a sink that works is never told."""
    pytest.fail(str(failed))


def written(folder: Path, *names: str, segment_bytes: int = 10_000) -> list[Where]:
    """Rows in `folder`, behind those that are there."""
    folder.mkdir(exist_ok=True)
    sink = Sink(folder, cut_torn_tail(folder), no_failure, segment_bytes=segment_bytes)
    found = [sink.append(line(name)) for name in names]
    sink.close()
    return found


def texts(folder: Path) -> list[bytes]:
    """The whole lines that are there."""
    return [found.text for found in lines(folder)]


def test_rows_stand_where_the_sink_says(tmp_path: Path) -> None:
    """In the order in which they came."""
    where = written(tmp_path / "rows", *"abc")
    assert [line_at(tmp_path / "rows", place) for place in where] == [line(name) for name in "abc"]
    assert [found.where for found in lines(tmp_path / "rows")] == where


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    """It is not touched any more."""
    written(tmp_path / "rows", *"abcdef", segment_bytes=2 * len(line("a")))
    assert segment_numbers(tmp_path / "rows") == [1, 2, 3]
    assert texts(tmp_path / "rows") == [line(name) for name in "abcdef"]


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_torn_tail_is_cut_and_the_next_row_takes_its_place(left: int, tmp_path: Path) -> None:
    """Nothing of the torn line is seen again."""
    written(tmp_path / "rows", "a")
    with segment_path(tmp_path / "rows", 1).open("ab") as stream:
        stream.write(line("b")[:left])
    written(tmp_path / "rows", "c")
    assert segment_path(tmp_path / "rows", 1).read_bytes() == line("a") + line("c")


def test_zeros_that_a_power_cut_left_are_cut_too(tmp_path: Path) -> None:
    """Some file systems leave them."""
    written(tmp_path / "rows", "a")
    with segment_path(tmp_path / "rows", 1).open("ab") as stream:
        stream.write(bytes(100))
    written(tmp_path / "rows", "c")
    assert texts(tmp_path / "rows") == [line("a"), line("c")]


def test_a_damaged_line_between_whole_ones_is_passed_over_and_kept(tmp_path: Path) -> None:
    """What is written is never written over."""
    written(tmp_path / "rows", *"abc")
    path = segment_path(tmp_path / "rows", 1)
    path.write_bytes(path.read_bytes().replace(line("b"), line("b").replace(b'"id":"b"', b'"id":"x"')))
    before = path.read_bytes()
    written(tmp_path / "rows", "d")
    assert path.read_bytes() == before + line("d")
    assert texts(tmp_path / "rows") == [line("a"), line("c"), line("d")]


def test_rows_are_on_disk_in_groups_before_the_sink_is_closed(tmp_path: Path) -> None:
    """Within a tenth of a second and a little."""
    sink = Sink(tmp_path, Where(1, 0), no_failure)
    sink.append(line("a"))
    sink.settle()
    assert texts(tmp_path) == [line("a")]
    sink.close()


def test_a_disk_that_takes_no_more_is_told_at_once_and_leaves_no_half_row(tmp_path: Path) -> None:
    """Checklist A7: a limit on the file's size is as real a failure as a full disk."""
    (tmp_path / "rows").mkdir()
    limit = 3 * len(line("a")) + 10
    script = f"""
import resource, sys
from pathlib import Path
from agent.batch.segments import Where
from agent.batch.sink import Sink
from tests.batch.test_sink import line
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
sink = Sink(Path({str(tmp_path / "rows")!r}), Where(1, 0), lambda failure: print("told:", failure))
for name in "abcdef":
    sink.append(line(name))
    sink.settle()
try:
    sink.close()
except Exception as exc:
    print(type(exc).__name__, exc.exit_code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        f"told: {tmp_path}: rows can't be written: File too large; nothing more is asked for",
        "SinkFailed 5",
    ]
    assert segment_path(tmp_path / "rows", 1).read_bytes() == line("a") + line("b") + line("c")


def test_whatever_keeps_rows_from_the_disk_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that just ended would look like one that had written everything."""

    def burst(_file: int, _data: bytes) -> int:
        raise MemoryError

    monkeypatch.setattr(os, "write", burst)
    told = list[str]()
    sink = Sink(tmp_path, Where(1, 0), lambda failure: told.append(str(failure)))
    sink.append(line("a"))
    with pytest.raises(SinkFailed, match="rows can't be written: MemoryError"):
        sink.close()
    assert (len(told), sink.waiting_bytes) == (1, 0)


def test_a_full_device_is_a_failure(tmp_path: Path) -> None:
    """/dev/full gives ENOSPC for every write."""
    (tmp_path / "000001.jsonl").symlink_to("/dev/full")
    told = threading.Event()
    sink = Sink(tmp_path, Where(1, 0), lambda _: told.set())
    sink.append(line("a"))
    with pytest.raises(SinkFailed, match="No space left on device"):
        sink.close()
    assert told.is_set()

"""The index, held against a dictionary."""

from __future__ import annotations

import resource
import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.batch.index import Index, Known, State
from agent.errors import SinkFailed

ROWS = 100_000
KEYS = st.integers(0, 300).map(lambda number: b"\0" + sha256(str(number).encode()).digest()[:15])
KNOWN = st.builds(Known, st.integers(0, 2**32 - 1), st.sampled_from(State), st.integers(0, 2**60 - 1))


@given(st.lists(st.tuples(KEYS, KNOWN), max_size=400))
def test_it_knows_what_a_dictionary_would(puts: list[tuple[bytes, Known]]) -> None:
    """All keys in one part, so that it grows; the last word counts."""
    index, plain = Index(), dict[bytes, Known]()
    for key, known in puts:
        index.put(key, known)
        plain[key] = known
    assert len(index) == len(plain)
    assert {key: index.get(key) for key in plain} == plain
    assert {state: sum(known.state is state for known in plain.values()) for state in State} == {
        state: index.counts[state] for state in State
    }


def test_what_was_never_put_is_not_known() -> None:
    """A key of zeros, too."""
    assert Index().get(bytes(16)) is None


def test_room_reserved_beforehand_changes_nothing() -> None:
    """Before the first key and after."""
    index = Index()
    for number in range(2_000):
        if number in {0, 500, 1_000}:
            index.reserve(number * 20)
        index.put(a_key(number), Known(number, State.FAILED, number))
    assert [index.get(a_key(number)) for number in range(2_001)] == [*(Known(n, State.FAILED, n) for n in range(2_000)), None]


def test_memory_hardly_grows_with_the_rows() -> None:
    """What is known lies in a file; three bytes a slot and the last few entries don't."""
    index = Index()
    index.put(a_key(0), Known(0, State.CARD, 0))
    tracemalloc.start()
    fill(index)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < ROWS * 28 / 3


def test_a_disk_without_room_is_one_clear_line(tmp_path: Path) -> None:
    """The file may not grow; no killed process, and what was known is known."""
    index = Index(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(SinkFailed, match=f"{tmp_path}: the table of ids can't be written"):
            fill(index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(index) > 1_000
    assert all(index.get(a_key(number)) == Known(0, State.CARD, number) for number in range(len(index)))


def test_a_part_may_have_more_entries_than_two_bytes_count() -> None:
    """Seventeen million rows, or keys that all begin alike."""
    index = Index()
    keys = [b"\0" + sha256(str(number).encode()).digest()[:15] for number in range(70_000)]
    for number, key in enumerate(keys):
        index.add(key, 0, State.CARD, number)
    assert [found.where for key in keys if (found := index.get(key))] == list(range(70_000))


def test_its_file_leaves_nothing_behind(tmp_path: Path) -> None:
    """Not while it is used either."""
    Index(tmp_path).put(a_key(0), Known(0, State.CARD, 0))
    assert list(tmp_path.iterdir()) == []


def a_key(number: int) -> bytes:
    """Sixteen bytes."""
    return sha256(str(number).encode()).digest()[:16]


def fill(index: Index) -> None:
    """A hundred thousand cards."""
    for number in range(ROWS):
        index.put(a_key(number), Known(0, State.CARD, number))

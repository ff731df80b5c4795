"""The index, held against a dictionary."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from agent.batch.index import Index, Known, State

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


def test_it_takes_less_than_64_bytes_a_row() -> None:
    """A set of a million strings would take 150."""
    index = Index()
    for number in range(50_000):
        index.put(sha256(str(number).encode()).digest()[:16], Known(0, State.CARD, number))
    assert sum(map(len, index._parts)) / len(index) < 64

"""The depth of JSON, against a parser's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.web.security.nesting import is_too_deep

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a\\"[]{}é\n', max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='b\\"[{', max_size=4), inner, max_size=4),
    max_leaves=30,
)


def depth(value: Any) -> int:
    """How many arrays and objects are around the deepest thing."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(JSON, st.integers(0, 6), st.booleans())
def test_depth_is_the_parsers(value: Any, limit: int, ascii_only: bool) -> None:  # noqa: FBT001
    """Brackets and quotes inside strings count for nothing."""
    assert is_too_deep(json.dumps(value, ensure_ascii=ascii_only).encode(), limit) == (depth(value) > limit)


@pytest.mark.parametrize("text", [b"[" * 1_000_000, b'{"a":' * 300_000, b"[{" * 500_000, b"[" * 50 + b"]" * 50])
def test_what_is_deep_is_called_so(text: bytes) -> None:
    """Closed or not."""
    assert is_too_deep(text)


@pytest.mark.parametrize("text", [b'"' + b'\\"' * 500_000, b'"' * 1_000_001, b"[]" * 500_000, b"[[],{}]" * 100_000, b"\\" * 500_000])
def test_a_hostile_text_is_looked_at_in_no_time(text: bytes) -> None:
    """A megabyte of what would make a careless pattern look again and again; that this test ends is the point."""
    assert not is_too_deep(text)


@given(st.binary())
def test_any_bytes_have_an_answer(text: bytes) -> None:
    """Whether or not they are JSON."""
    assert is_too_deep(text) in {True, False}

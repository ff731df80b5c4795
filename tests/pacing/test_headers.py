"""What endpoints write into their x-ratelimit headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pacing.headers import LONGEST_RESET_S, Window, read_window, reset_s

NOW = 1_790_000_000.0

RESETS = {
    "6m0s": 360.0,
    "1h2m3s": 3_723.0,
    "20ms": 0.02,
    "1.5s": 1.5,
    "7.66s": 7.66,
    "1m0.5s": 60.5,
    "12": 12.0,
    "0": 0.0,
    f"{NOW + 30:.0f}": 30.0,
    f"{(NOW + 30) * 1_000:.0f}": 30.0,
    "2026-09-21T14:13:50Z": 30.0,
    "Mon, 21 Sep 2026 14:13:50 GMT": 30.0,
}


@pytest.mark.parametrize(("text", "seconds"), RESETS.items(), ids=RESETS)
def test_every_form_of_reset_is_read(text: str, seconds: float) -> None:
    """Go's durations, seconds, Unix seconds and milliseconds, dates."""
    assert reset_s(text, unix_now=NOW) == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5",
        "NaN",
        "inf",
        "1e999",
        "6m 0s",
        "s",
        "1y",
        "9" * 400,
        "١٢s",
        None,
        f"{NOW - 7_200:.0f}",
        f"Mon, 21 Sep 2026 14:13:50 +{9**20}",
    ],
)
def test_garbage_says_nothing(text: str | None) -> None:
    """And raises nothing."""
    assert reset_s(text, unix_now=NOW) is None


def test_a_window_needs_no_more_than_what_is_left() -> None:
    """Limit and reset may be missing or wrong."""
    assert read_window({}, "tokens", unix_now=NOW) is None
    assert read_window({"x-ratelimit-remaining-tokens": "many"}, "tokens", unix_now=NOW) is None
    assert read_window({"x-ratelimit-remaining-tokens": "149984"}, "tokens", unix_now=NOW) == Window(149_984)
    told = {"x-ratelimit-remaining-requests": "5", "x-ratelimit-limit-requests": "3", "x-ratelimit-reset-requests": "120ms"}
    assert read_window(told, "requests", unix_now=NOW) == Window(5, None, 0.12)


@given(st.text(), st.text(), st.text())
def test_no_header_raises(remaining: str, limit: str, reset: str) -> None:
    """Whatever stands in it, what is read is a number in its bounds."""
    told = {"x-ratelimit-remaining-tokens": remaining, "x-ratelimit-limit-tokens": limit, "x-ratelimit-reset-tokens": reset}
    window = read_window(told, "tokens", unix_now=NOW)
    assert window is None or (window.remaining >= 0 and (window.reset_s is None or 0 <= window.reset_s <= LONGEST_RESET_S))

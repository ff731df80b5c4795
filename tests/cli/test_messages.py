"""What a user is told on standard error."""

from __future__ import annotations

import pytest

from agent.cli.messages import LONGEST, say


def test_a_line_that_holds_a_megabyte_is_cut_in_its_middle(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong stands at its end."""
    say(f"{'i' * 1_000_000}: no usable reply in 5 requests")
    line = capsys.readouterr().err
    assert len(line) < LONGEST + 20
    assert line.startswith("newscard: iii")
    assert line.endswith("iii: no usable reply in 5 requests\n")

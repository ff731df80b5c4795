"""The lies put by hand into faithful drafts: what the set holds, and what is counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.planted.handmade import FOLDER, PARTS, as_lines, load_handmade, main, measure_part

HANDMADE = load_handmade()


def test_each_article_is_of_one_part_and_has_lies() -> None:
    """35 to mend the checks on, and 25 that are held back."""
    assert [sum(made.part == part for made in HANDMADE) for part in PARTS] == [35, 25]
    assert all(len(made.lies) >= 5 for made in HANDMADE)


def test_all_evidence_of_the_drafts_is_their_article_s() -> None:
    """The drafts are faithful, so nothing of their entities but what has no ticker is dropped."""
    for made in HANDMADE:
        grounded = ground(made.pair.article, made.pair.draft, load_symbols(), load_taxonomy())
        assert grounded.checks.quotes is not None
        assert grounded.checks.quotes.unsupported == [], made.pair.id


def test_no_faithful_draft_that_was_seen_has_a_finding() -> None:
    """What the checks were mended on stays mended; the part held back is only counted."""
    assert measure_part(HANDMADE, "seen").alarms.examples == ()


def test_a_lie_is_caught_where_a_check_points_at_it_alone() -> None:
    """A wrong figure is; a table row says how many of its kind were."""
    report = measure_part([made for made in HANDMADE if made.pair.label == "tessera-layoffs"], "seen")
    caught = {outcome.plant.kind: bool(outcome.caught_by) for outcome in report.outcomes}
    assert caught["figure"]
    assert any(line.startswith("figure") and "1 of 1, 100%" in line for line in as_lines([report]))


def test_a_lie_that_does_not_fit_its_draft_names_its_file(tmp_path: Path) -> None:
    """Its true words have to stand there once."""
    source = (FOLDER / "voltara-recall.toml").read_text(encoding="utf-8")
    (tmp_path / "broken.toml").write_text(source.replace('true = "about 1%"', 'true = "about 3%"'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.toml.*about 3%"):
        load_handmade(tmp_path)


def test_the_command_lists_what_passes_of_one_part(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The other part is only counted."""
    monkeypatch.setattr(sys, "argv", ["handmade", "--list", "seen"])
    assert main() == 0
    printed = capsys.readouterr().out
    assert "faithful cards with a finding" in printed
    missed = [line for line in printed.splitlines() if line.startswith("missed, ")]
    held = {made.pair.label for made in HANDMADE if made.part == "held back"}
    assert missed
    assert not any(label in line for line in missed for label in held)

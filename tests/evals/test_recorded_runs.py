"""Every recorded run over the gold cards, replayed: today's checks and scorers make of its replies what was accepted."""

from __future__ import annotations

import asyncio
import functools
import json
from pathlib import Path

import pytest

from agent.cli import run
from evals.gating import Baseline, gate
from evals.recordings import FOLDER
from evals.runs import Row, Run, RunFolder, load_run
from evals.statistics import Resampling

RUNS = sorted(path.parent for path in (FOLDER / "runs").glob("*/manifest.json"))
pytestmark = pytest.mark.parametrize("recorded", RUNS, ids=lambda path: path.name)


@functools.cache
def replayed(recorded: Path) -> Run:
    """The run's cards, made again."""
    return asyncio.run(load_run(recorded))


def test_its_scores_are_what_was_accepted(recorded: Path) -> None:
    """A change that was meant is blessed: `newscard eval accept evals/recordings/runs/NAME --name NAME`."""
    accepted = Baseline.load(recorded.name)
    assert Baseline.of(replayed(recorded), recorded.name).values == accepted.values
    assert Baseline.of(replayed(recorded), recorded.name).scores == accepted.scores


def test_it_passes_its_gate(recorded: Path) -> None:
    """As a release would have to."""
    assert gate(Baseline.load(recorded.name), replayed(recorded), Resampling()).outcome == "passed"


def test_a_run_whose_every_sixth_draft_names_nobody_fails_its_gate(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same replies, but for those: the command ends with 1 and names what fell."""
    worse = tmp_path / "run"
    worse.mkdir()
    (worse / "manifest.json").write_bytes((recorded / "manifest.json").read_bytes())
    lines = [_nobody(row) if number % 6 == 0 else row.model_dump_json() for number, row in enumerate(RunFolder(recorded).rows())]
    (worse / "rows.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert run(["eval", "gate", str(worse), "--baseline", recorded.name]) == 1
    assert "entities.recall" in "".join(capsys.readouterr())


def _nobody(row: Row) -> str:
    said = json.loads(row.model_dump_json())
    said["drafted"]["draft"]["entities"] = []
    return json.dumps(said)

"""The extractive engine against its accepted baseline, over all gold cards: it is deterministic, so any change shows."""

from __future__ import annotations

import asyncio

import pytest

from evals.commands.making import Order, make_run
from evals.gating import Baseline, gate
from evals.runs import Run, load_run
from evals.statistics import Resampling

NAME = "extractive-gold"


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The engine as it is."""
    path = make_run(Order(["gold"], "all", 1, None, tmp_path_factory.mktemp("today") / "run"), {"engine": "extractive"})
    return asyncio.run(load_run(path))


def test_the_extractive_engine_is_what_was_accepted(today: Run) -> None:
    """Score for score.

    A change that was meant is blessed: `newscard eval run --engine extractive --split all --out RUN`, then
    `newscard eval accept RUN --name extractive-gold`.
    """
    assert Baseline.of(today, NAME).values == Baseline.load(NAME).values
    assert Baseline.of(today, NAME).scores == Baseline.load(NAME).scores


def test_it_passes_its_gate(today: Run) -> None:
    """As a release would have to."""
    assert gate(Baseline.load(NAME), today, Resampling()).outcome == "passed"

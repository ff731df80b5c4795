"""The extractive engine against its accepted baseline, over all gold cards: it is deterministic, so any change shows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.article import Article
from agent.cli import run
from agent.engines import Drafted, FindFaults
from agent.engines.extractive import ExtractiveEngine
from evals.commands.making import Order, make_run
from evals.datasets import parse_data
from evals.gating import Baseline, gate
from evals.runs import Run, load_run
from evals.statistics import Resampling

NAME = "extractive-gold"
EVERY = 10


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


def test_an_engine_that_loses_the_tickers_of_every_tenth_card_fails_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the commands that CI and a release use: the run ends well, the gate ends with 1 and names what fell."""
    hit = {sample.id for sample in list(parse_data("gold").read())[::EVERY]}
    faithful = ExtractiveEngine.draft

    async def losing(engine: ExtractiveEngine, article: Article, find_faults: FindFaults) -> Drafted:
        drafted = await faithful(engine, article, find_faults)
        if article.id not in hit:
            return drafted
        return drafted.model_copy(update={"draft": drafted.draft.model_copy(update={"entities": []})})

    monkeypatch.setattr(ExtractiveEngine, "draft", losing)
    out = str(tmp_path / "run")
    assert run(["eval", "run", "--engine", "extractive", "--split", "all", "--out", out]) == 0
    capsys.readouterr()
    assert run(["eval", "gate", out, "--baseline", NAME]) == 1
    assert "tickers.f1" in "".join(capsys.readouterr())

"""Which of several runs no other beats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.commands.matrix import frontier, point_of
from evals.report.matrix import matrix_page
from evals.report.plots import Point
from evals.runs import Run
from tests.evals.runs.made import ChangedEngine, a_run, rejected


def a_point(name: str, cost: float, quality: float, made: float = 1.0) -> Point:
    """A run without an interval."""
    return Point(name, cost, quality, None, None, on_frontier=False, made=made)


def test_none_that_another_beats_is_on_the_frontier() -> None:
    """Worse and dearer is beaten; better and dearer, worse and cheaper, or the same aren't."""
    points = [a_point("a", 1, 0.8), a_point("b", 2, 0.9), a_point("c", 2, 0.8), a_point("d", 1, 0.8)]
    assert frontier(points) == {"a", "b", "d"}


def test_who_answers_only_the_easy_articles_does_not_beat_who_answers_all() -> None:
    """Quality is of the cards that were made."""
    assert frontier([a_point("sure", 1, 0.8), a_point("half", 1, 0.9, made=0.5)]) == {"sure", "half"}


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run at a cent a row, in which every second reply is no draft."""
    run = a_run(tmp_path_factory.mktemp("half") / "run", ChangedEngine(failing=rejected(range(0, 24, 2))), 24)
    return replace(run, rows={key: row.model_copy(update={"cost_usd": 0.01}) for key, row in run.rows.items()})


def test_what_became_no_card_is_paid_for_too(half: Run) -> None:
    """Two cents a card, and half of the cards made."""
    point = point_of(half, "half", "tickers.f1")
    assert point.cost == pytest.approx(0.02)
    assert point.made == 0.5


def test_the_page_says_how_many_cards_were_made(half: Run) -> None:
    """Beside the quality of those that were."""
    assert ">50.0%<" in matrix_page([point_of(half, "half", "tickers.f1")], "tickers.f1")

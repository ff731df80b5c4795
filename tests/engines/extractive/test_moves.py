"""Moves of prices: whose, and how far."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.moves import UNNAMED, find_moves
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def told(text: str, table: SymbolTable) -> list[tuple[str, str, float]]:
    """Subject, name and percentage of each move."""
    found = reading(text)
    return [(move.subject, move.name, move.percent) for move in find_moves(found, find_entities(found, table))]


@pytest.mark.parametrize(
    ("text", "subject", "name", "percent"),
    [
        ("Boeing shares fell 7.5% on Monday.", "shares", "Boeing", 7.5),
        ("Boeing dropped 7 percent.", "shares", "Boeing", 7.0),
        ("Boeing lost a quarter of its market value.", "shares", "Boeing", 25.0),
        ("Shares of Boeing tripled on Monday.", "shares", "Boeing", 200.0),
        ("The shares closed 9% lower.", "shares", UNNAMED, 9.0),
        ("The S&P 500 sank 4.8%, its worst day.", "index", "S&P 500", 4.8),
        ("The S&P 500 sank 4.8%, its worst day since 1987.", "index", "S&P 500", 4.8),
        ("Indian shares plunged 6% on Tuesday.", "index", "indian shares", 6.0),
        ("Crude settled 8% higher.", "commodity", "Crude", 8.0),
        ("Boeing, which has the best yield in the index, lost 6%.", "shares", "Boeing", 6.0),
        ("Boeing, whose rivals in the index did well, lost 6%.", "shares", "Boeing", 6.0),
        ("Boeing, which reports after Airbus, was down 6%.", "shares", "Boeing", 6.0),
    ],
)
def test_a_move_is_its_subjects(text: str, subject: str, name: str, percent: float, table: SymbolTable) -> None:
    """The last thing with a price before the percentage is what moved."""
    assert told(text, table) == [(subject, name, percent)]


@pytest.mark.parametrize(
    "text",
    [
        "Boeing revenue fell 7%.",
        "Boeing earned $2 a share, up 41% from last time.",
        "Boeing rose and now owns 25% of the supplier.",
        "Boeing shares have gained 60% this year.",
        "Boeing shares could fall 30%.",
        "It may leave if Boeing's stock falls more than 20% and lags behind.",
        "It can leave unless Boeing shares rise 20%.",
        "Boeing shares fell 30% during 2018.",
        "Boeing would triple their price, it fell.",
        "Futures fell to a 90% chance of a cut.",
    ],
)
def test_figures_parts_and_long_spans_are_no_moves(text: str, table: SymbolTable) -> None:
    """What is no price, a part of a whole, and what took a year say nothing of the day."""
    assert told(text, table) == []

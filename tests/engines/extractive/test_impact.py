"""The five components of market impact."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.impact import rate_impact
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


@pytest.mark.parametrize(
    ("component", "text", "level"),
    [
        ("materiality", "The central bank raised interest rates.", 4),
        ("materiality", "Boeing files for bankruptcy in Delaware.", 3),
        ("materiality", "Boeing named a new head of its museum, a spokesman said.", 1),
        ("breadth", "A museum opened in Leeds.", 0),
        ("breadth", "Central banks fought inflation, and the stock market fell.", 4),
        ("surprise", "Boeing unexpectedly closed a plant.", 3),
        ("surprise", "Boeing closed a plant as expected.", 1),
        ("surprise", "Boeing closed a plant.", 2),
        ("immediacy", "Boeing closed a plant on Monday.", 4),
        ("immediacy", "Boeing will close a plant by 2030.", 1),
        ("certainty", "Boeing sued its supplier.", 4),
        ("certainty", "Boeing agreed to buy a plant, subject to approval. It was announced at noon.", 3),
        ("certainty", "Boeing is considering the sale of a plant.", 2),
        ("certainty", "Boeing is reportedly for sale.", 1),
    ],
)
def test_levels_follow_the_words(component: str, text: str, level: int, table: SymbolTable) -> None:
    """Event, width, surprise, time and certainty words move their component."""
    found = reading(text)
    assert getattr(rate_impact(found, find_entities(found, table)), component).level == level


def test_what_stands_in_the_background_counts_less(table: SymbolTable) -> None:
    """A bankruptcy in the tenth sentence is no event of this article."""
    found = reading("Boeing spoke. " * 9 + "A supplier had filed for bankruptcy.")
    assert rate_impact(found, find_entities(found, table)).materiality.level == 2


def test_reasons_name_the_words(table: SymbolTable) -> None:
    """Each reason names what it rests on."""
    found = reading("Boeing unexpectedly filed for bankruptcy on Monday.")
    impact = rate_impact(found, find_entities(found, table))
    assert "bankruptcy" in impact.materiality.reason
    assert "Boeing" in impact.breadth.reason
    assert "unexpectedly" in impact.surprise.reason
    assert "on monday" in impact.immediacy.reason
    assert "filed for" in impact.certainty.reason

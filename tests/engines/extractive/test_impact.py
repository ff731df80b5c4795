"""The five components of market impact."""

from __future__ import annotations

import pytest

from agent.draft import DraftImpact
from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.impact import rate_impact
from agent.engines.extractive.moves import find_moves
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def rated(text: str, table: SymbolTable, title: str = "") -> DraftImpact:
    """The impact of a text."""
    found = reading(text, title)
    entities = find_entities(found, table)
    return rate_impact(found, entities, find_moves(found, entities))


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
    assert getattr(rated(text, table), component).level == level


def test_what_stands_in_the_background_counts_less(table: SymbolTable) -> None:
    """A bankruptcy in the tenth sentence is no event of this article."""
    assert rated("Boeing spoke. " * 9 + "A supplier had filed for bankruptcy.", table).materiality.level == 2


def test_reasons_name_the_words(table: SymbolTable) -> None:
    """Each reason names what it rests on."""
    impact = rated("Boeing unexpectedly filed for bankruptcy on Monday.", table)
    assert "bankruptcy" in impact.materiality.reason
    assert "Boeing" in impact.breadth.reason
    assert "unexpectedly" in impact.surprise.reason
    assert "on monday" in impact.immediacy.reason
    assert "filed for" in impact.certainty.reason


def test_a_large_move_is_a_changed_case_and_a_surprise(table: SymbolTable) -> None:
    """Shares that fall by a sixth weren't priced for it, whatever the words; the reasons say how far."""
    impact = rated("Boeing shares fell 16% on Monday.", table)
    assert (impact.materiality.level, impact.surprise.level) == (3, 4)
    assert "a move of 16%: Boeing shares fell 16%" in impact.surprise.reason


def test_a_market_moves_less_than_a_share(table: SymbolTable) -> None:
    """Five per cent of an index shake a market."""
    impact = rated("The S&P 500 sank 5% on Monday, and stocks fell worldwide.", table, title="Stocks sink")
    assert (impact.materiality.level, impact.breadth.level, impact.surprise.level) == (4, 4, 4)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Boeing raises dividend", "Boeing raised its quarterly dividend to $2 a share on Monday. Its revenue was $80 billion."),
        ("Boeing chairman sells shares", "Jane Smith, chairman of Boeing, sold 5,000 shares on Monday for $3 billion, a filing showed."),
    ],
)
def test_routine_is_a_detail(title: str, text: str, table: SymbolTable) -> None:
    """A dividend as every year and an insider's trade are details, large amounts or not."""
    assert rated(text, table, title).materiality.level == 1


def test_an_amount_is_said_as_the_article_says_it(table: SymbolTable) -> None:
    """Words before `billions` that aren't a count are left out."""
    assert "an amount of 3 billion" in rated("Boeing posted a profit of $3 billion on sales.", table).materiality.reason
    assert "amount" not in rated("Boeing posted a profit that saved startups billions.", table).materiality.reason

"""Articles on markets and articles on companies."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.moves import find_moves
from agent.engines.extractive.scope import scope_of
from agent.engines.extractive.trades import insider_trade
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


@pytest.mark.parametrize(
    ("title", "text", "market"),
    [
        ("Stocks sink on recession fear", "The S&P 500 lost 4% on Monday, and Apple fell too.", True),
        ("Fed raises rates", "The Federal Reserve raised its benchmark rate on Wednesday.", True),
        ("Boeing shares sink", "Boeing fell 9% on a day on which the S&P 500 lost 1%.", False),
        ("Delta drops its forecast as trade war stalls growth", "Delta Air Lines gave up its forecast on Wednesday.", False),
    ],
)
def test_the_title_and_what_moved_tell_the_scope(title: str, text: str, market: bool, table: SymbolTable) -> None:  # noqa: FBT001  a table
    """Whom the title names first, and how many, decides."""
    found = reading(text, title)
    entities = find_entities(found, table)
    assert scope_of(found, entities, find_moves(found, entities)).market is market


def test_a_person_who_sells_shares_is_an_insider(table: SymbolTable) -> None:
    """Found behind the words that say who the person is."""
    found = reading("Jane Smith, the chairman of Boeing, has sold 12 million of the company's shares, a filing showed.")
    assert insider_trade(found, find_entities(found, table)) == "sold 12 million of the company's shares"


def test_a_company_that_sells_shares_is_none(table: SymbolTable) -> None:
    """A sale by the company, or by a person's company, is another thing."""
    found = reading("Boeing sold its shares in Spirit, Jane Smith said on Monday.")
    assert insider_trade(found, find_entities(found, table)) is None

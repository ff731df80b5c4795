"""Evidence for an entity."""

from __future__ import annotations

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.quotes import QUOTE_CHARS, quotes_of
from agent.engines.extractive.tones import tones
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def quotes(text: str, table: SymbolTable) -> list[str]:
    """The quotes of the first entity."""
    found = reading(text)
    entities = find_entities(found, table)
    return quotes_of(found, entities[0], [tone for tone in tones(found, entities) if tone.entity == 0])


def test_the_weightiest_sentences_are_quoted_in_order(table: SymbolTable) -> None:
    """Of four sentences with the name, the three that say most, in the article's order."""
    text = "Boeing met on Monday. Boeing faces a lawsuit. Boeing is in Seattle. Boeing won a contract."
    assert quotes(text, table) == ["Boeing met on Monday.", "Boeing faces a lawsuit.", "Boeing won a contract."]


def test_a_long_sentence_gives_its_clause(table: SymbolTable) -> None:
    """Of a sentence that is too long, the clauses around the name are quoted, as they stand."""
    padding = ", and then there was a great deal more to say about the matter at hand" * 6
    text = f"It was a long day{padding}, while Boeing lost a contract{padding}."
    (quote,) = quotes(text, table)
    assert quote in text
    assert "Boeing" in quote
    assert len(quote) <= QUOTE_CHARS


def test_a_name_at_the_end_of_a_long_sentence_is_in_its_quote(table: SymbolTable) -> None:
    """Even without any comma the name stands in the quote."""
    text = f"{'It went on and on ' * 40}until Boeing came."
    (quote,) = quotes(text, table)
    assert "Boeing" in quote
    assert quote in text

"""What words mean where they stand."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.sentiment import balance, overall, reason_of, weigh
from agent.engines.extractive.tones import tones
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def sign(text: str, table: SymbolTable) -> int:
    """-1, 0 or +1: which way the tones of `text` lean."""
    found = reading(text)
    total = sum(tone.value for tone in tones(found, find_entities(found, table)))
    return (total > 0) - (total < 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Profit fell in the quarter.", -1),
        ("Costs fell in the quarter.", 1),
        ("Losses narrowed in the quarter.", 1),
        ("Its margins narrowed in the quarter.", -1),
        ("Losses widened in the quarter.", -1),
        ("A fall in profit was reported.", -1),
        ("The company cut its dividend.", -1),
        ("The company cut its debt.", 1),
        ("The company raised its inflation forecast.", -1),
        ("The company raised its profit forecast.", 1),
        ("The bank lowered its estimate of costs.", 1),
        ("Demand for loans weakened.", -1),
        ("Sales growth slowed.", -1),
        ("Higher costs are in sight.", -1),
        ("Revenue was $4 million, up 5%.", 1),
        ("Debt was reduced by half.", 1),
        ("Results were better than feared.", 1),
        ("The deal did not raise concerns.", 1),
        ("The trial was not successful.", -1),
        ("It rose from the table.", 0),
        ("Cocoa futures settled down 142 pounds.", -1),
        ("Cocoa futures settled at 3,695 pounds.", 0),
        ("The agency declined to approve the drug.", -1),
        ("The court refused to approve the deal.", -1),
        ("Tesla will join the S&P 500.", 1),
        ("Tesla will be removed from the S&P 500.", -1),
        ("The loss on the sale meant it had to raise capital.", -1),
    ],
)
def test_direction_words_are_bound_to_what_moves(text: str, expected: int, table: SymbolTable) -> None:
    """Up is good for profit and bad for costs; negation turns it."""
    assert sign(text, table) == expected


def labels(text: str, table: SymbolTable) -> dict[str, str]:
    """Entity -> which way its tones lean."""
    found = reading(text)
    entities = find_entities(found, table)
    heard = tones(found, entities)
    sums = [sum(tone.value for tone in heard if tone.entity == at) for at in range(len(entities))]
    return {e.name: "positive" if total > 0 else "negative" if total < 0 else "neutral" for e, total in zip(entities, sums, strict=True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Microsoft sued Oracle over a patent.", {"Microsoft": "neutral", "Oracle": "negative"}),
        ("Oracle was sued by Microsoft.", {"Microsoft": "neutral", "Oracle": "negative"}),
        ("Pfizer agreed to acquire Biogen for cash.", {"Pfizer": "neutral", "Biogen": "positive"}),
        ("Walmart is dropping Oracle as a supplier.", {"Walmart": "neutral", "Oracle": "negative"}),
        ("Boeing shares fell 7% and Ford lost 4%.", {"Boeing": "negative", "Ford": "negative"}),
        ("Apple rose 3% while Tesla fell 2%.", {"Apple": "positive", "Tesla": "negative"}),
        ("Analysts at Barclays cut their forecast for sales of Tesla.", {"Barclays": "neutral", "Tesla": "negative"}),
        ("Tesla rivals reported lower sales.", {"Tesla": "neutral"}),
        ("Intel makes chips. Its sales slumped.", {"Intel": "negative"}),
    ],
)
def test_words_go_to_whom_they_concern(text: str, expected: dict[str, str], table: SymbolTable) -> None:
    """Who acts, who suffers, and who is only named beside."""
    found = labels(text, table)
    assert {name: found[name] for name in expected} == expected


def test_the_company_is_the_one_named_before(table: SymbolTable) -> None:
    """`the company` carries its words to the company named last."""
    assert labels("Nike spoke on Monday. Lawsuits may cost the company dearly.", table)["Nike"] == "negative"


def test_reasons_name_the_words_that_decided() -> None:
    """A reason lists the weightiest words of either side, or says that there are none."""
    found = reading("Profit fell and a lawsuit loomed.")
    assert overall(tones(found, [])).reason == "negative words in the article: fell (profit), lawsuit; positive: none"
    assert reason_of("neutral", []) is None
    assert balance(*weigh([])) == 0


def test_one_strong_word_is_no_strong_sentiment() -> None:
    """A strong label takes several words."""
    found = reading("The board met on Monday in Boston as planned. Nobody there spoke of fraud in so many words.")
    assert overall(tones(found, [])).label == "negative"


def test_words_inside_a_name_say_nothing(table: SymbolTable) -> None:
    """The reserve of the Federal Reserve doesn't fall, and Target is no target that is cut."""
    found = reading("Target Corp spoke on Monday. The Federal Reserve is seen cutting.", "Target cuts outlook")
    assert [tone.words for tone in tones(found, find_entities(found, table))] == ["cuts (outlook)"]

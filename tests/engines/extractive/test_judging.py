"""How an entity's label comes from the sentences that name it."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import Found, find_entities
from agent.engines.extractive.judging import Judge, Vote, label_of
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.tones import Tone, tones
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def judged(text: str, table: SymbolTable, title: str = "") -> dict[str, str]:
    """Entity -> label, strongly or not."""
    found = reading(text, title)
    entities = find_entities(found, table)
    judge = Judge(found, entities, tones(found, entities))
    return {entity.name: judge.sentiment(at).label.removeprefix("strongly ") for at, entity in enumerate(entities)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apple gained 3% while Boeing fell 4%.", {"Apple": "positive", "Boeing": "negative"}),
        ("Microsoft sued Oracle over unpaid fees.", {"Oracle": "negative"}),
        ("Nike beat quarterly profit estimates and its shares jumped 9%.", {"Nike": "positive"}),
        ("Ford missed quarterly profit estimates and its shares slid 9%.", {"Ford": "negative"}),
        ("Walmart said on Monday that it will publish its annual report in March.", {"Walmart": "neutral"}),
        ("Biogen shares soared 30% after Pfizer agreed to acquire Biogen for $10 billion in cash.", {"Biogen": "positive"}),
    ],
)
def test_each_entity_gets_its_own_label(text: str, expected: dict[str, str], table: SymbolTable) -> None:
    """Gains beside falls, beats and misses, who sues and who is sued."""
    found = judged(text, table)
    assert {name: found[name] for name in expected} == expected


def test_names_dont_count(table: SymbolTable) -> None:
    """The same words about another company give the same label and the same scores: only the words around a name count."""
    text = "{} warned that its profit would fall by a third this year because of weak demand."
    first, second = (Judge(*_read(text.format(name), table)).sentiment(0) for name in ("Boeing", "Nike"))
    assert first == second
    assert first.label == "negative"


def test_the_same_article_gets_the_same_label_again(table: SymbolTable) -> None:
    """Nothing is left over from one article to the next."""
    text = "Tesla cut prices again. Analysts at Barclays expect lower margins at Tesla, whose shares fell 6%."
    assert judged(text, table) == judged(text, table)


def test_without_a_sentence_an_entity_is_neutral() -> None:
    """Nobody said anything."""
    assert label_of([], 0, 0) == "neutral"


def test_many_mentions_in_passing_dont_drown_a_bad_one() -> None:
    """Of five sentences one is bad and four say nothing: with the lexicon of the same mind the entity has bad news."""
    votes = [Vote(1, 0.9, 0.1, 0.0), *[Vote(1, 0.1, 0.85, 0.05)] * 4]
    assert label_of(votes, 0, 3) == "negative"


def test_a_strong_label_takes_more_than_one_sentence() -> None:
    """One sentence alone, however bad, is no strong case."""
    assert label_of([Vote(1, 1.0, 0.0, 0.0)], 0, 3) == "negative"
    assert label_of([Vote(2, 1.0, 0.0, 0.0), Vote(1.5, 1.0, 0.0, 0.0)], 0, 3) == "strongly negative"


def test_reasons_name_words_of_the_article(table: SymbolTable) -> None:
    """Where the lexicon knows no word, those that weighed most in the classifier stand there, none of them a stem or a mask."""
    found = reading("Citigroup initiates coverage of Netflix with a hold call; the target cut looms for Netflix bulls.")
    entities = find_entities(found, table)
    for at in range(len(entities)):
        reason = Judge(found, entities, tones(found, entities)).sentiment(at).reason
        told = reason.rpartition(": ")[2] if reason.startswith("words near it") else ""
        assert all(word in found.words for word in told.split(", ") if word)


def _read(text: str, table: SymbolTable) -> tuple[Reading, list[Found], list[Tone]]:
    found = reading(text)
    entities = find_entities(found, table)
    return found, entities, tones(found, entities)

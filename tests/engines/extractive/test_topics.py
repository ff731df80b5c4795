"""Topics by their words."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.topic_terms import defined_terms
from agent.engines.extractive.topics import find_topics
from agent.symbols import SymbolTable, load_symbols
from agent.taxonomy import Topic, load_taxonomy
from tests.engines.extractive.conftest import reading


def found_in(text: str, title: str = "") -> list[str]:
    """The topics of a text."""
    found = reading(text, title)
    return find_topics(found, find_entities(found, load_symbols()))


def test_every_topic_of_the_taxonomy_has_words() -> None:
    """topics.yaml names all topics of the taxonomy and no other, each with strong words."""
    lexicon = read_lexicon("topics")
    assert set(lexicon) == {"none", *load_taxonomy().topic_names}
    assert all(lexicon[name]["strong"] for name in load_taxonomy().topic_names)


def test_every_event_is_of_a_topic() -> None:
    """topic_events.yaml names topics of the taxonomy only."""
    assert set(read_lexicon("topic_events")) <= set(load_taxonomy().topic_names)


@pytest.mark.parametrize("topic", load_taxonomy().topics, ids=lambda topic: topic.name)
def test_every_topic_can_be_found(topic: Topic) -> None:
    """An article that says three of a topic's strong words is tagged with it."""
    strong = read_lexicon("topics")[topic.name]["strong"][:3]
    assert topic.name in found_in(f"Boeing's news is about {', '.join(strong)}.", title=" and ".join(strong))


def test_definitions_give_words_of_their_own() -> None:
    """Short parts of a definition are words; parts with function words are not."""
    topic = Topic("Any", "Group", "drugs, devices and medical trials, or what a company says of its own coming periods")
    assert list(defined_terms(topic)) == ["drugs", "devices", "medical trials"]


def test_without_companies_there_is_no_company_topic() -> None:
    """Corporate topics stay off an article that names no company."""
    text = "{} raised its full year forecast and its guidance for inflation."
    assert "Corporate Guidance & Outlook" in found_in(text.format("Boeing"))
    assert "Corporate Guidance & Outlook" not in found_in(text.format("The central bank"))


def test_the_most_central_topic_comes_first() -> None:
    """What title and lead say weighs more than what the rest does."""
    text = "The airline cancelled flights on Monday.\n\nA lawsuit was filed in court about an earlier matter."
    assert found_in(text, title="Airline strands passengers")[0] == "Transportation & Logistics"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Boeing on Monday lowered its full-year sales projection.", "Corporate Guidance & Outlook"),
        ("Washington barred Boeing from selling its planes to the country.", "Sanctions & Export Controls"),
        ("Boeing named Jane Smith its new finance chief.", "Management & Governance"),
        ("A judge blocked Boeing's purchase of the supplier.", "Antitrust & Competition"),
    ],
)
def test_an_event_is_a_verb_and_what_it_is_done_to(text: str, topic: str) -> None:
    """Words between them don't hide it."""
    assert topic in found_in(f"There was news on Monday. {text}", title=text)


def test_a_phrase_may_mean_something_else() -> None:
    """A fiscal year is no fiscal policy, and the European Union no labour union."""
    text = "Boeing's fiscal year ended in June. Boeing sells to the European Union, it said of its fiscal year."
    assert not {"Fiscal Policy & Budget", "Labor & Employment"} & {*found_in(text)}


def test_an_insider_trade_is_a_topic(table: SymbolTable) -> None:
    """A person who buys shares in the lead."""
    found = reading("Jane Smith, chief executive of Boeing, has bought 5,000 shares in the planemaker.")
    assert "Insider Transactions" in find_topics(found, find_entities(found, table))

"""Topics by their words."""

from __future__ import annotations

import pytest

from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.topics import defined_terms, find_topics
from agent.taxonomy import Topic, load_taxonomy
from tests.engines.extractive.conftest import reading


def test_every_topic_of_the_taxonomy_has_words() -> None:
    """topics.yaml names all topics of the taxonomy and no other, each with strong words."""
    lexicon = read_lexicon("topics")
    assert set(lexicon) == set(load_taxonomy().topic_names)
    assert all(entry["strong"] for entry in lexicon.values())


@pytest.mark.parametrize("topic", load_taxonomy().topics, ids=lambda topic: topic.name)
def test_every_topic_can_be_found(topic: Topic) -> None:
    """An article that says three of a topic's strong words is tagged with it."""
    strong = read_lexicon("topics")[topic.name]["strong"][:3]
    assert topic.name in find_topics(reading(f"It is about {', '.join(strong)}.", title=" and ".join(strong)))


def test_definitions_give_words_of_their_own() -> None:
    """Short parts of a definition are words; parts with function words are not."""
    topic = Topic("Any", "Group", "drugs, devices and medical trials, or what a company says of its own coming periods")
    assert list(defined_terms(topic)) == ["drugs", "devices", "medical trials"]


def test_without_companies_there_is_no_company_topic() -> None:
    """Corporate topics stay off an article that names no company."""
    text = "The central bank raised its full year forecast and its guidance for inflation."
    assert "Corporate Guidance & Outlook" in find_topics(reading(text))
    assert "Corporate Guidance & Outlook" not in find_topics(reading(text), companies=False)


def test_the_most_central_topic_comes_first() -> None:
    """What title and lead say weighs more than what the rest does."""
    text = "The airline cancelled flights on Monday.\n\nA lawsuit was filed in court about an earlier matter."
    assert find_topics(reading(text, title="Airline strands passengers"))[0] == "Transportation & Logistics"

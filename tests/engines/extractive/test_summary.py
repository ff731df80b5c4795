"""Sentences chosen for summary and analysis."""

from __future__ import annotations

from agent.draft import Draft, DraftEntity, EntityKind, Relevance
from agent.engines.extractive.closing import closing
from agent.engines.extractive.summary import Sentences, prose_of
from agent.sentences import sentence_spans
from agent.taxonomy import SentimentLabel
from tests.engines.extractive.articles import samples
from tests.engines.extractive.conftest import Drafter, reading


def summary(text: str) -> str:
    """The summary of `text`."""
    found = reading(text)
    return prose_of(found, Sentences(found, [], []).summary())


def entity(name: str, label: SentimentLabel, relevance: Relevance, kind: EntityKind = "public company") -> DraftEntity:
    """An entity of a draft, without evidence."""
    return DraftEntity(name=name, kind=kind, quotes=[], relevance=relevance, reason="made up", sentiment=label)


def test_every_sentence_is_the_articles_own(draft: Drafter) -> None:
    """But for the closing one, each sentence of summary and analysis stands in the article, and in its order."""
    for sample in samples():
        text = " ".join(sample.article.text.split())
        found: Draft = draft(sample.article.text, sample.article.title)
        for prose in (found.summary, found.analysis.rpartition(" Overall sentiment is ")[0]):
            places = [text.find(prose[start:end]) for start, end in sentence_spans(prose)]
            assert -1 not in places
            assert places == sorted(places)


def test_the_lead_comes_first() -> None:
    """The summary begins with the article's first sentence, without its dateline."""
    text = "LONDON, May 5 (Reuters) - The bank cut its profit forecast on Monday. It blamed weak demand for loans in its home market."
    assert summary(text).startswith("The bank cut its profit forecast on Monday.")


def test_no_sentence_leans_on_one_that_is_missing() -> None:
    """`It` and `However` follow the sentence they lean on, or stay out."""
    fill = "The bank has many branches in many towns of the country and employs a great many people in them. "
    leaning = "However, nobody expected a profit of $9 billion at the bank this year."
    text = f"The bank cut its forecast for the profit of this year. {fill} {leaning}"
    chosen = summary(text)
    assert "However" not in chosen or fill.strip() in chosen


def test_half_a_quotation_is_never_quoted() -> None:
    """A sentence with one quotation mark of a pair stays out of summary and analysis."""
    text = 'The bank cut its forecast on Monday. "The profit forecast of the bank was cut. The bank will cut the forecast again," it said.'
    assert '"' not in summary(text)


def test_furniture_is_no_news() -> None:
    """Newsletter lines and credits stay out."""
    text = "The bank cut its forecast on Monday. Sign up for our newsletter about the bank and its forecast. Reporting by Jo Bloggs."
    assert summary(text) == "The bank cut its forecast on Monday."


def test_the_closing_sentence_names_those_that_differ(seed_draft: Draft) -> None:
    """It states the overall label and the entities whose own differs, and nothing else."""
    last = closing(seed_draft.overall.label, seed_draft.entities)
    assert seed_draft.analysis.endswith(last)


def test_the_closing_sentence_weighs_the_overall_label_against_the_entities() -> None:
    """Central ones that share it, then the others by label; people, and what is named in passing without a label, are left out."""
    entities = [
        entity("Scale AI", "strongly negative", "central"),
        entity("Meta", "positive", "involved"),
        entity("OpenAI", "neutral", "central"),
        entity("Google", "neutral", "involved"),
        entity("Apple", "neutral", "background"),
        entity("Jane Smith", "positive", "central", kind="person"),
    ]
    told = "Overall sentiment is strongly negative, and so it is for Scale AI; it is {}."
    assert closing("strongly negative", entities) == told.format("neutral for OpenAI and Google, positive for Meta")


def test_the_closing_sentence_of_one_mind() -> None:
    """Without entities it states the overall label alone."""
    assert closing("neutral", []) == "Overall sentiment is neutral."


def test_a_record_of_talk_is_summed_up_by_its_headline_figures() -> None:
    """A call has no lead: formalities stay out, and earnings with their figures come in wherever they are told."""
    text = (
        "Good morning, and thank you for joining our call. We are pleased with what our teams have done for our customers. "
        "We will discuss non-GAAP financial measures on this call. Our people are our strength, and we thank them. "
        "Third quarter revenue rose 9% to $4.1 billion, and adjusted earnings per share were $1.31. We like our plans."
    )
    assert "adjusted earnings per share were $1.31" in summary(text)
    assert "joining" not in summary(text)
    assert "non-GAAP" not in summary(text)


def test_an_analysis_covers_causes_and_outlook(draft: Drafter) -> None:
    """Of sentences of equal length those that tell why, and what comes next, go first."""
    fill = " ".join(f"The firm has {number} rooms for its staff of {number} in the town of Leeds in the north." for number in range(30, 50))
    text = (
        f"Boeing cut its profit forecast on Monday. {fill} Demand fell because airlines put off orders. "
        "The company expects deliveries to rise next year. Analysts said the shares may fall further."
    )
    analysis = draft(text).analysis
    assert "because airlines put off orders" in analysis
    assert "expects deliveries to rise next year" in analysis

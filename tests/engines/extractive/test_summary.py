"""Sentences chosen for summary and analysis."""

from __future__ import annotations

from agent.draft import Draft
from agent.engines.extractive.drafting import closing
from agent.engines.extractive.summary import Sentences, prose_of
from agent.sentences import sentence_spans
from tests.engines.extractive.articles import samples
from tests.engines.extractive.conftest import Drafter, reading


def summary(text: str) -> str:
    """The summary of `text`."""
    found = reading(text)
    return prose_of(found, Sentences(found, []).summary())


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
    assert last == "Overall sentiment is strongly negative; Meta Platforms: neutral; OpenAI: neutral; Google: neutral."


def test_the_closing_sentence_of_one_mind() -> None:
    """Without entities it states the overall label alone."""
    assert closing("neutral", []) == "Overall sentiment is neutral."

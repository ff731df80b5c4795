"""Coherence: a draft that contradicts itself, or belongs to another article."""

from __future__ import annotations

from typing import Any

import pytest

from agent.grounding.coherence import ALL_OTHERWISE, ANOTHER_ARTICLE, NOT_THE_LABEL, NOTHING_AT_STAKE, coherence_findings
from agent.taxonomy import load_taxonomy
from tests.grounding.drafts import ANALYSIS, ARTICLE, SUMMARY, draft, entity, northmill

TEXT = f"{ARTICLE.title}\n{ARTICLE.text}"


def found(article: str | None = TEXT, **changes: Any) -> list[tuple[str, str]]:
    """Where and why, for a draft with fields changed."""
    return [(f.where, f.reason) for f in coherence_findings(draft(**changes), article, load_taxonomy().scores)]


def test_a_faithful_draft_is_coherent() -> None:
    """Nothing is found in the draft that these tests start from."""
    assert found() == []


def test_an_overall_label_against_every_entity_is_found() -> None:
    """Strongly negative overall while every entity is positive."""
    overall = {"reason": "r", "label": "strongly negative"}
    entities = [entity(sentiment="positive"), northmill(sentiment="strongly positive")]
    assert ("overall.label", ALL_OTHERWISE) in found(overall=overall, entities=entities)


@pytest.mark.parametrize(
    "sentiments", [("positive", "negative"), ("positive", "neutral"), ("neutral", "neutral"), ("negative", "negative")]
)
def test_an_overall_label_with_some_support_is_fine(sentiments: tuple[str, str]) -> None:
    """One entity that agrees or doesn't take sides is enough."""
    entities = [entity(sentiment=sentiments[0]), northmill(sentiment=sentiments[1])]
    assert [reason for _, reason in found(entities=entities, analysis="") if reason == ALL_OTHERWISE] == []


def test_a_strong_label_with_nothing_at_stake_is_found() -> None:
    """Materiality 0 and strongly negative don't go together."""
    impact = draft().impact.model_dump() | {"materiality": {"reason": "r", "level": 0}}
    assert found(impact=impact, overall={"reason": "r", "label": "strongly negative"}) == [("overall.label", NOTHING_AT_STAKE)]


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("The overall sentiment is positive.", "negative"),
        ("Overall, sentiment is strongly positive, while Harbour is hurt.", "negative"),
        ("Sentiment is positive for Harbour Foods, but negative overall.", "negative"),
        ("The sentiment for Northmill is negative, as its costs rise.", "positive"),
        ("The overall sentiment is negative, while Northmill Group's sentiment is strongly negative.", "positive"),
    ],
)
def test_an_analysis_that_says_another_sentiment_than_the_label_is_found(sentence: str, label: str) -> None:
    """The clause is found with its place in the analysis, and the label it contradicts is named."""
    changed = draft(analysis=f"{ANALYSIS} {sentence}")
    findings = coherence_findings(changed, TEXT, load_taxonomy().scores)
    assert [(f.where, f.reason) for f in findings] == [("analysis", f"{NOT_THE_LABEL}: {label}")]
    assert changed.analysis[findings[0].start : findings[0].end] == findings[0].claim
    assert findings[0].claim in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The overall sentiment is strongly negative.",
        "The overall sentiment isn't positive.",
        "Overall sentiment is neutral to negative.",
        "Sentiment differs: positive for Northmill Group, negative for Harbour Foods.",
        "Harbour Foods and Northmill Group share a positive sentiment among bakers.",
        "Positive cash flow at Harbour Foods stands against it.",
        "Sentiment among shoppers in Canada is positive.",
    ],
)
def test_shades_negations_and_other_uses_of_the_words_are_fine(sentence: str) -> None:
    """Only the other sign, of one thing, in a sentence about sentiment is a contradiction."""
    assert found(analysis=f"{ANALYSIS} {sentence}") == []


def test_the_card_of_another_article_is_found() -> None:
    """Neither summary nor analysis has its words from this one."""
    other = (
        "The central bank of a distant kingdom kept borrowing costs unchanged after policymakers disagreed about wages, housing rents and "
        "the strength of exports, and bond yields slid while the crown weakened."
    )
    assert found(summary=other, analysis=other) == [("summary", ANOTHER_ARTICLE), ("analysis", ANOTHER_ARTICLE)]


def test_words_of_an_article_in_another_language_are_not_compared() -> None:
    """An English card has hardly a word of a German article."""
    assert found(None, summary=SUMMARY) == []


def test_prose_of_a_few_words_is_not_compared() -> None:
    """Too few words make no share."""
    assert found(summary="Wheat soared.", analysis="") == []

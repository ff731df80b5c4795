"""The form of the prose: the rules of agent/grounding/form.py, and plain lengths."""

from __future__ import annotations

from agent.card import Card
from agent.sentences import sentence_spans
from evals.samples import Sample
from evals.scores import Score

ABSTAINED = "the card abstained"


def score_form(card: Card, _: Sample) -> Score:
    """1 where the prose keeps to its lengths and sentences and has no markup."""
    return _unless_abstained(card, float(not card.checks.form))


def score_summary_words(card: Card, _: Sample) -> Score:
    """Words of the summary."""
    return _unless_abstained(card, float(len(card.summary.split())))


def score_summary_sentences(card: Card, _: Sample) -> Score:
    """Sentences of the summary."""
    return _unless_abstained(card, float(len(sentence_spans(card.summary))))


def score_analysis_words(card: Card, _: Sample) -> Score:
    """Words of the analysis."""
    return _unless_abstained(card, float(len(card.analysis.split())))


def _unless_abstained(card: Card, value: float) -> Score:
    return Score(None, ABSTAINED) if card.status == "abstained" else Score(value)

"""All metrics by name, and their values over a set of cards.

Families: `quality` is what a change is judged by, one or two metrics a field. `detail` looks at the same from other sides (macro means,
single classes, likeness to a reference), with a correction of its own. `cost` is what a card took, and never quality.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.card import Card
from evals.aggregates import Quantile, Ranked, calibration_error, kappa, label_f1, macro_f1, mean, micro_f1, ratio
from evals.extra import require_extra
from evals.samples import Sample
from evals.scorers import abstention, checks, cost, entities, form, impact, sentiment, summary, tickers, topics
from evals.scores import Metric, Score, Scorer


@dataclass(frozen=True, slots=True)
class Value:
    """A metric's value over a set of cards: from how many, and why others were left out (reason -> how many)."""

    value: float | None
    scored: int
    unscored: Mapping[str, int]


_F1 = "hits, extras and misses of all cards together"
_MACRO = "mean over those that occur, the rare as much as the frequent"
_CARD = "mean over cards"
_LABELS = sentiment.LABELS

METRICS: tuple[Metric, ...] = (
    Metric("tickers.f1", tickers.score_issuers, micro_f1(), about=f"F1 of tickers, share classes as one issuer; {_F1}"),
    Metric("tickers.f1_macro", tickers.score_issuers, macro_f1(), family="detail", about=f"F1 of each issuer, {_MACRO}"),
    Metric("tickers.f1_card", tickers.score_issuers, mean(), family="detail", about=f"F1 of each card's issuers, {_CARD}"),
    Metric("tickers.recall", tickers.score_issuer_recall, ratio("hits", "wanted"), family="detail", about="share of gold's issuers found"),
    Metric("symbols.f1", tickers.score_symbols, micro_f1(), family="detail", about=f"F1 of tickers, each share class; {_F1}"),
    Metric("symbols.f1_macro", tickers.score_symbols, macro_f1(), family="detail", about=f"F1 of each symbol, {_MACRO}"),
    Metric("symbols.f1_card", tickers.score_symbols, mean(), family="detail", about=f"F1 of each card's symbols, {_CARD}"),
    Metric("topics.f1", topics.score_topics, micro_f1(), about=f"F1 of topics; {_F1}"),
    Metric("topics.f1_macro", topics.score_topics, macro_f1(), family="detail", about=f"F1 of each topic, {_MACRO}"),
    Metric("topics.f1_card", topics.score_topics, mean(), family="detail", about=f"F1 of each card's topics, {_CARD}"),
    Metric("topics.recall", topics.score_topic_recall, ratio("hits", "wanted"), family="detail", about="share of gold's topics found"),
    Metric("sentiment.accuracy", sentiment.score_sentiment, mean(), about="overall label is the best one or an accepted one"),
    Metric("sentiment.exact", sentiment.score_sentiment_exact, mean(), family="detail", about="overall label is the best one"),
    Metric("sentiment.kappa", sentiment.score_sentiment_exact, kappa(_LABELS), "kappa", about="agreement with the best label, quadratic"),
    Metric(
        "sentiment.f1_macro",
        sentiment.score_sentiment_exact,
        label_f1(_LABELS),
        family="detail",
        about=f"F1 of each overall label, {_MACRO}",
    ),
    Metric(
        "sentiment.mae",
        sentiment.score_sentiment_distance,
        mean(),
        "steps",
        higher_is_better=False,
        family="detail",
        about="steps to the nearest accepted overall label, 0 to 4",
    ),
    Metric("entities.recall", entities.score_entity_recall, ratio("found", "expected"), about="share of gold's entities on the card"),
    Metric(
        "entities.precision",
        entities.score_entity_precision,
        ratio("found", "said"),
        family="detail",
        about="share of the card's companies, funds and indices that gold has, where it has all",
    ),
    Metric("entities.accuracy", entities.score_entity_sentiment, ratio("accepted", "matched"), about="label accepted, of matched entities"),
    Metric(
        "entities.exact",
        entities.score_entity_sentiment,
        ratio("exact", "matched"),
        family="detail",
        about="best label, of matched entities",
    ),
    Metric(
        "entities.kappa",
        entities.score_entity_sentiment,
        kappa(_LABELS),
        "kappa",
        family="detail",
        about="agreement with the best label of matched entities, quadratic",
    ),
    Metric(
        "entities.f1_macro",
        entities.score_entity_sentiment,
        label_f1(_LABELS),
        family="detail",
        about=f"F1 of each label of matched entities, {_MACRO}",
    ),
    Metric(
        "entities.mae",
        entities.score_entity_sentiment,
        ratio("steps", "matched"),
        "steps",
        higher_is_better=False,
        family="detail",
        about="steps to the nearest accepted label of matched entities, 0 to 4",
    ),
    Metric("entities.split_right", entities.score_split_card, mean(), about="cards with opposite sentiments that have every entity right"),
    Metric("impact.in_range", impact.score_impact_in_range, mean(), about="impact within gold's range"),
    Metric(
        "impact.mae",
        impact.score_impact_distance,
        mean(),
        "impact",
        higher_is_better=False,
        family="detail",
        about="distance from gold's value, 0 to 1",
    ),
    Metric(
        "impact.bias", impact.score_impact_bias, mean(), "impact", higher_is_better=None, family="detail", about="impact less gold's value"
    ),
    Metric("impact.spearman", impact.score_impact_distance, Ranked("said", "gold"), "rho", about="rank correlation with gold's value"),
    Metric(
        "impact.calibration_error",
        impact.score_impact_distance,
        calibration_error(impact.BINS),
        "impact",
        higher_is_better=False,
        family="detail",
        about="mean distance of what cards say from what gold says, by fifths of the scale",
    ),
    Metric("summary.facts", summary.score_facts, ratio("carried", "facts"), about="share of the facts the summary carries"),
    Metric("summary.rouge1", summary.score_rouge1, mean(), family="detail", about="ROUGE-1 F1 against the reference"),
    Metric("summary.rouge2", summary.score_rouge2, mean(), family="detail", about="ROUGE-2 F1 against the reference"),
    Metric("summary.rouge_l", summary.score_rouge_l, mean(), family="detail", about="ROUGE-L F1 against the reference"),
    Metric("summary.chrf", summary.score_chrf, mean(), family="detail", about="chrF2 against the reference, 0 to 1"),
    Metric("card.nothing_forbidden", summary.score_nothing_forbidden, mean(), about="no injected order or wrong namesake on the card"),
    Metric("checks.numbers", checks.score_numbers, ratio("supported", "stated"), about="share of stated figures the article supports"),
    Metric("checks.names", checks.score_names, ratio("supported", "stated"), about="share of names in the prose the article supports"),
    Metric(
        "checks.quotes", checks.score_quotes, ratio("supported", "stated"), family="detail", about="share of drafted quotes in the article"
    ),
    Metric("checks.passed", checks.score_passed, mean(), about="cards that pass all their checks"),
    Metric("form.kept", form.score_form, mean(), about="cards whose prose keeps to lengths, sentences and plain text"),
    Metric(
        "form.summary_words", form.score_summary_words, mean(), "words", higher_is_better=None, family="detail", about="words a summary"
    ),
    Metric(
        "form.summary_sentences",
        form.score_summary_sentences,
        mean(),
        "sentences",
        higher_is_better=None,
        family="detail",
        about="sentences a summary",
    ),
    Metric(
        "form.analysis_words", form.score_analysis_words, mean(), "words", higher_is_better=None, family="detail", about="words an analysis"
    ),
    Metric("abstention.accuracy", abstention.score_abstention, mean(), about="cards that abstain exactly where gold does"),
    Metric(
        "abstention.precision", abstention.score_abstention, ratio("right", "said"), family="detail", about="abstentions that are right"
    ),
    Metric(
        "abstention.recall",
        abstention.score_abstention,
        ratio("right", "wanted"),
        family="detail",
        about="of gold's abstentions, those made",
    ),
    Metric("cost.usd", cost.score_cost, mean(), "usd", higher_is_better=False, family="cost", about="dollars a card, without a cache"),
    Metric(
        "cost.input_tokens", cost.score_input_tokens, mean(), "tokens", higher_is_better=False, family="cost", about="input tokens a card"
    ),
    Metric(
        "cost.output_tokens",
        cost.score_output_tokens,
        mean(),
        "tokens",
        higher_is_better=False,
        family="cost",
        about="output tokens a card",
    ),
    Metric("cost.requests", cost.score_requests, mean(), "requests", higher_is_better=False, family="cost", about="requests a card"),
    Metric("cost.reasks", cost.score_reask, mean(), higher_is_better=False, family="cost", about="cards asked for a second time"),
    Metric("cost.latency", cost.score_latency, mean(), "s", higher_is_better=False, family="cost", about="seconds a card"),
    Metric(
        "cost.latency_p95",
        cost.score_latency,
        Quantile(0.95),
        "s",
        higher_is_better=False,
        family="cost",
        about="19 of 20 cards are as quick",
    ),
)

NO_CARD = "no card"


def score_cards(cards: Mapping[str, Card], samples: Sequence[Sample], metrics: Sequence[Metric] = METRICS) -> dict[str, tuple[Score, ...]]:
    """Metric name -> the score of each sample, in order; a sample without a card is unscored. Each scorer runs once a card.

    Raises UsageError when the extra `evals` isn't installed.
    """
    require_extra()
    once: dict[Scorer, tuple[Score, ...]] = {}
    for scorer in dict.fromkeys(metric.scorer for metric in metrics):
        found = ((cards.get(sample.id), sample) for sample in samples)
        once[scorer] = tuple(Score(None, NO_CARD) if card is None else scorer(card, sample) for card, sample in found)
    return {metric.name: once[metric.scorer] for metric in metrics}


def value_of(metric: Metric, scores: Sequence[Score]) -> Value:
    """The metric over `scores`, which its scorer made."""
    unscored = Counter(score.reason for score in scores if score.value is None)
    return Value(metric.aggregate(scores), len(scores) - unscored.total(), dict(unscored.most_common()))


def evaluate(cards: Mapping[str, Card], samples: Sequence[Sample], metrics: Sequence[Metric] = METRICS) -> dict[str, Value]:
    """Metric name -> its value over `samples`; `cards` by article id. Raises UsageError when the extra `evals` isn't installed."""
    scores = score_cards(cards, samples, metrics)
    return {metric.name: value_of(metric, scores[metric.name]) for metric in metrics}


@cache
def scoring_digest() -> str:
    """16 hex digits over the files that say what a score and a metric are: figures of two digests may not be compared."""
    here = Path(__file__).parent
    sources = [Path(__file__), *sorted(here.glob("scorers/*.py")), *sorted(here.glob("aggregates/*.py"))]
    return hashlib.sha256(b"\x1f".join(path.read_bytes() for path in sources)).hexdigest()[:16]

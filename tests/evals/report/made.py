"""A small evaluation to report: articles and cards of the tests' own, scored by the real scorers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.article import Article
from agent.card import Card
from evals.goldset import Choice, GoldEntity, GoldImpact, GoldSentiment
from evals.metrics import METRICS, score_cards, value_of
from evals.report import Evaluated
from evals.samples import Gold, Sample
from evals.statistics import Cell, Resampling, estimate
from tests.present.sample import CARD

EVIL = "<script>alert(1)</script>\x1b[31m"


def a_sample(name: str = "a", **changes: Any) -> Sample:
    """An article whose gold is what the sample card says, but for `changes`."""
    gold: dict[str, Any] = {
        "abstain": False,
        "tickers": Choice(must=CARD.tickers),
        "topics": Choice(must=CARD.topics),
        "sentiment": GoldSentiment(label=CARD.sentiment.label),  # type: ignore[union-attr]
        "entities": tuple(
            GoldEntity(name=one.name, aliases=[], kind=one.kind, tickers=one.tickers, sentiment=one.sentiment.label)
            for one in CARD.entities
        ),
        "impact": GoldImpact(value=CARD.market_impact or 0, low=0, high=1),
        "facts": (("outlook",),),
        "summary": CARD.summary,
    }
    return Sample(Article(id=name, title=CARD.title, text="Halden cut its outlook."), Gold(**(gold | changes)), name, ("brief",))


def a_card(name: str = "a", **changes: Any) -> Card:
    """The sample card under that id."""
    return CARD.model_copy(update={"id": name, **changes})


def evaluated(samples: Sequence[Sample], cards: Sequence[Card], failures: Mapping[str, str] | None = None) -> Evaluated:
    """All of it, scored."""
    by_id = {card.id: card for card in cards}
    scores = score_cards(by_id, samples)
    resampling = Resampling(draws=50)
    cells = {
        name: [Cell(sample.id, sample.cluster, score) for sample, score in zip(samples, found, strict=True)]
        for name, found in scores.items()
    }
    return Evaluated(
        name="a run",
        facts=[("engine", "llm"), ("model", "test")],
        samples=samples,
        cards=by_id,
        failures=failures or {},
        scores=scores,
        values={metric.name: value_of(metric, scores[metric.name]) for metric in METRICS},
        estimates={
            metric.name: estimate(metric.aggregate, cells[metric.name], resampling, share=metric.unit == "share") for metric in METRICS
        },
    )

"""Our own gold cards, which have gold for every field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from agent.errors import UsageError
from evals.datasets.base import DataSet
from evals.datasets.clusters import clusters
from evals.goldset import GoldCard, GoldJudgement, load_gold
from evals.samples import Gold, Sample


def _read(path: Path) -> Iterator[Sample]:
    cards = _cards(path)
    for card, cluster in zip(cards, clusters([_keys(card) for card in cards]), strict=True):
        yield Sample(card.read(), _gold(card.judged), cluster, tuple(card.tags), card.split)


def _cards(path: Path) -> tuple[GoldCard, ...]:
    try:
        cards = load_gold(path)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        raise UsageError(f"{path}: a file there is no gold card: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from None
    except yaml.YAMLError as exc:
        raise UsageError(f"{path}: a file there isn't YAML: {' '.join(str(exc).split())}") from None
    if not cards:
        raise UsageError(f"{path}: there is no gold card in it (*.yaml)")
    return cards


def _keys(card: GoldCard) -> list[str]:
    """Cards on one issuer's day tell one story."""
    symbols = card.judged.tickers.must if card.judged else []
    return [f"{card.article.published_at:%Y-%m-%d} {symbol}" for symbol in symbols] or [card.id]


def _gold(judged: GoldJudgement | None) -> Gold:
    if judged is None:
        return Gold(abstain=True)
    return Gold(
        abstain=False,
        tickers=judged.tickers,
        topics=judged.topics,
        sentiment=judged.sentiment,
        entities=tuple(judged.entities),
        impact=judged.market_impact,
        facts=tuple(tuple(ways) for ways in judged.facts),
        forbid=tuple(judged.forbid),
        summary=judged.summary.strip(),
        analysis=judged.analysis.strip(),
    )


SET = DataSet(
    name="gold",
    description="newscard's own gold cards on real events of 2014 to 2025 (evals/gold/README.md)",
    licence="Apache-2.0",
    reader=_read,
    file=None,
    measures={
        "abstain": "whether the card says nothing where there is nothing to say",
        "tickers": "recall and precision, with share classes as one issuer and each",
        "topics": "recall and precision",
        "sentiment": "5-class overall sentiment, with defensible labels accepted",
        "entities": "recall of the expected entities and 5-class sentiment of each; not precision, since others may be on a card",
        "impact": "0 to 1 against a value and a range",
        "facts": "what the summary should carry",
        "forbid": "injected orders and wrong namesakes anywhere on the card",
        "summary": "ROUGE and chrF against a reference",
        "analysis": "a reference for a judge to compare with",
    },
)

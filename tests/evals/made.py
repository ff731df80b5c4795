"""Cards and samples made up for the tests of scorers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agent.article import Article
from agent.card import Card, Checks, Entity, Provenance, Sentiment, Usage
from agent.draft import EntityKind
from agent.taxonomy import SentimentLabel, load_taxonomy
from evals.goldset import GoldEntity
from evals.samples import Gold, Sample

ARTICLE = Article(id="made-up", title="A title", text="A text that nobody wrote.", published_at=datetime(2024, 5, 2, tzinfo=UTC))


def made_sample(**known: Any) -> Sample:
    """A sample with this much gold."""
    return Sample(ARTICLE, Gold(**known), cluster="made up")


def made_card(**fields: Any) -> Card:
    """A card with nothing on it but `fields`."""
    empty: dict[str, Any] = {
        "id": ARTICLE.id,
        "status": "ok",
        "abstained_because": None,
        "title": ARTICLE.title,
        "url": None,
        "source": None,
        "published_at": ARTICLE.published_at,
        "market_impact": 0.5,
        "tickers": [],
        "topics": [],
        "summary": "Nothing happened.",
        "analysis": "Nothing follows from it.",
        "sentiment": feeling("neutral"),
        "entities": [],
        "impact": {},
        "instruments": [],
        "checks": Checks(),
        "provenance": made_provenance(),
    }
    return Card(**{**empty, **fields})


def abstained_card() -> Card:
    """A card that says nothing."""
    return made_card(status="abstained", abstained_because="too short", market_impact=None, summary="", analysis="", sentiment=None)


def made_provenance(**fields: Any) -> Provenance:
    """Where a made-up card comes from."""
    usual: dict[str, Any] = {
        "engine": "llm",
        "model": "a-model",
        "endpoint": "example.test",
        "prompt": "card.v1@0",
        "schema": "0",
        "symbols": "2026-01-01",
        "newscard": "0",
        "article_digest": "0",
        "truncated": False,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        "cached": False,
        "usage": Usage(requests=1, input_tokens=1000, output_tokens=200),
        "cost_usd": 0.002,
        "uncached_cost_usd": 0.002,
        "elapsed_s": 1.5,
    }
    return Provenance(**{**usual, **fields})


def feeling(label: SentimentLabel) -> Sentiment:
    """A sentiment with the score that its label has."""
    return Sentiment(label=label, score=load_taxonomy().scores[label], reason="because")


def said(name: str, label: SentimentLabel = "neutral", *, kind: EntityKind = "public company", tickers: tuple[str, ...] = ()) -> Entity:
    """An entity of a card."""
    return Entity(name=name, kind=kind, tickers=list(tickers), relevance=0.5, sentiment=feeling(label), evidence=[])


def expected(name: str, label: SentimentLabel = "neutral", **more: Any) -> GoldEntity:
    """An entity of gold."""
    return GoldEntity(**{"name": name, "aliases": [], "kind": "other", "tickers": [], "sentiment": label, **more})

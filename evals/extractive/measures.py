"""All that is measured, in the order of the table."""

from __future__ import annotations

from evals.extractive import entities, impact, sentiment, summaries, tickers, topics
from evals.extractive.table import Measure

MEASURES: tuple[Measure, ...] = (
    *sentiment.MEASURES,
    *entities.MEASURES,
    *tickers.MEASURES,
    *topics.MEASURES,
    *summaries.MEASURES,
    *impact.MEASURES,
)

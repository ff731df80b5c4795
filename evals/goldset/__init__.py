"""The gold cards of evals/gold/ and their two labellings. `python -m evals.goldset` checks every file and prints how they are spread."""

from __future__ import annotations

from evals.goldset.cards import (
    FOLDER,
    Choice,
    GoldAbstention,
    GoldArticle,
    GoldCard,
    GoldEntity,
    GoldImpact,
    GoldJudgement,
    GoldSentiment,
    Split,
    load_gold,
)
from evals.goldset.labellings import Adjudication, Labelling, adjudications, first_labelling, second_labelling

__all__ = [
    "FOLDER",
    "Adjudication",
    "Choice",
    "GoldAbstention",
    "GoldArticle",
    "GoldCard",
    "GoldEntity",
    "GoldImpact",
    "GoldJudgement",
    "GoldSentiment",
    "Labelling",
    "Split",
    "adjudications",
    "first_labelling",
    "load_gold",
    "second_labelling",
]

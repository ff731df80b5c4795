"""Whether a card says nothing exactly where there is nothing to say."""

from __future__ import annotations

from agent.card import Card
from evals.samples import Sample
from evals.scores import Score


def score_abstention(card: Card, sample: Sample) -> Score:
    """1 where the card abstains as gold does, or doesn't as gold doesn't. Counts: `right`, `said`, `wanted` abstentions."""
    if sample.gold.abstain is None:
        return Score(None, "no gold for abstention")
    said, wanted = card.status == "abstained", sample.gold.abstain
    return Score(float(said == wanted), counts={"right": float(said and wanted), "said": float(said), "wanted": float(wanted)})

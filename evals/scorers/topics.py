"""Topics against gold: must and may of our own, or another scheme's as groups of ours."""

from __future__ import annotations

from agent.card import Card
from evals.samples import Sample
from evals.scorers.sets import compared, recalled
from evals.scores import Score


def score_topics(card: Card, sample: Sample) -> Score:
    """F1 over topics."""
    gold = sample.gold.topics
    return compared(card.topics, gold.must, gold.may) if gold else Score(None, "no gold for topics")


def score_topic_recall(card: Card, sample: Sample) -> Score:
    """Share of the topics that must be there which are. Of a group of topics any one counts, for sets with topics of their own."""
    groups = sample.gold.topic_groups
    if groups is None:
        score = score_topics(card, sample)
        return recalled(score) if score.value is not None else score
    names = {" or ".join(group): group for group in groups}
    return recalled(compared([name for name, group in names.items() if {*group} & {*card.topics}], names))

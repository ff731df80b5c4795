"""Market impact of gold cards, beside the other part's median said of every card."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from agent.draft import Draft
from agent.engines.extractive.drafting import draft_article
from agent.symbols import load_symbols
from agent.taxonomy import COMPONENTS, load_taxonomy
from evals.aggregates import Ranked, mean
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scores import Score
from evals.statistics import Cell

MEDIAN = "the median of the rest"


def lines(parts: Parts) -> Iterator[Line]:
    """Rank correlation with gold, and the share within gold's range. An abstention isn't measured here."""
    drafts = [(sample, draft_article(sample.article, load_symbols())) for sample in parts.judged if sample.gold.impact]
    said = [(sample, _impact(draft)) for sample, draft in drafts if draft.abstain_because is None]
    usual = statistics.median(sample.gold.impact.value for sample in parts.rest if sample.gold.impact)
    cells = [_cell(sample, impact) for sample, impact in said]
    yield Line("market impact, Spearman", Ranked("said", "gold"), {ENGINE: cells}, 0.5, share=False)
    yield Line("market impact within gold's range", mean(), {ENGINE: cells, MEDIAN: [_cell(sample, usual) for sample, _ in said]})


def _impact(draft: Draft) -> float:
    return load_taxonomy().impact({name: getattr(draft.impact, name).level for name in COMPONENTS})


def _cell(sample: Sample, said: float) -> Cell:
    gold = sample.gold.impact
    if gold is None:
        return Cell(sample.id, sample.cluster, Score(None, "no gold for the impact"))
    inside = float(gold.low <= said <= gold.high)
    return Cell(sample.id, sample.cluster, Score(inside, counts={"said": said, "gold": gold.value}))


MEASURES = (Measure("gold", lines),)

"""Tickers of articles in which the journalists' symbols were cut from the text, on the card that comes out at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.engines.extractive.drafting import draft_article
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.aggregates import ratio
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scorers.tickers import issuers_compared
from evals.statistics import Cell


def lines(parts: Parts) -> Iterator[Line]:
    """Recall, and precision as far as the gold shows it: a company that is named but got no symbol counts as an error."""
    cells = [_cell(sample) for sample in parts.judged]
    yield Line("tickers, recall", ratio("hits", "wanted"), {ENGINE: cells}, 0.85)
    yield Line("tickers, precision (lower bound)", ratio("hits", "said"), {ENGINE: cells})


def tickers(sample: Sample) -> tuple[str, ...]:
    """What stands on the card of a sample's article."""
    symbols = load_symbols()
    return ground(sample.article, draft_article(sample.article, symbols), symbols, load_taxonomy()).tickers


def _cell(sample: Sample) -> Cell:
    score = issuers_compared(tickers(sample), sample)
    said = float(score.counts["hits"]) + float(score.counts["extras"])
    return Cell(sample.id, sample.cluster, replace(score, counts={**score.counts, "said": said}))


MEASURES = (Measure("yahoo_fin_news", lines),)

"""Summaries, beside the lead and TextRank of the same length.

Of gold articles: the facts that gold wants. Of transcripts of calls (ectsum): the figures that the agency's bullets state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agent.article import Article
from agent.engines.extractive.drafting import draft_article
from agent.engines.extractive.language import function_words
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.textrank import textrank
from agent.grounding.numbers import stated_figures
from agent.grounding.numbers.figures import MEASURES as MEASURED
from agent.sentences import sentence_spans
from agent.symbols import load_symbols
from evals.aggregates import ratio
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scorers.summary import says
from evals.scores import Score
from evals.statistics import Cell

LEAD = 3

Scorer = Callable[[str, Sample], Score]


def lines(what: str, scorer: Scorer) -> Callable[[Parts], Iterator[Line]]:
    """The share that each system's summary carries, of all there is to carry."""

    def found(parts: Parts) -> Iterator[Line]:
        cells: dict[str, list[Cell]] = {}
        for sample in parts.judged:
            for system, text in _summaries(sample.article).items():
                cells.setdefault(system, []).append(Cell(sample.id, sample.cluster, scorer(text, sample)))
        yield Line(what, ratio("carried", "wanted"), cells)

    return found


def figures_carried(summary: str, sample: Sample) -> Score:
    """The distinct figures of the reference that stand in the summary, in any spelling. Dates don't count."""
    wanted, there = _figures(sample.gold.summary or ""), _figures(summary)
    return _share(len(wanted & there), len(wanted), "the reference states no figure")


def facts_carried(summary: str, sample: Sample) -> Score:
    """The facts of gold that the summary says in one of the ways to say them."""
    facts = sample.gold.facts or ()
    return _share(sum(any(says(summary, way, begun=True) for way in ways) for ways in facts), len(facts), "no gold for facts")


def _share(carried: int, wanted: int, otherwise: str) -> Score:
    if not wanted:
        return Score(None, otherwise)
    return Score(carried / wanted, counts={"carried": float(carried), "wanted": float(wanted)})


def _summaries(article: Article) -> dict[str, str]:
    summary = draft_article(article, load_symbols()).summary
    words = len(summary.split())
    sentences = [article.text[start:end] for start, end in sentence_spans(article.text)]
    return {
        ENGINE: summary,
        "lead-3": " ".join(sentences[:LEAD]),
        "lead of equal length": _cut(sentences, words),
        "TextRank of equal length": _cut(_ranked(article), words),
    }


def _figures(text: str) -> set[tuple[str, float]]:
    readings = (figure.readings[0] for figure in stated_figures(text))
    return {(reading.kind, round(reading.value, 6)) for reading in readings if reading.kind in MEASURED}


def _ranked(article: Article) -> list[str]:
    """The sentences by their TextRank, the most central first."""
    reading = Reading(article)
    words = [frozenset(reading.words[sentence.first : sentence.last]) - function_words() for sentence in reading.sentences]
    ranks = textrank(words)
    return [reading.quote(reading.sentences[at]) for at in sorted(range(len(ranks)), key=lambda at: -ranks[at])]


def _cut(sentences: Sequence[str], words: int) -> str:
    """The first `words` words of the sentences, in that order."""
    return " ".join(" ".join(sentences).split()[:words])


MEASURES = (
    Measure("gold", lines("facts in the summary", facts_carried)),
    Measure("ectsum", lines("figures of the reference in the summary", figures_carried)),
)

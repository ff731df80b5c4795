"""Summaries of long transcripts (ectsum): the share of the references' figures that they carry, beside baselines of the same length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from evals.scores import Score
from evals.statistics import Cell

LEAD = 3


def lines(parts: Parts) -> Iterator[Line]:
    """Figures carried, of all that the references state."""
    cells: dict[str, list[Cell]] = {}
    for sample in parts.judged:
        summary = draft_article(sample.article, load_symbols()).summary
        words = len(summary.split())
        sentences = _sentences(sample.article)
        said = {
            ENGINE: summary,
            "lead-3": " ".join(sentences[:LEAD]),
            "lead of equal length": _cut(sentences, words),
            "TextRank of equal length": _cut(_ranked(sample.article), words),
        }
        for system, text in said.items():
            cells.setdefault(system, []).append(Cell(sample.id, sample.cluster, _score(text, sample)))
    yield Line("figures of the reference in the summary", ratio("carried", "figures"), cells)


def carried(summary: str, reference: str) -> tuple[int, int]:
    """How many of the distinct figures of `reference` stand in `summary`, in any spelling, and how many there are. Dates don't count."""
    wanted, there = _figures(reference), _figures(summary)
    return len(wanted & there), len(wanted)


def _score(summary: str, sample: Sample) -> Score:
    found, wanted = carried(summary, sample.gold.summary or "")
    if not wanted:
        return Score(None, "the reference states no figure")
    return Score(found / wanted, counts={"carried": float(found), "figures": float(wanted)})


def _figures(text: str) -> set[tuple[str, float]]:
    readings = (figure.readings[0] for figure in stated_figures(text))
    return {(reading.kind, round(reading.value, 6)) for reading in readings if reading.kind in MEASURED}


def _sentences(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in sentence_spans(article.text)]


def _ranked(article: Article) -> list[str]:
    """The sentences by their TextRank, the most central first."""
    reading = Reading(article)
    words = [frozenset(reading.words[sentence.first : sentence.last]) - function_words() for sentence in reading.sentences]
    ranks = textrank(words)
    return [reading.quote(reading.sentences[at]) for at in sorted(range(len(ranks)), key=lambda at: -ranks[at])]


def _cut(sentences: Sequence[str], words: int) -> str:
    """The first `words` words of the sentences, in that order."""
    return " ".join(" ".join(sentences).split()[:words])


MEASURES = (Measure("ectsum", lines),)

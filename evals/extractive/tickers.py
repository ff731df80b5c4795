"""Tickers of articles in which the journalists' symbols were cut from the text; `python -m evals.extractive.tickers` draws some to judge.

What the engine finds is every issuer that the text names. What stands on the card is fewer: those that the article is about.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from agent.engines.extractive.drafting import draft_article
from agent.engines.extractive.entities import find_entities
from agent.engines.extractive.reading import Reading
from agent.errors import UsageError
from agent.grounding import ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.aggregates import ratio
from evals.datasets import read
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scorers.tickers import issuers_compared
from evals.statistics import Cell

SET = "yahoo_fin_news"
SEED = 7
CONTEXT = 80
"""Characters on either side of a name that is to be judged."""


class Found(NamedTuple):
    """An issuer the engine found: the name as the article has it, its symbols, and where it is first named, in context."""

    article: str
    name: str
    symbols: tuple[str, ...]
    context: str


def found_in(sample: Sample) -> Iterator[Found]:
    """The issuers that the engine finds in an article, those named in passing too."""
    symbols, reading = load_symbols(), Reading(sample.article)
    for entity in find_entities(reading, symbols):
        issuer = symbols.resolve(entity.name, reading.day) if entity.issuer else None
        if issuer:
            start, end = reading.starts[entity.places[0].first], reading.ends[entity.places[0].last - 1]
            context = " ".join(reading.text[max(0, start - CONTEXT) : end + CONTEXT].split())
            yield Found(sample.id, entity.name, issuer.symbols, context)


def on_card(sample: Sample) -> tuple[str, ...]:
    """The tickers of the card."""
    symbols = load_symbols()
    return ground(sample.article, draft_article(sample.article, symbols), symbols, load_taxonomy()).tickers


def lines(parts: Parts) -> Iterator[Line]:
    """Recall, and precision as far as the gold shows it: a company that is named but got no symbol counts as an error."""
    found = _cells(parts.judged, lambda sample: [symbol for issuer in found_in(sample) for symbol in issuer.symbols])
    yield Line("tickers found, recall", ratio("hits", "wanted"), {ENGINE: found}, 0.85)
    yield Line("tickers found, precision (lower bound)", ratio("hits", "said"), {ENGINE: found})
    card = _cells(parts.judged, on_card)
    yield Line("tickers on the card, recall", ratio("hits", "wanted"), {ENGINE: card})
    yield Line("tickers on the card, precision (lower bound)", ratio("hits", "said"), {ENGINE: card})


MEASURES = (Measure(SET, lines),)


def _cells(samples: Sequence[Sample], tickers: Callable[[Sample], Iterable[str]]) -> list[Cell]:
    return [_cell(sample, tickers(sample)) for sample in samples]


def _cell(sample: Sample, tickers: Iterable[str]) -> Cell:
    score = issuers_compared(tickers, sample)
    said = float(score.counts["hits"]) + float(score.counts["extras"])
    return Cell(sample.id, sample.cluster, replace(score, counts={**score.counts, "said": said}))


def main(arguments: Sequence[str]) -> int:
    """Print found issuers, drawn with a fixed seed from the articles that are held back; 2 when the set can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.extractive.tickers", description=main.__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, metavar="PATH", help=f"where the folder {SET} is")
    parser.add_argument("--count", type=int, default=100, metavar="N", help="how many (100)")
    options = parser.parse_args(arguments)
    try:
        samples = [sample for sample in read(SET, options.data_dir / SET) if sample.split == "gate"]
    except UsageError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return exc.exit_code
    found = [issuer for sample in samples for issuer in found_in(sample)]
    drawn = random.Random(SEED).sample(found, min(options.count, len(found)))  # noqa: S311  which ones are judged is no secret
    for issuer in drawn:
        sys.stdout.write("\t".join((issuer.article, issuer.name, " ".join(issuer.symbols), issuer.context)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Whether the engine finds by itself the entities that finentity labels; sectors and the like (materials, staples) are among them."""

from __future__ import annotations

from collections.abc import Iterator

from evals.aggregates import ratio
from evals.extractive.asking import found_among, names_of
from evals.extractive.table import ENGINE, Line, Measure, Parts
from evals.samples import Sample
from evals.scores import Score
from evals.statistics import Cell


def lines(parts: Parts) -> Iterator[Line]:
    """Recall over all labelled entities."""
    yield Line("entities found, recall", ratio("found", "expected"), {ENGINE: [_cell(sample) for sample in parts.judged]})


MEASURES = (Measure("finentity", lines),)


def _cell(sample: Sample) -> Cell:
    found = found_among(sample.article, [names_of(entity) for entity in sample.gold.entities or ()])
    counts: dict[str, float | str] = {"found": float(sum(found)), "expected": float(len(found))}
    return Cell(sample.id, sample.cluster, Score(sum(found) / len(found) if found else None, counts=counts))

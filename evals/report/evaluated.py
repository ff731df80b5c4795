"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.card import Card
from evals.metrics import METRICS, Value
from evals.samples import Sample
from evals.scores import Metric, Score
from evals.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One run's cards with their scores.

    `facts` are names and values for the head of the page. `cards` and `failures` (why there is no card) are by article id. `scores` and
    `values` are by metric; the scores of a metric stand in the order of `samples`. `estimates` may count repeats besides.
    """

    name: str
    facts: Sequence[tuple[str, str]]
    samples: Sequence[Sample]
    cards: Mapping[str, Card]
    failures: Mapping[str, str]
    scores: Mapping[str, Sequence[Score]]
    values: Mapping[str, Value]
    estimates: Mapping[str, Estimate]
    metrics: Sequence[Metric] = field(default=METRICS)

    def score(self, metric: str, place: int) -> Score | None:
        """The score of the sample at `place`; None where the metric wasn't run."""
        found = self.scores.get(metric)
        return found[place] if found else None

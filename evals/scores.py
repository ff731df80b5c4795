"""What a scorer says of one card, and what a metric makes of many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.card import Card
from evals.samples import Sample


@dataclass(frozen=True, slots=True)
class Score:
    """The value of one card in one respect; None when it can't be scored, which `reason` explains and which never counts as zero.

    `counts` holds what a metric over many cards needs beyond the value, such as true positives or a pair of labels.
    """

    value: float | None
    reason: str = ""
    counts: Mapping[str, float | str] = field(default_factory=dict)


Scorer = Callable[[Card, Sample], Score]
Aggregate = Callable[[Sequence[Score]], float | None]
"""One number of many scores, the unscored ones left out by itself; None when nothing could be scored. Called once a resample: be quick."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the report: `aggregate` over what `scorer` says of each card.

    `higher_is_better` None: shown, never judged. `family`: what Holm's correction takes together. `about`: what it says, in words.
    """

    name: str
    scorer: Scorer
    aggregate: Aggregate
    unit: str = "share"
    higher_is_better: bool | None = True
    family: str = "quality"
    about: str = ""

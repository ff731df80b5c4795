"""Plants, grounds and counts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from agent.article import Article
from agent.draft import Draft
from agent.grounding import Grounded, ground
from agent.symbols import load_symbols
from agent.taxonomy import load_taxonomy
from evals.planted.intervals import Interval, clustered, wilson
from evals.planted.judging import OF_FORM, OF_THE_ARTICLE, caught_by, findings
from evals.planted.kinds import KINDS, Kind, plants
from evals.planted.pairs import Pair
from evals.planted.plant import Plant

_TIMED = 5
"""How often each untouched card is grounded to be timed."""


@dataclass(frozen=True)
class Outcome:
    """One plant and the checks that point at it; none: it was missed."""

    plant: Plant
    caught_by: frozenset[str]


@dataclass(frozen=True)
class KindResult:
    """The outcomes of one kind."""

    kind: Kind
    outcomes: tuple[Outcome, ...]
    seed: int

    @property
    def caught(self) -> int:
        """How many some check points at."""
        return sum(bool(outcome.caught_by) for outcome in self.outcomes)

    @property
    def articles(self) -> int:
        """In how many articles they were planted."""
        return len({outcome.plant.article.id for outcome in self.outcomes})

    @property
    def wilson(self) -> Interval:
        """As if every plant were independent."""
        return wilson(self.caught, len(self.outcomes))

    @property
    def clustered(self) -> Interval:
        """Drawn by article."""
        by_article: dict[str, list[bool]] = {}
        for outcome in self.outcomes:
            by_article.setdefault(outcome.plant.article.id, []).append(bool(outcome.caught_by))
        return clustered(by_article, seed=self.seed)


@dataclass(frozen=True)
class FalseAlarms:
    """What was found on the untouched cards. `cards` and `summaries` count those with a finding on what the card says."""

    pairs: int
    findings: Counter[str]
    flagged: Counter[str]
    cards: int
    summaries: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything that `python -m evals.planted` prints."""

    seed: int
    per_pair: int
    kinds: tuple[KindResult, ...]
    false_alarms: FalseAlarms
    times_ms: tuple[float, ...] = field(repr=False)

    @property
    def median_ms(self) -> float:
        """Time per card."""
        return median(self.times_ms)

    @property
    def p95_ms(self) -> float:
        """Time per card that one in twenty exceeds."""
        return sorted(self.times_ms)[int(0.95 * (len(self.times_ms) - 1))]


def measure(pairs: Sequence[Pair], *, seed: int, per_pair: int, kinds: Sequence[Kind] = KINDS) -> Report:
    """Plant up to `per_pair` faults of each kind in each pair, and see what the checks say of them and of the untouched cards."""
    hold = partial(ground, symbols=load_symbols(), taxonomy=load_taxonomy())
    untouched = {pair.id: hold(pair.article, pair.draft) for pair in pairs}
    results = []
    for kind in kinds:
        made = [plant for pair in pairs for plant in plants(kind, pair, seed=seed, count=per_pair)]
        outcomes = (Outcome(plant, caught_by(plant, hold(plant.article, plant.draft), untouched[plant.pair.id])) for plant in made)
        results.append(KindResult(kind, tuple(outcomes), seed))
    return Report(seed, per_pair, tuple(results), false_alarms(untouched), _times_ms(pairs, hold))


def false_alarms(untouched: dict[str, Grounded]) -> FalseAlarms:
    """Count every finding on cards that have no fault."""
    counted: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    cards = summaries = 0
    examples = []
    for pair, grounded in untouched.items():
        found = findings(grounded)
        counted.update(check for check, _ in found)
        flagged.update({check for check, _ in found})
        told = [finding for check, finding in found if check not in {OF_FORM, OF_THE_ARTICLE}]
        cards += bool(told)
        summaries += any(finding.where == "summary" for finding in told)
        examples += [f"{pair} {check}: {finding.where}: {finding.claim!r}: {finding.reason}" for check, finding in found]
    return FalseAlarms(len(untouched), counted, flagged, cards, summaries, tuple(examples))


def _times_ms(pairs: Sequence[Pair], hold: Callable[[Article, Draft], Grounded]) -> tuple[float, ...]:
    times = []
    for _ in range(_TIMED):
        for pair in pairs:
            started = time.perf_counter()
            hold(pair.article, pair.draft)
            times.append(1000 * (time.perf_counter() - started))
    return tuple(times)

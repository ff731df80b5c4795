"""How a run went, on one page: what failed and why, what the checks found, how labels, topics and impact are spread, what looks wrong.

It is read off the rows one by one; memory holds counts alone. Cards come as their JSON, since validating a million of them again would
take longer than making them from the cache did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, get_args

from agent.taxonomy import SentimentLabel

IMPACT_BINS = 10
WINDOW = 100
"""Cards to a window in which re-asks are counted."""
SOURCES = 1_000
"""Sources that are told apart; a feed with more has made ids of them."""

_ENOUGH = 30
_ONE_LABEL = 0.9
_BUNCHED = 0.6
_STORM = 0.5
_STORM_RATIO = 3.0
_SKEW = 0.4
_SKEW_Z = 4.0
_FAILED = 0.05
_DROPPED = 0.5


@dataclass(slots=True)
class SourceCount:
    """What came of one source: cards, failures, and the sum and sum of squares of the overall scores (-1..1)."""

    cards: int = 0
    failed: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, score: float) -> None:
        """Count one card with that score."""
        self.cards += 1
        self.total += score
        self.squares += score * score

    @property
    def mean(self) -> float:
        """The mean score; 0 without a card."""
        return self.total / self.cards if self.cards else 0.0

    @property
    def variance(self) -> float:
        """The scores' variance; 0 without a card."""
        return max(self.squares / self.cards - self.mean**2, 0.0) if self.cards else 0.0


@dataclass(slots=True)
class Health:
    """The counts of a run. Shares are of `cards`, the cards that don't abstain, unless they say otherwise."""

    cards: int = 0
    abstained: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    cached: int = 0
    copies: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    impact: list[int] = field(default_factory=lambda: [0] * IMPACT_BINS)
    impact_values: Counter[float] = field(default_factory=Counter)
    with_dropped_ticker: int = 0
    with_unsupported_number: int = 0
    with_any_finding: int = 0
    injected: int = 0
    reasked: int = 0
    windows: list[int] = field(default_factory=list)
    """Re-asks in each hundred cards that a model was asked for, in the order of the rows."""
    sources: dict[str, SourceCount] = field(default_factory=dict)
    usage: Counter[str] = field(default_factory=Counter)
    """Requests and tokens of cards, by the names of the card's `usage`."""
    wasted: Counter[str] = field(default_factory=Counter)
    """The same of failures."""
    cost_usd: float | None = 0.0
    """Of cards; None when one of them is unpriced."""
    uncached_cost_usd: float | None = 0.0
    lost: int = 0
    """Articles that were in flight when a runner was killed, each time counted."""
    lost_usd: float | None = 0.0
    """What that cost, if each was answered and billed: it is not in `cost_usd`."""
    _asked: int = 0

    @property
    def rows(self) -> int:
        """Articles with an outcome."""
        return self.cards + self.abstained + self.failures.total()

    def add_card(self, card: Mapping[str, Any], *, copied: bool = False) -> None:
        """Count a card, given as its JSON; `copied` when its draft was made for another article of the story."""
        provenance = card["provenance"]
        self.cached += provenance["cached"]
        self.copies += copied
        self.usage.update(provenance["usage"])
        self.cost_usd = _plus(self.cost_usd, provenance["cost_usd"])
        self.uncached_cost_usd = _plus(self.uncached_cost_usd, provenance["uncached_cost_usd"])
        if provenance["usage"]["requests"]:
            self._add_asked(reasked=provenance["reasked"])
        if card["status"] == "abstained":
            self.abstained += 1
            return
        self.cards += 1
        self.labels[card["sentiment"]["label"]] += 1
        self.topics.update(card["topics"])
        impact = card["market_impact"]
        self.impact[min(int(impact * IMPACT_BINS), IMPACT_BINS - 1)] += 1
        self.impact_values[impact] += 1
        self._add_checks(card["checks"])
        if (source := self._source(card["source"])) is not None:
            source.add(card["sentiment"]["score"])

    def add_failure(self, reason: str, *, source: str | None = None, usage: Mapping[str, int] | None = None) -> None:
        """Count an article without a card. `reason` is a kind, such as NoReply, and never holds an article's words."""
        self.failures[reason] += 1
        self.wasted.update(usage or {})
        if (count := self._source(source)) is not None:
            count.failed += 1

    def oddities(self) -> list[str]:
        """What looks wrong, a line each; the gravest kinds first."""
        return [*self._failing(), *self._one_sided(), *self._bunched(), *self._storms(), *self._ungrounded(), *self._skewed()]

    def _add_asked(self, *, reasked: bool) -> None:
        if self._asked % WINDOW == 0:
            self.windows.append(0)
        self._asked += 1
        self.reasked += reasked
        self.windows[-1] += reasked

    def _add_checks(self, checks: Mapping[str, Any]) -> None:
        self.with_dropped_ticker += bool(checks["tickers"]["dropped"])
        self.with_unsupported_number += bool(checks["numbers"] and checks["numbers"]["unsupported"])
        self.with_any_finding += not checks["passed"]
        self.injected += bool(checks["injection"])

    def _source(self, name: str | None) -> SourceCount | None:
        if not name or (name not in self.sources and len(self.sources) >= SOURCES):
            return None
        return self.sources.setdefault(name, SourceCount())

    def _failing(self) -> Iterator[str]:
        failed = self.failures.total()
        if failed >= _ENOUGH and failed / self.rows >= _FAILED:
            kind, most = self.failures.most_common(1)[0]
            yield f"{failed / self.rows:.0%} of the articles failed, most often with {kind} ({most})"

    def _one_sided(self) -> Iterator[str]:
        if self.cards >= _ENOUGH:
            label, count = self.labels.most_common(1)[0]
            if count / self.cards >= _ONE_LABEL:
                yield f"{count / self.cards:.0%} of the cards are {label} overall"

    def _bunched(self) -> Iterator[str]:
        if self.cards >= _ENOUGH:
            value, count = self.impact_values.most_common(1)[0]
            if count / self.cards >= _BUNCHED:
                yield f"{count / self.cards:.0%} of the cards have the same market impact, {value:.2f}"

    def _storms(self) -> Iterator[str]:
        """Windows in which re-asks were at least half, and three times as frequent as in the whole run; and a run that is one storm."""
        full = self.windows if self._asked % WINDOW == 0 else self.windows[:-1]
        if not full:
            return
        rate = self.reasked / self._asked
        if rate >= _STORM:
            yield f"{rate:.0%} of the drafts were asked for again: prompt and model don't fit each other"
        storms = [number for number, count in enumerate(full) if count / WINDOW >= max(_STORM, _STORM_RATIO * rate)]
        if storms:
            where = storms[0] * WINDOW + 1
            more = f", and {len(storms) - 1} more such stretches" if len(storms) > 1 else ""
            yield f"a storm of re-asks among the {WINDOW} drafts from number {where} on{more}: did the endpoint change its model?"

    def _ungrounded(self) -> Iterator[str]:
        for what, count in (("tickers dropped", self.with_dropped_ticker), ("unsupported figures", self.with_unsupported_number)):
            if self.cards >= _ENOUGH and count / self.cards >= _DROPPED:
                yield f"{count / self.cards:.0%} of the cards have {what}"

    def _skewed(self) -> Iterator[str]:
        """Sources whose mean score is 0.4 and four standard errors from the others'; Welch's statistic."""
        whole = SourceCount()
        for count in self.sources.values():
            whole.cards += count.cards
            whole.total += count.total
            whole.squares += count.squares
        for name, one in sorted(self.sources.items()):
            rest = SourceCount(whole.cards - one.cards, 0, whole.total - one.total, whole.squares - one.squares)
            if min(one.cards, rest.cards) < _ENOUGH:
                continue
            apart = one.mean - rest.mean
            error = sqrt(one.variance / one.cards + rest.variance / rest.cards)
            if abs(apart) >= _SKEW and abs(apart) >= _SKEW_Z * error:
                yield f"{name}: mean sentiment {one.mean:+.2f} over {one.cards} cards, elsewhere {rest.mean:+.2f}"


def label_counts(health: Health) -> list[tuple[SentimentLabel, int]]:
    """All five labels with their counts, from the worst to the best."""
    return [(label, health.labels[label]) for label in get_args(SentimentLabel)]


def _plus(total: float | None, cost: float | None) -> float | None:
    return None if total is None or cost is None else total + cost

"""What became of a run's articles: a line for each problem, one line for all, and the exit code."""

from __future__ import annotations

from agent.card import Card
from agent.cli.messages import say
from agent.cli.order import COUNTED, Made, NotTried, Outcome
from agent.errors import ArticleError, BudgetExceeded, EndpointError, NewscardError
from agent.present.words import count, dollars


class Tally:
    """Counts outcomes as they come. `exit_code` is the gravest so far: 4 > 3 > 2 > 1 > 0."""

    def __init__(self, *, quiet: bool) -> None:
        self.exit_code = 0
        self._cards = 0
        self._quiet = quiet
        self._abstained = 0
        self._cached = 0
        self._failed = 0
        self._left = 0
        self._wasted = 0
        self._cost_usd: float | None = 0.0
        self._stops: set[str] = set()

    def add(self, outcome: Outcome) -> None:
        """Count one outcome, and say what a user should know about it."""
        if isinstance(outcome, Made):
            self._add_card(outcome.card)
        elif isinstance(outcome, NotTried):
            self._left += 1
        elif isinstance(outcome, EndpointError | BudgetExceeded):
            self._left += 1
            self._add_stop(outcome)
        else:
            self._failed += 1
            self._wasted += outcome.usage.requests if isinstance(outcome, ArticleError) and outcome.usage else 0
            self._problem(outcome)

    def end(self, *, exhausted: bool) -> None:
        """Say how many articles were left after a stop, and what the run came to when it had more than one article."""
        if self._stops and self._left + (not exhausted) > 1:
            more = "" if exhausted else "more than " if self._left >= COUNTED else "at least "
            say(f"stopped: {more}{count(self._left, 'article')} left without a card")
        if self._cards + self._failed + self._left > 1 and not self._quiet:
            say(self._summary())

    def _add_card(self, card: Card) -> None:
        self._cards += 1
        self._cached += card.provenance.cached
        cost = card.provenance.cost_usd
        self._cost_usd = None if cost is None or self._cost_usd is None else self._cost_usd + cost
        if card.status == "abstained":
            self._abstained += 1
            if not self._quiet:
                say(f"{card.id}: abstained: {card.abstained_because}")

    def _add_stop(self, error: NewscardError) -> None:
        # Several articles in flight meet the same wall; one line says it.
        if str(error) not in self._stops:
            self._problem(error)
        self._stops.add(str(error))

    def _problem(self, error: NewscardError) -> None:
        self.exit_code = max(self.exit_code, error.exit_code)
        say(str(error))

    def _summary(self) -> str:
        parts = [count(self._cards, "card")]
        parts += [f"{number} {what}" for number, what in ((self._abstained, "abstained"), (self._cached, "from the cache")) if number]
        parts += [f"{self._failed} failed"] if self._failed else []
        parts += [] if self._cost_usd == 0 and not self._cached else [f"cost {dollars(self._cost_usd)}"]
        # A failed article has no card to hold its price, so its requests are named instead of left out.
        parts += [f"besides {count(self._wasted, 'request')} for what failed"] if self._wasted else []
        return ", ".join(parts)

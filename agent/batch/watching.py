"""What a run tells whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from agent.batch.rows import Spent, Total, lost_usd
from agent.card import Card
from agent.errors import NewscardError


@dataclass
class Standing:
    """How a run stands; its figures change while it runs. `before` is what earlier runners of the directory had done."""

    before_cards: int = 0
    before_failed: int = 0
    cards: int = 0
    abstained: int = 0
    cached: int = 0
    copies: int = 0
    failed: int = 0
    skipped: int = 0
    """Articles of the input that were done already, or stand in it twice."""
    left: int = 0
    """Articles that were begun and have no row: the next runner takes them."""
    in_flight: int = 0
    limit: int = 0
    """Articles that may be in flight now."""
    before: Spent = field(default_factory=Spent)
    """What earlier runners of the directory took."""
    total_now: Total = field(default_factory=Total)
    """What this one took."""
    lost: int = 0
    """Articles that were asked about in vain: in flight when a runner was killed, or stopped at once."""

    @property
    def spent(self) -> Spent:
        """By all runners of the directory."""
        total = Total(self.before)
        total.add(self.total_now.spent)
        return total.spent

    @property
    def spent_now(self) -> Spent:
        """By this one."""
        return self.total_now.spent

    @property
    def lost_usd(self) -> float | None:
        """What the lost answers cost, if each was sent and billed; None where there is no price."""
        return lost_usd(self.spent, self.lost)

    @property
    def done(self) -> int:
        """Rows of the run, this runner's and earlier ones'."""
        return self.before_cards + self.before_failed + self.cards + self.failed


class Watcher(Protocol):
    """Hears of a run as it goes. Calls come in the event loop, and must not wait for anything."""

    def began(self, standing: Standing) -> None:
        """The run has begun; `standing` stays true from now on."""
        ...

    def made(self, card: Card) -> None:
        """A card has its row."""
        ...

    def failed(self, error: NewscardError, place: str) -> None:
        """An article has a row that says why it has no card."""
        ...

    def stopping(self, why: str) -> None:
        """No further article is begun; what is in flight ends."""
        ...

    def ended(self, standing: Standing) -> None:
        """All rows are on disk."""
        ...


class Nobody:
    """A watcher that doesn't look."""

    def began(self, standing: Standing) -> None:
        """Nothing."""

    def made(self, card: Card) -> None:
        """Nothing."""

    def failed(self, error: NewscardError, place: str) -> None:
        """Nothing."""

    def stopping(self, why: str) -> None:
        """Nothing."""

    def ended(self, standing: Standing) -> None:
        """Nothing."""

"""What a run tells whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from agent.batch.rows import Spent
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
    spent: Spent = field(default_factory=Spent)
    """By all runners of the directory."""
    spent_now: Spent = field(default_factory=Spent)
    """By this one."""
    lost: int = 0
    """Articles in flight when an earlier runner was killed: up to so many requests were paid for in vain."""

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

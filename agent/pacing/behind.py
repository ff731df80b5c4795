"""A pacer for work that nobody waits for, beside work that somebody does: batches beside requests of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from agent.pacing.clock import Clock
    from agent.pacing.pacer import Outcome, Pacer, Turn


class Pace(Protocol):
    """What an engine needs of a pacer."""

    @property
    def cap(self) -> int:
        """Most requests in flight."""
        ...

    @property
    def limit(self) -> int:
        """Requests that may be in flight now."""
        ...

    @property
    def clock(self) -> Clock:
        """Whose time it keeps."""
        ...

    async def begin(self) -> None:
        """Be one of those who share its rates."""
        ...

    def try_enter(self, tokens: float, *, again: bool = False) -> Turn | None:
        """A turn, if there is one at once."""
        ...

    async def enter(self, tokens: float, *, again: bool = False) -> Turn:
        """Wait for a turn."""
        ...

    def leave(self, turn: Turn, outcome: Outcome, *, headers: Mapping[str, str] | None = None, asked_s: float = 0.0) -> None:
        """The request has ended."""
        ...

    def used(self, turn: Turn, tokens: int) -> None:
        """The tokens that it really took."""
        ...

    def behind(self) -> Pace:
        """The same for work that nobody waits for."""
        ...


class Behind:
    """One pacer, seen from the end of the queue: what enters here goes when nothing else waits, and leaves a quarter of the room free.

    What is learnt of the endpoint, either way, serves both.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    @property
    def cap(self) -> int:
        """Most requests in flight."""
        return self._pacer.cap

    @property
    def limit(self) -> int:
        """Requests that may be in flight now from here."""
        return self._pacer.limit_behind

    @property
    def clock(self) -> Clock:
        """The pacer's."""
        return self._pacer.clock

    async def begin(self) -> None:
        """As the pacer, which is the one that counts."""
        await self._pacer.begin()

    def try_enter(self, tokens: float, *, again: bool = False) -> Turn | None:
        """A turn, if there is one at once and nobody else wants it."""
        return self._pacer.try_enter(tokens, again=again, behind=True)

    async def enter(self, tokens: float, *, again: bool = False) -> Turn:
        """Wait for a turn, behind all others. Raises EndpointUnreachable as the pacer does."""
        return await self._pacer.enter(tokens, again=again, behind=True)

    def leave(self, turn: Turn, outcome: Outcome, *, headers: Mapping[str, str] | None = None, asked_s: float = 0.0) -> None:
        """The request has ended."""
        self._pacer.leave(turn, outcome, headers=headers, asked_s=asked_s)

    def used(self, turn: Turn, tokens: int) -> None:
        """The tokens that it really took."""
        self._pacer.used(turn, tokens)

    def behind(self) -> Behind:
        """There is nothing behind it."""
        return self

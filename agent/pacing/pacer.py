"""One pacer for all that an engine sends: who may send now, and what each outcome teaches."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol, Self

from agent.errors import EndpointUnreachable
from agent.pacing.breaker import Breaker
from agent.pacing.clock import Clock
from agent.pacing.concurrency import Concurrency
from agent.pacing.headers import read_window
from agent.pacing.rates import Allowance, Rate
from agent.pacing.retries import RetryBudget
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.pacing.behind import Behind

MOST_IN_FLIGHT = 2_000
"""Without a setting; fewer where the process may not open so many files."""
FILES_KEPT = 200
"""Open files that aren't connections."""
STREAK = 5
"""So many refusals in a row, over at least a round trip, mean that nothing gets through for now, whatever the concurrency."""
LONGEST_PAUSE_S = 600.0
FIRST_PAUSE_S = 0.25
_SOON_S = 1e-6


class Outcome(Enum):
    """What became of a request, as far as its pace is concerned."""

    ANSWERED = "the endpoint did its work, or said why it won't"
    BUSY = "too many requests, or too many tokens"
    OVERLOADED = "out, for now and for the number of requests: 503, 529, silence"
    DOWN = "something is broken there"
    NOBODY = "no connection came about"
    UNKNOWN = "we left before the answer"


@dataclass(slots=True)
class Turn:
    """One request's turn. `held_s`: how long it was kept waiting; nobody's clock should run meanwhile."""

    tokens: float
    sent_at: float
    held_s: float = 0.0
    probe: bool = False
    behind: bool = False
    """It lets others go first."""


@dataclass(slots=True, eq=False)
class _Waiter:
    future: asyncio.Future[Turn]
    tokens: float
    since: float
    again: bool
    behind: bool


@dataclass(slots=True)
class _Counts:
    """What was sent: `first` requests and `retries`; `refused` for their number, `failed` by the endpoint's fault."""

    first: int = 0
    retries: int = 0
    refused: int = 0
    failed: int = 0
    outages: int = 0


class Others(Protocol):
    """Those who share this pacer's rates."""

    async def begin(self) -> None:
        """Be one of them, before the first request."""
        ...

    async def aclose(self) -> None:
        """Be none of them any more."""
        ...


@dataclass(slots=True, eq=False)
class Pacer:
    """Holds requests back so that an endpoint is used as far as it allows and no further. For one event loop at a time.

    `cap`, `rpm` (requests a minute) and `tpm` (tokens a minute) are the user's limits, the rest is found out. An outage holds everyone
    for `outage_s` seconds at most. `name` is the endpoint's, for messages.
    """

    name: str = "the endpoint"
    cap: int = MOST_IN_FLIGHT
    rpm: int | None = None
    tpm: int | None = None
    outage_s: float = 300.0
    clock: Clock = field(default_factory=Clock)
    others: Others | None = None
    counts: _Counts = field(default_factory=_Counts, init=False)
    in_flight: int = field(default=0, init=False)
    _concurrency: Concurrency = field(init=False)
    _breaker: Breaker = field(init=False)
    _retries: RetryBudget = field(default_factory=RetryBudget, init=False)
    _requests: Rate | None = field(init=False)
    _tokens: Rate | None = field(init=False)
    _requests_left: Allowance = field(default_factory=Allowance, init=False)
    _tokens_left: Allowance = field(default_factory=Allowance, init=False)
    _tokens_out: float = field(default=0.0, init=False)
    _paused_until: float = field(default=-math.inf, init=False)
    _streak: int = field(default=0, init=False)
    _streak_from: float = field(default=0.0, init=False)
    _pauses: int = field(default=0, init=False)
    _again: deque[_Waiter] = field(default_factory=deque, init=False)
    _first: deque[_Waiter] = field(default_factory=deque, init=False)
    _last: deque[_Waiter] = field(default_factory=deque, init=False)
    _behind: int = field(default=0, init=False)
    _alarm: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Make the parts."""
        self._concurrency = Concurrency(self.cap)
        self._breaker = Breaker(self.clock)
        self._requests = Rate(self.rpm) if self.rpm else None
        self._tokens = Rate(self.tpm) if self.tpm else None

    @classmethod
    def from_settings(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """With the limits that the settings have."""
        return cls(
            settings.endpoint,
            cap=settings.concurrency or most_in_flight(),
            rpm=settings.rpm,
            tpm=settings.tpm,
            outage_s=settings.outage_s,
            clock=clock or Clock(),
        )

    async def begin(self) -> None:
        """Be one of those who share its rates, where there are any, before the first request."""
        if self.others is not None:
            await self.others.begin()

    def share(self, part: float) -> None:
        """Keep to so much of the user's rates, 0 < `part` <= 1: others use the rest."""
        for rate in (self._requests, self._tokens):
            if rate is not None:
                rate.share(part, self.clock.now())

    @property
    def limit(self) -> int:
        """Requests that may be in flight now: as many articles as it is worth having in hand."""
        return self._concurrency.limit

    @property
    def waiting(self) -> int:
        """Requests that are held back."""
        return len(self._again) + len(self._first) + len(self._last)

    @property
    def is_out(self) -> bool:
        """Whether the endpoint is taken to be out."""
        return self._breaker.is_open

    @property
    def limit_behind(self) -> int:
        """Of those, requests that let others go first: they leave a quarter free, so that one that doesn't finds room at once."""
        limit = self.limit
        return max(1, limit - max(1, limit // 4))

    def behind(self) -> Behind:
        """This pacer for work that nobody waits for: its requests wait until no other one does, and never take all the room."""
        from agent.pacing.behind import Behind

        return Behind(self)

    async def enter(self, tokens: float, *, again: bool = False, behind: bool = False) -> Turn:
        """Wait for a turn to send about so many `tokens`, `again` if it is a retry. Give the turn back with `leave`.

        Raises EndpointUnreachable when the endpoint has been out for longer than `outage_s`.
        """
        turn = self.try_enter(tokens, again=again, behind=behind)
        if turn is not None:
            return turn
        waiter = _Waiter(asyncio.get_running_loop().create_future(), tokens, self.clock.now(), again, behind)
        queue = self._last if behind else self._again if again else self._first
        queue.append(waiter)
        try:
            self._admit()
            return await waiter.future
        except asyncio.CancelledError:
            if waiter.future.done() and not waiter.future.cancelled() and waiter.future.exception() is None:
                self.leave(waiter.future.result(), Outcome.UNKNOWN)
            elif waiter in queue:
                queue.remove(waiter)
            self._admit()
            raise

    def try_enter(self, tokens: float, *, again: bool = False, behind: bool = False) -> Turn | None:
        """A turn, if there is one at once."""
        if self._first or self._again or (behind and self._last):
            return None
        now = self.clock.now()
        if self._wait_s(tokens, now, again=again, behind=behind) > 0:
            return None
        return self._begin(tokens, now, again=again, behind=behind)

    def leave(self, turn: Turn, outcome: Outcome, *, headers: Mapping[str, str] | None = None, asked_s: float = 0.0) -> None:
        """The request has ended. `asked_s` is how long the endpoint asked to wait."""
        now = self.clock.now()
        if headers:
            self._learn(turn, headers, now)
        self._note(turn, outcome, asked_s, now)
        self.in_flight -= 1
        self._behind -= turn.behind
        self._tokens_out -= turn.tokens
        if self.waiting:
            self._admit()

    def used(self, turn: Turn, tokens: int) -> None:
        """The tokens that a request really took; what its turn took too much is given back."""
        if self._tokens is not None:
            self._tokens.take(tokens - turn.tokens, self.clock.now())

    def _note(self, turn: Turn, outcome: Outcome, asked_s: float, now: float) -> None:
        if outcome is Outcome.ANSWERED:
            self._streak = self._pauses = 0
            if self._breaker.answered():
                self.counts.outages += 1
            self._concurrency.answered(now - turn.sent_at, self.in_flight)
        elif outcome is Outcome.BUSY:
            self.counts.refused += 1
            self._breaker.answered()
            self._congested(turn, asked_s, now)
        elif outcome is Outcome.UNKNOWN:
            if turn.probe:
                self._breaker.abandoned()
        else:
            self.counts.failed += 1
            if outcome is Outcome.OVERLOADED:
                self._concurrency.congested(turn.sent_at, self.in_flight, now)
            reached = outcome is not Outcome.NOBODY
            if self._breaker.failed(self.in_flight, reached=reached, probe=turn.probe, asked_s=asked_s):
                self._concurrency.restart()

    def _congested(self, turn: Turn, asked_s: float, now: float) -> None:
        """Fewer at once. When nothing gets through, or all is used up, nobody sends for as long as the endpoint asks."""
        self._concurrency.congested(turn.sent_at, self.in_flight, now)
        if not self._streak:
            self._streak_from = now
        self._streak += 1
        if self._streak < STREAK or now - self._streak_from < self._concurrency.round_trip_s or turn.sent_at < self._paused_until:
            return
        own = self.clock.random() * FIRST_PAUSE_S * 2.0 ** min(self._pauses, 7)
        self._paused_until = now + min(max(asked_s, own), LONGEST_PAUSE_S)
        self._pauses += 1
        self._streak = 0
        self._concurrency.restart()

    def _learn(self, turn: Turn, headers: Mapping[str, str], now: float) -> None:
        unix_now = time.time()
        if (window := read_window(headers, "requests", unix_now=unix_now)) is not None:
            self._requests_left.learn(window, self.in_flight - 1, now)
        if (window := read_window(headers, "tokens", unix_now=unix_now)) is not None:
            self._tokens_left.learn(window, self._tokens_out - turn.tokens, now)

    def _begin(self, tokens: float, now: float, *, again: bool, behind: bool) -> Turn:
        turn = Turn(tokens, now, probe=self._breaker.is_open, behind=behind)
        if turn.probe:
            self._breaker.begin_probe()
        if again:
            self.counts.retries += 1
            self._retries.spend(now)
        else:
            self.counts.first += 1
            self._retries.sent_first()
        self.in_flight += 1
        self._behind += behind
        self._tokens_out += tokens
        if self._requests is not None:
            self._requests.take(1, now)
        if self._tokens is not None:
            self._tokens.take(tokens, now)
        self._requests_left.take(1)
        self._tokens_left.take(tokens)
        return turn

    def _wait_s(self, tokens: float, now: float, *, again: bool, behind: bool) -> float:
        """Seconds until this request may go; infinite: until something ends."""
        if self._breaker.is_open:
            return self._breaker.wait_s(now)  # a probe is one request, so nothing else need hold it back
        if self.in_flight >= self._concurrency.limit or (behind and self._behind >= self.limit_behind):
            return math.inf
        wait = self._limits_wait_s(tokens, now)
        if again:
            wait = max(wait, self._retries.wait_s(now))
        return wait if wait > _SOON_S else 0.0

    def _limits_wait_s(self, tokens: float, now: float) -> float:
        wait = self._paused_until - now
        if self._requests is not None:
            wait = max(wait, self._requests.wait_s(1, now))
        if self._tokens is not None:
            wait = max(wait, self._tokens.wait_s(tokens, now))
        return max(0.0, wait, self._requests_left.wait_s(1, now), self._tokens_left.wait_s(tokens, now))

    def _admit(self) -> None:
        """Let in whoever may go; set the alarm for the next. Retries go first, since their articles have waited; those behind go last."""
        now = self.clock.now()
        soonest = math.inf
        for queue in (self._again, self._first, self._last):
            if queue is self._last and self._first:
                break
            while queue:
                waiter = queue[0]
                wait = 0.0 if waiter.future.done() else self._wait_s(waiter.tokens, now, again=waiter.again, behind=waiter.behind)
                if wait > 0:
                    soonest = min(soonest, wait)
                    break
                queue.popleft()
                if not waiter.future.done():
                    turn = self._begin(waiter.tokens, now, again=waiter.again, behind=waiter.behind)
                    turn.held_s = now - waiter.since
                    waiter.future.set_result(turn)
        if now - self._breaker.opened_at > self.outage_s:
            self._give_up(now - self._breaker.opened_at)
        self._set_alarm(soonest)

    def _give_up(self, out_s: float) -> None:
        """Patience is at its end: tell everyone who waits."""
        for queue in (self._again, self._first, self._last):
            while queue:
                waiter = queue.popleft()
                if not waiter.future.done():
                    waiter.future.set_exception(
                        EndpointUnreachable(
                            f"{self.name} has been out for {out_s:.0f} s; go on when it is back, or raise NEWSCARD_OUTAGE_S to wait longer"
                        )
                    )

    def _set_alarm(self, wait_s: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if wait_s < math.inf and self.waiting:
            self._alarm = asyncio.get_running_loop().create_task(self._wake_after(wait_s))

    async def _wake_after(self, wait_s: float) -> None:
        await self.clock.sleep(wait_s)
        self._alarm = None
        self._admit()


def most_in_flight() -> int:
    """MOST_IN_FLIGHT, or what the process's limit of open files leaves room for."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_IN_FLIGHT
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_IN_FLIGHT if soft == resource.RLIM_INFINITY else max(1, min(MOST_IN_FLIGHT, soft - FILES_KEPT))

"""How fast a run goes, and what it has still to go."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from agent.batch.watching import Standing

WINDOW_S = 30.0
"""The rate is that of the last so many seconds: concurrency is found out as a run goes, so its beginning says little."""


class _Mark(NamedTuple):
    at: float
    made: int


class ToGo:
    """Articles, dollars and seconds to go. `count` says how many articles the input holds, and is called in a thread of its own."""

    def __init__(self, count: Callable[[Callable[[], bool]], int | None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[_Mark] = deque([_Mark(clock(), 0)])
        self._wanted = True
        self._total: int | None = None
        threading.Thread(target=self._count, args=(count,), name="newscard-count", daemon=True).start()

    def close(self) -> None:
        """Stop counting."""
        self._wanted = False

    def rate(self, standing: Standing) -> float:
        """Articles a second, those whose draft was there included."""
        now, made = self._clock(), standing.cards + standing.failed
        if now - self._marks[-1].at >= WINDOW_S / 30:
            self._marks.append(_Mark(now, made))
        while len(self._marks) > 2 and now - self._marks[1].at >= WINDOW_S:  # noqa: PLR2004  the one before the window stays
            self._marks.popleft()
        first = self._marks[0]
        return (made - first.made) / (now - first.at) if now > first.at else 0.0

    def articles(self, standing: Standing) -> int | None:
        """About how many are to be done yet; None while nobody knows."""
        total = self._total
        return None if total is None else max(total - standing.cards - standing.failed - standing.skipped, 0)

    def seconds(self, standing: Standing) -> float | None:
        """At the present rate."""
        left, rate = self.articles(standing), self.rate(standing)
        return None if left is None or rate <= 0 else left / rate

    def usd(self, standing: Standing) -> float | None:
        """At this runner's mean cost of an article so far."""
        left, spent, made = self.articles(standing), standing.spent_now.cost_usd, standing.cards + standing.failed
        return None if left is None or spent is None or not made else left * spent / made

    def _count(self, count: Callable[[Callable[[], bool]], int | None]) -> None:
        self._total = count(lambda: self._wanted)

"""Two kinds of rate: the one that a user set, and the one that an endpoint tells of in its headers."""

from __future__ import annotations

import math

from agent.pacing.headers import Window

LONGEST_HOLD_S = 600.0
"""The longest that a header's word alone holds requests back; after that one is tried."""


class Rate:
    """At most `per_minute` in any minute, spread evenly: a second's worth may go at once, and one always may."""

    def __init__(self, per_minute: int) -> None:
        # In 60 s at most 60 seconds' worth comes in, on top of one second's worth that was there.
        self._whole_per_s = self._per_s = per_minute / 61
        self._most = max(self._per_s, 1.0)
        self._level = self._most
        self._at = -math.inf

    def share(self, part: float, now: float) -> None:
        """From now on only so much of it, 0 < `part` <= 1, is ours."""
        self._level, self._at = self._level_at(now), now
        self._per_s = self._whole_per_s * part
        self._most = max(self._per_s, 1.0)
        self._level = min(self._level, self._most)

    def wait_s(self, amount: float, now: float) -> float:
        """Seconds until `amount` may go; more than a second's worth goes when that is there, and is paid off afterwards."""
        return max(0.0, (min(amount, self._most) - self._level_at(now)) / self._per_s)

    def take(self, amount: float, now: float) -> None:
        """`amount` goes now. A negative amount is given back: less was used than taken."""
        self._level = min(self._level_at(now) - amount, self._most)
        self._at = now

    def _level_at(self, now: float) -> float:
        return self._most if self._at == -math.inf else min(self._most, self._level + (now - self._at) * self._per_s)


class Allowance:
    """What is left of a limit that the endpoint keeps, as its last headers had it. Unknown is as good as unlimited."""

    def __init__(self) -> None:
        self._window: Window | None = None
        self._level = math.inf
        self._at = 0.0

    def learn(self, window: Window, outstanding: float, now: float) -> None:
        """Headers came; requests worth `outstanding` are under way, which the endpoint may not have counted yet."""
        self._window = window
        self._level = window.remaining - outstanding
        self._at = now

    def take(self, amount: float) -> None:
        """`amount` goes now."""
        self._level -= amount

    def wait_s(self, amount: float, now: float) -> float:
        """Seconds until there should be `amount`; 0 when nobody can tell."""
        window = self._window
        if window is None or window.reset_s is None:
            return 0.0
        left_s = self._at + min(window.reset_s, LONGEST_HOLD_S) - now
        if left_s <= 0:
            return 0.0  # all of it is there again; how much that is the next headers say
        refill = (window.limit - window.remaining) / window.reset_s if window.limit and window.reset_s else 0.0
        need = min(amount, window.limit or amount)
        missing = need - self._level - (now - self._at) * refill
        if missing <= 0:
            return 0.0
        return min(left_s, missing / refill) if refill else left_s

"""How long one article waits before it asks again."""

from __future__ import annotations

from agent.pacing.clock import Clock

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
JITTER_SHARE = 0.1
"""What an asked wait is lengthened by at most, so that those told the same don't come back together."""
LONGEST_JITTER_S = 5.0


def backoff_s(attempt: int, asked_s: float, clock: Clock) -> float:
    """Seconds before the next attempt; `attempt` counts those made, from 1. `asked_s` is what the endpoint asked for, 0 if nothing.

    Full jitter: anything from 0 up to a bound that doubles from FIRST_WAIT_S to LONGEST_WAIT_S (aws.amazon.com/blogs/architecture,
    "Exponential Backoff And Jitter"). Never less than what was asked for, however long that is.
    """
    own = clock.random() * min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt - 1, 16))
    spread = clock.random() * min(LONGEST_JITTER_S, JITTER_SHARE * asked_s)
    return max(own, asked_s + spread)

"""The yardstick: a fixed piece of Python, timed beside what is measured, which tells a slow or busy machine from slow code."""

from __future__ import annotations

import time


def turn() -> int:
    """A loop: 0.2 ms on the machine of the docs while nobody else is on it. No change of ours makes it faster."""
    return sum(number * number for number in range(5_000))


def loop_ms(runs: int = 1) -> float:
    """Milliseconds of processor time of one, the best of `runs`."""
    best = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        turn()
        best = min(best, (time.process_time() - begun) * 1e3)
    return best

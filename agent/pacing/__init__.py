"""How fast an endpoint is asked, and for how much: concurrency, rates, waits, outages, retries and the budget.

Read in this order: clock, budget, backoff, headers, rates, concurrency, breaker, retries, pacer, behind. `Pacer` joins all but the budget.
"""

from __future__ import annotations

from agent.pacing.behind import Behind, Pace
from agent.pacing.budget import Budget, Reservation
from agent.pacing.clock import Clock
from agent.pacing.pacer import Outcome, Pacer, Turn

__all__ = ["Behind", "Budget", "Clock", "Outcome", "Pace", "Pacer", "Reservation", "Turn"]

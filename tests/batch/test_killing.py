"""A run that is killed at random moments; the long one is `python bench/batch.py kill`."""

from __future__ import annotations

from pathlib import Path

from tests.batch.killing import kill_again_and_again
from tests.faults.plan import Plan
from tests.faults.server import FaultServer


def test_killed_at_random_moments_a_run_yields_every_id_once_and_pays_for_no_more_than_was_in_flight(tmp_path: Path) -> None:
    """Checklist A2. And a further resume makes no call."""
    with FaultServer(plan=Plan(latency_s=0.05)) as server:
        server.derive()
        found = kill_again_and_again(server, tmp_path, articles=150, kills=5)
    assert found.noop_requests == 0
    assert 0 <= found.asked_twice <= found.reported_lost
    cost_of_one = found.reported_usd / found.articles
    assert -1e-9 <= found.billed_usd - found.reported_usd <= found.asked_twice * cost_of_one * 1.2

"""A run that is killed at random moments; the long one is `python bench/batch.py kill`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.killing import kill_again_and_again
from tests.faults.plan import Plan
from tests.faults.server import FaultServer


def test_killed_at_random_moments_a_run_yields_every_id_once_and_pays_for_no_more_than_was_in_flight(tmp_path: Path) -> None:
    """Checklist A2. And a further resume makes no call."""
    with FaultServer(plan=Plan(latency_s=0.05)) as server:
        server.derive()
        found = kill_again_and_again(server, tmp_path, articles=150, kills=5)
    assert found.noop_requests == 0
    assert found.asked_twice <= found.reported_lost
    # What the ledger has beyond the report is among what the report calls lost: all of it was sent and billed, or none, or some.
    assert found.reported_requests <= found.requests <= found.reported_requests + found.reported_lost
    assert all(reported <= billed for reported, billed in zip(found.reported, found.billed, strict=True))
    assert found.reported_usd - 1e-9 <= found.billed_usd <= found.reported_usd + found.lost_usd + 1e-9
    one = found.reported_usd / found.reported_requests
    assert found.lost_usd == pytest.approx(found.reported_lost * one, rel=0.05)

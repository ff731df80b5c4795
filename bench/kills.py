"""SIGKILL at random moments, resume each time: `python bench/kills.py [--articles 2000] [--kills 50]`.

A loopback server bills every answer in a ledger of its own. Afterwards every id must be there once, every line valid, and what the run
says it spent must be what the ledger says, but for the requests that were in flight at a kill.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.batch.killing import kill_again_and_again
from tests.faults.plan import Plan
from tests.faults.server import FaultServer


def main() -> None:
    """Kill, account, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds an answer takes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, FaultServer(plan=Plan(latency_s=options.latency)) as server:
        server.derive()
        found = kill_again_and_again(server, Path(home), articles=options.articles, kills=options.kills)
    print(f"articles {found.articles}, kills {found.kills}: every id once, every line valid")
    print(f"requests {found.requests}, {found.asked_twice} of them a second time; in flight at kills: {found.reported_lost}")
    print(f"tokens billed {found.billed}, reported {found.reported}")
    print(f"dollars billed {found.billed_usd:.6f}, reported {found.reported_usd:.6f}")
    print(f"requests of a further run: {found.noop_requests}")


if __name__ == "__main__":
    main()

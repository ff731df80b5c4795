"""JSON lines: each card as the contract has it; a failed article as its id, `"status": "failed"`, and why."""

from __future__ import annotations

from pathlib import Path

from agent.batch.reading import Runs
from agent.batch.rows import card_json, read_row


def write(runs: Runs, path: Path) -> None:
    """Write the rows of `runs` to `path`."""
    import orjson

    with path.open("xb") as stream:
        for line in runs.lines():
            row = read_row(line)
            if row.card is not None:
                stream.write(card_json(line) + b"\n")
            else:
                failed = {"id": row.id, "status": row.status, "error": row.error, "problem": row.problem, "place": row.place}
                stream.write(orjson.dumps(failed) + b"\n")

"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.batch.reading import Runs
from agent.export.flat import CARD, COLUMNS, values

# The last four are full width: spreadsheets in Japanese take them for the first four.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def write(runs: Runs, path: Path) -> None:
    """Write the rows of `runs` to `path`: UTF-8 with a byte order mark, which spreadsheets look for."""
    with path.open("x", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*(column.name for column in COLUMNS), CARD])
        for line in runs.lines():
            writer.writerow([cell(value) for value in values(line)])


def cell(value: Any) -> str | int | float | None:
    """`value` as a cell: lists joined by semicolons, and a text that would be a formula with an apostrophe before it."""
    if isinstance(value, list):
        value = "; ".join(value)
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS):
        return "'" + value
    found: str | int | float | None = value
    return found

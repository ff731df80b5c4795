"""The rows of a job, a page at a time, while it runs and after."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from agent.batch.rows import read_row
from agent.batch.segments import Line, Where, lines_from
from agent.web.problems import Problem, code_of

MAX_ROWS = 100
_CURSOR = 8
_RUN_BITS = 60
"""A place in a run is below 2 to this; above it stands the run's number."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order in which they were written; `cursor` goes on after the last one, whether more are there yet or not."""

    rows: list[dict[str, Any]]
    cursor: str


def rows_after(runs: Sequence[Path], cursor: str | None, limit: int) -> Rows:
    """Up to `limit` rows of a job's run directories. Raises Problem for a cursor that is none."""
    packed = _read(cursor) if cursor else Where(1, 0).pack()
    number, where = packed >> _RUN_BITS, Where.unpack(packed & ((1 << _RUN_BITS) - 1))
    rows: list[dict[str, Any]] = []
    while number < len(runs):
        for line in islice(_lines(runs[number], where), limit - len(rows)):
            rows.append(_row(line.text))
            where = Where(line.where.segment, line.where.offset + len(line.text))
        if len(rows) == limit or number == len(runs) - 1:
            break
        number, where = number + 1, Where(1, 0)
    return Rows(rows, base64.urlsafe_b64encode((number << _RUN_BITS | where.pack()).to_bytes(_CURSOR)).decode().rstrip("="))


def _lines(run: Path, where: Where) -> Iterator[Line]:
    return (line for line in lines_from(run / "rows", where) if line.head.kind in {"card", "fail"})


def _row(line: bytes) -> dict[str, Any]:
    row = read_row(line)
    problem = None if row.error is None else {"code": code_of(row.error), "detail": row.problem}
    return {"id": row.id, "status": row.status, "place": row.place, "card": row.card, "problem": problem}


def _read(cursor: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    if len(raw) != _CURSOR:
        raise Problem("invalid_cursor", "take the cursor from `next_cursor` of a page, or leave it out")
    return int.from_bytes(raw)

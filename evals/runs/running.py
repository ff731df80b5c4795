"""Making a run: every article, every repeat, each row on disk as soon as it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from agent.card import Usage
from agent.engines import Drafted
from agent.enrich import Enricher
from agent.errors import ArticleError, BudgetExceeded, EndpointError
from evals.runs.engines import drafted_now
from evals.runs.folder import Writer
from evals.runs.rows import Row, Trouble
from evals.samples import Sample


class Task(NamedTuple):
    """One row to make."""

    data: str
    sample: Sample
    repeat: int


@dataclass(slots=True)
class Counts:
    """How far a run is. `cost_usd` is None when a row is unpriced."""

    total: int
    done: int = 0
    failed: int = 0
    cost_usd: float | None = 0.0

    def add(self, row: Row) -> None:
        """Count one row."""
        self.done += 1
        self.failed += row.trouble is not None
        self.cost_usd = None if self.cost_usd is None or row.cost_usd is None else self.cost_usd + row.cost_usd


Seen = Callable[[Counts], None]
Price = Callable[[Usage], float | None]
"""US dollars of what a failure took; None without a known price."""


@dataclass(frozen=True, slots=True)
class Making:
    """With what a run is made: `at_once` articles at a time, `price` for failures, `seen` told after every row."""

    enricher: Enricher
    at_once: int
    price: Price
    seen: Seen


def tasks(samples: Sequence[tuple[str, Sample]], repeats: int) -> list[Task]:
    """All rows of a run, the first repeat of every article before the second of any."""
    return [Task(data, sample, repeat) for repeat in range(repeats) for data, sample in samples]


async def make(wanted: Sequence[Task], writer: Writer, making: Making) -> Counts:
    """Make the rows of `wanted` that `writer` hasn't got.

    Raises BudgetExceeded or EndpointError after what is in flight has been kept; OSError when the disk doesn't take a row.
    """
    counts = Counts(len(wanted))
    kept = {row.key for row in writer.rows}
    for row in writer.rows:
        counts.add(row)
    making.seen(counts)
    left = iter([task for task in wanted if (task.data, task.sample.id, task.repeat) not in kept])
    stopped: list[Exception] = []

    async def work() -> None:
        for task in left:
            if stopped:
                return
            try:
                row = await _row(task, making)
                writer.append(row)
            except (BudgetExceeded, EndpointError, OSError) as exc:
                stopped.append(exc)
                return
            counts.add(row)
            making.seen(counts)

    await asyncio.gather(*(work() for _ in range(making.at_once)))
    if stopped:
        raise stopped[0]
    return counts


async def _row(task: Task, making: Making) -> Row:
    drafts: list[Drafted] = []
    drafted_now.set(drafts)
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        card = await making.enricher.enrich(task.sample.article, repeat=task.repeat)
    except ArticleError as exc:
        return Row(
            data=task.data,
            sample=task.sample.id,
            repeat=task.repeat,
            trouble=Trouble.of(exc),
            cost_usd=making.price(exc.usage) if exc.usage else 0.0,
            elapsed_s=round(loop.time() - started, 4),
            created_at=datetime.now(UTC),
        )
    provenance = card.provenance
    return Row(
        data=task.data,
        sample=task.sample.id,
        repeat=task.repeat,
        drafted=drafts[-1] if drafts else None,
        cost_usd=provenance.uncached_cost_usd,
        elapsed_s=provenance.elapsed_s,
        created_at=provenance.created_at,
    )

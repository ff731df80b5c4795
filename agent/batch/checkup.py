"""A finished run's health, read off its rows in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from agent.batch.folder import RunFolder
from agent.batch.health import Health
from agent.batch.index import State
from agent.batch.rows import Spent, read_row
from agent.batch.segments import lines
from agent.batch.watching import Standing


def health_of(folder: RunFolder, standing: Standing, is_wanted: Callable[[], bool] = lambda: True) -> Health | None:
    """The health of the run in `folder`, which stands so at its end; None as soon as it isn't wanted any more.

    The run's own accounts stand in it, so that failures, what was tried twice and what was lost at kills are counted too.
    """
    health = Health()
    for line in lines(folder.rows):
        if not is_wanted():
            return None
        known = folder.index.get(line.head.key)
        if known is None or known.state not in {State.CARD, State.FAILED} or known.where != line.where.pack():
            continue
        row = read_row(line.text)
        if row.card is not None:
            health.add_card(row.card, copied=row.taken_from is not None)
        else:
            health.add_failure(row.error or "unknown", source=row.source, usage=_usage(line.head.spent))
    spent = standing.spent
    # A draft that came when a runner was killed is a cached one to its card, and a paid one to the run.
    health.usage = Counter(_usage(spent))
    health.usage.subtract(health.wasted)
    health.cost_usd, health.uncached_cost_usd = spent.cost_usd, spent.uncached_cost_usd
    health.lost, health.lost_usd = standing.lost, standing.lost_usd
    return health


def _usage(spent: Spent) -> dict[str, int]:
    return {name: getattr(spent, name) for name in ("requests", "input_tokens", "cached_input_tokens", "output_tokens", "estimated")}

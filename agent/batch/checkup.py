"""A finished run's health, read off its rows in one pass."""

from __future__ import annotations

from collections.abc import Callable

from agent.batch.folder import RunFolder
from agent.batch.health import Health
from agent.batch.index import State
from agent.batch.rows import Spent, read_row
from agent.batch.segments import lines


def health_of(folder: RunFolder, spent: Spent, is_wanted: Callable[[], bool] = lambda: True) -> Health | None:
    """The health of the run in `folder`, which took `spent` in all; None as soon as it isn't wanted any more.

    The run's own cost stands in it, so that failures and what was tried twice are counted too.
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
            took = line.head.spent._asdict()
            usage = {name: took[name] for name in ("requests", "input_tokens", "cached_input_tokens", "output_tokens")}
            health.add_failure(row.error or "unknown", source=row.source, usage=usage)
    health.cost_usd, health.uncached_cost_usd = spent.cost_usd, spent.uncached_cost_usd
    return health

"""Articles by the million: durable runs, resumable, one call a story.

    for row in read_rows("my-run"):
        print(row.id, row.status, row.card and row.card["tickers"])

Read in this order: rows, index, segments, sink, folder, sharding, passage, watching, book, feed, runner, heap.
reading is for those who want rows only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.batch.reading import read_rows
    from agent.batch.rows import Row

__all__ = ["Row", "read_rows"]


def __getattr__(name: str) -> object:
    """Import a name's module when it is first used."""
    homes = {"read_rows": "agent.batch.reading", "Row": "agent.batch.rows"}
    if name not in homes:
        raise AttributeError(f"module 'agent.batch' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(homes[name]), name)

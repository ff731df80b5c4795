"""The cache: validated drafts, the part that was paid for, kept by what produced them.

    drafts = DiskDrafts(folder)
    entry = await drafts.get(draft_key(article, engine.ingredients))

It is a cache, not the store of results: it may be emptied at any time, and a cache that can't be used costs calls, never cards.
"""

from __future__ import annotations

from agent.cache.drafts import DiskDrafts
from agent.cache.entry import DraftKeys, Entry, draft_key
from agent.cache.flight import SingleFlight
from agent.cache.keeper import Drafts
from agent.cache.shared import SharedDrafts
from agent.cache.upkeep import CacheStats, Difference, Explanation, Kept, explain, purge, stats

__all__ = [
    "CacheStats",
    "Difference",
    "DiskDrafts",
    "DraftKeys",
    "Drafts",
    "Entry",
    "Explanation",
    "Kept",
    "SharedDrafts",
    "SingleFlight",
    "draft_key",
    "explain",
    "purge",
    "stats",
]

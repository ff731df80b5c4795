"""What an Enricher needs of a cache of drafts, wherever that is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from agent.cache.entry import Entry
from agent.engines import Drafted


class Lead(Protocol):
    """Whose turn it is to ask for a draft. `found`: somebody else has asked for it meanwhile, and here it is."""

    @property
    def found(self) -> Entry | None: ...  # noqa: D102

    async def put(self, entry: Entry) -> bool:
        """Keep what was asked for. False when it isn't known to be kept."""
        ...


class Drafts(Protocol):
    """Drafts by key. What can't be found is a miss, what can't be kept is counted; neither is ever an error."""

    @property
    def problem(self) -> str | None:
        """Why drafts are not found or not kept, in one line for the user."""
        ...

    async def get(self, key: str) -> Entry | None:
        """The entry of `key`."""
        ...

    async def get_many(self, keys: Sequence[str]) -> list[Drafted | None]:
        """The drafts of `keys`."""
        ...

    async def put(self, key: str, entry: Entry) -> bool:
        """Keep `entry`."""
        ...

    def lead(self, key: str) -> AbstractAsyncContextManager[Lead]:
        """To be entered before the draft of `key` is asked for: of all who share these drafts, one asks at a time."""
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...

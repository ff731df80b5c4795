"""A stable split of articles by id, for any scheduler that can start the same command with another number."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from agent.errors import UsageError

_FORM = re.compile(r"(\d{1,6})/(\d{1,6})")


class Shard(NamedTuple):
    """Part `number` (1..`of`) of the input. An id's part depends on nothing but the id and `of`."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2/8`. Raises UsageError."""
        match = _FORM.fullmatch(text.strip())
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise UsageError(f"--shard {text}: write it like 2/8, from 1/8 to 8/8")
        return cls(int(match[1]), int(match[2]))

    def holds(self, key: bytes) -> bool:
        """Whether the article of that key belongs to this part."""
        return self.of == 1 or int.from_bytes(key[8:], "big") % self.of == self.number - 1

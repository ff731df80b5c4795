"""The rows of finished or running runs, one an id, in the order in which they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.batch.folder import read_manifest
from agent.batch.index import Index, Known, State
from agent.batch.rows import Row, read_row
from agent.batch.segments import Found, heads, lines

_RUN_BITS = 8
_MOST_RUNS = 1 << _RUN_BITS
_WHERE_BITS = 52
_STATES = {"card": State.CARD, "fail": State.FAILED, "void": State.GONE}


@dataclass
class Runs:
    """Run directories read as one, such as the shards of an input. A running one gives what it holds at this moment.

    Where one id has rows in several, a card beats a failure, and the first card stays.
    """

    paths: Sequence[Path]
    index: Index = field(default_factory=Index)

    def __post_init__(self) -> None:
        """See which row of each id counts. Raises RunRefused where there is no run."""
        for path in self.paths:
            read_manifest(path)
        if len(self.paths) > _MOST_RUNS:
            raise ValueError(f"at most {_MOST_RUNS} runs are read together")
        for number, path in enumerate(self.paths):
            for found in heads(path / "rows"):
                self._add(number, found)

    @property
    def cards(self) -> int:
        """How many articles have a card."""
        return self.index.counts[State.CARD]

    @property
    def failed(self) -> int:
        """How many have none."""
        return self.index.counts[State.FAILED]

    def lines(self) -> Iterator[bytes]:
        """The line of each id, of kind `card` or `fail`."""
        for number, path in enumerate(self.paths):
            for line in lines(path / "rows"):
                known = self.index.get(line.head.key)
                if known and known.state in {State.CARD, State.FAILED} and known.where == _packed(number, line.where.pack()):
                    yield line.text

    def rows(self) -> Iterator[Row]:
        """The same, read."""
        return map(read_row, self.lines())

    def _add(self, number: int, found: Found) -> None:
        where, _, head = found
        if head.kind == "part":
            return
        known = self.index.get(head.key)
        if known is not None and known.state is State.CARD:
            return
        self.index.put(head.key, Known(head.content, _STATES[head.kind], _packed(number, where)))


def read_rows(*run_dirs: str | Path) -> Iterator[Row]:
    """The rows of one run, or of several read as one; memory holds one row, and 50 bytes for each id.

    Raises RunRefused where there is no run.
    """
    return Runs([Path(path) for path in run_dirs]).rows()


def _packed(number: int, where: int) -> int:
    return (number << _WHERE_BITS) | where

"""Where rows go: appended by one thread, which waits for the disk in groups. A row that is there is there after any crash."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from agent import durable
from agent.batch.segments import Where, segment_path
from agent.errors import SinkFailed

GROUP = 32
GROUP_S = 0.1
"""The disk is waited for once every so many rows, or after so many seconds."""
SEGMENT_BYTES = 256_000_000
WAITING_BYTES = 16_000_000
"""Rows that may wait for the disk; beyond that, whoever makes them waits."""


_Item = tuple[int, bytes]
"""Segment and line."""


class Sink:
    """Appends rows to the segments in `folder`, from `start` on. `append` is for one thread; `on_failure` is called in the sink's own."""

    def __init__(self, folder: Path, start: Where, on_failure: Callable[[SinkFailed], None], *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder = folder
        self._next_segment, self._next_offset = start
        self._on_failure = on_failure
        self._segment_bytes = segment_bytes
        self._rows: deque[_Item] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._given = 0
        self._taken = 0
        self._file: int | None = None
        self._segment = 0
        self._size = 0
        self.failure: SinkFailed | None = None
        self._thread = threading.Thread(target=self._run, name="newscard-rows", daemon=True)
        self._thread.start()

    @property
    def waiting_bytes(self) -> int:
        """Bytes that are not known to be on disk."""
        return self._given - self._taken

    def append(self, line: bytes) -> Where:
        """Hand a row over; where it will stand. After a failure it goes nowhere."""
        segment, offset = self._next_segment, self._next_offset
        if offset and offset + len(line) > self._segment_bytes:
            segment, offset = segment + 1, 0
        self._next_segment, self._next_offset = segment, offset + len(line)
        self._given += len(line)
        self._rows.append((segment, line))
        # Woken for each row, the thread would cost more than the row: it changes hands with this one every time.
        if len(self._rows) == GROUP:
            with self._changed:
                self._changed.notify()
        return Where(segment, offset)

    def settle(self) -> None:
        """Wait until what was handed over has been dealt with."""
        while self.waiting_bytes and self._thread.is_alive():
            time.sleep(0.001)

    def close(self) -> None:
        """Wait until everything is on disk. Raises SinkFailed when something isn't."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        more = True
        while more:
            group, more = self._group()
            if self.failure is None:
                try:
                    self._write(group)
                except Exception as exc:  # noqa: BLE001  a thread that just ended would look like one that has written all
                    why = exc.strerror if isinstance(exc, OSError) else type(exc).__name__
                    self.failure = SinkFailed(f"{self._folder.parent}: rows can't be written: {why}; nothing more is asked for")
                    self._forget_half()
                    self._on_failure(self.failure)
            self._taken += sum(len(line) for _, line in group)
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)

    def _group(self) -> tuple[list[_Item], bool]:
        """What goes to disk together, nothing where nothing has come for a while, and whether more may come."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._rows) >= GROUP or self._closing, GROUP_S)
            group = [self._rows.popleft() for _ in range(min(GROUP, len(self._rows)))]
            return group, not self._closing or bool(self._rows)

    def _write(self, group: list[_Item]) -> None:
        while group:
            segment = group[0][0]
            here = [line for number, line in group if number == segment]
            group = group[len(here) :]
            if self._file is None or segment != self._segment:
                self._open(segment)
            assert self._file is not None
            data = memoryview(b"".join(here))
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
            self._size += sum(map(len, here))

    def _open(self, segment: int) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        path = segment_path(self._folder, segment)
        is_new = not path.exists()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._segment = segment
        self._size = os.fstat(self._file).st_size
        if is_new:
            durable.sync(self._folder)

    def _forget_half(self) -> None:
        """What of a group reached the disk before it failed is cut off: its rows aren't whole, or aren't known to be."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)

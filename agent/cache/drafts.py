"""Drafts on disk, for an event loop that must not wait for a disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from agent.cache.entry import Entry
from agent.cache.folder import BadRow, CacheBusy, CacheFault
from agent.engines import Drafted

if TYPE_CHECKING:
    from agent.cache.disk import Shelf

T = TypeVar("T")

PATIENCE_S = 1.0
"""How long an article waits for the cache before it goes on without."""
MANY = 10
"""How many times as long a batch waits for all of its articles: each that isn't found costs money, and a busy machine is soon late."""


class DiskDrafts:
    """Drafts by key. A cache that is locked, slow, damaged, full or not there is a miss and never an error.

    All of it happens in one thread of its own. `hits`, `misses`, `timeouts` (locked or slow, reading or writing), `corrupt` (entries that
    could not be used) and `write_failures` count since the object was made.

    What to keep is the caller's duty: validated drafts. A refusal, a truncation or a failure is never put here.
    """

    def __init__(self, directory: Path, *, patience_s: float = PATIENCE_S) -> None:
        self._directory = directory
        self._patience_s = patience_s
        self._lane: _Lane | None = None
        self._off = False
        self._fault: str | None = None
        self._late_writes = 0
        self._is_slow = False
        self.hits = 0
        self.misses = 0
        self.timeouts = 0
        self.corrupt = 0
        self.write_failures = 0

    @property
    def problem(self) -> str | None:
        """Why drafts are not found or not kept, in one line for the user; None while all is well."""
        if self._fault:
            return f"{self._fault}; drafts that aren't kept are paid for again"
        if self.timeouts:
            lost = ["what it holds was paid for again"] if self.timeouts > self._late_writes else []
            lost += [f"{self._late_writes} drafts may not be kept"] if self._late_writes else []
            return f"the cache {self._directory} was locked or slow {self.timeouts} times; {', '.join(lost)}"
        return None

    async def get(self, key: str) -> Entry | None:
        """The entry of `key`, validated again; None when there is none that can be used, or not soon enough."""
        entry = await self._find(key)
        if entry is None:
            self.misses += 1
        else:
            self.hits += 1
        return entry

    async def get_many(self, keys: Sequence[str]) -> list[Drafted | None]:
        """The draft that `get` gives for each of `keys`, with one look into the file for all of them (32 or so cost little more than one).

        It is waited for MANY times as long as for one; when even that was in vain, never again.
        """
        try:
            stored = await self._in_thread(lambda shelf: shelf.get_many(keys), times=1 if self._is_slow else MANY)
        except (CacheBusy, CacheFault, TimeoutError) as exc:
            self._is_slow = isinstance(exc, TimeoutError)
            self._note(exc)
            stored = {}
        found = [self._read(stored.get(key), Entry.drafted_from) for key in keys]
        hits = sum(drafted is not None for drafted in found)
        self.hits += hits
        self.misses += len(found) - hits
        return found

    async def put(self, key: str, entry: Entry) -> bool:
        """Keep `entry`. False when it isn't known to be kept; that is counted and never raised."""
        model = entry.drafted.model or entry.ingredients.get("model") or "unknown"
        value = entry.to_bytes()
        try:
            await self._in_thread(lambda shelf: shelf.put(key, value, model), writes=True)
        except (CacheBusy, CacheFault, TimeoutError) as exc:
            self._note(exc)
            self.write_failures += 1
            self._late_writes += not isinstance(exc, CacheFault)
            return False
        return True

    @asynccontextmanager
    async def lead(self, key: str) -> AsyncIterator[DiskLead]:
        """To be entered before the draft of `key` is asked for; on one machine nobody has to wait."""
        yield DiskLead(self, key)

    async def aclose(self) -> None:
        """Close the file and end the thread. The next `get` or `put` opens them again."""
        lane, self._lane, self._off = self._lane, None, False
        if lane is not None:
            await lane.aclose(self._patience_s)

    async def _find(self, key: str) -> Entry | None:
        try:
            return self._read(await self._in_thread(lambda shelf: shelf.get(key)), Entry.from_bytes)
        except (CacheBusy, CacheFault, TimeoutError) as exc:
            self._note(exc)
        except BadRow:
            self.corrupt += 1
        return None

    def _read(self, stored: bytes | None, read: Callable[[bytes], T]) -> T | None:
        try:
            return None if stored is None else read(stored)
        except ValueError:
            self.corrupt += 1
            return None

    async def _in_thread(self, work: Callable[[Shelf], T], *, writes: bool = False, times: int = 1) -> T:
        if self._off:
            raise CacheFault(self._fault)
        if self._lane is None:
            self._lane = _Lane(self._directory)
        async with asyncio.timeout(self._patience_s * times):
            return await self._lane.run(work, writes=writes)

    def _note(self, exc: CacheBusy | CacheFault | TimeoutError) -> None:
        if isinstance(exc, CacheFault):
            self._fault = str(exc)
            # A file that can't be opened won't open for the next article either.
            self._off = self._lane is None or not self._lane.is_open
        else:
            self.timeouts += 1


class DiskLead(NamedTuple):
    """A turn to ask."""

    drafts: DiskDrafts
    key: str
    found: Entry | None = None

    async def put(self, entry: Entry) -> bool:
        """Keep what was asked for."""
        return await self.drafts.put(self.key, entry)


class _Job(NamedTuple):
    work: Callable[[Shelf], Any]
    future: asyncio.Future[Any]
    writes: bool


_Done = tuple[asyncio.Future[Any], Any, Exception | None]


class _Lane:
    """One thread, and the shelf that no other thread touches."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="newscard-cache")
        self._shelf: Shelf | None = None
        self._waiting: deque[_Job] = deque()
        self._called = False

    @property
    def is_open(self) -> bool:
        return self._shelf is not None

    async def run(self, work: Callable[[Shelf], T], *, writes: bool = False) -> T:
        """`work` in the thread. What is asked for while the thread is busy goes there together: the way costs more than the work."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Job(work, future, writes))
        if not self._called:
            self._called = True
            loop.run_in_executor(self._thread, self._work, loop)
        return await future

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the thread: all that waits now, what is written in one transaction."""
        self._called = False  # whatever comes from here on may be too late for this round, and calls anew
        jobs = [self._waiting.popleft() for _ in range(len(self._waiting))]
        done = [(job.future, *_outcome(lambda job=job: job.work(self._opened()))) for job in jobs if not job.writes]  # type: ignore[misc]
        done += self._written([job for job in jobs if job.writes])
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_deliver, done)

    def _written(self, jobs: list[_Job]) -> list[_Done]:
        if len(jobs) < 2:  # noqa: PLR2004  one is a transaction by itself
            return [(job.future, *_outcome(lambda job=job: job.work(self._opened()))) for job in jobs]  # type: ignore[misc]

        def together() -> list[_Done]:
            with self._opened().together():
                return [(job.future, *_outcome(lambda job=job: job.work(self._opened()))) for job in jobs]  # type: ignore[misc]

        done, exc = _outcome(together)
        return [(job.future, None, exc) for job in jobs] if exc is not None else done

    async def aclose(self, patience_s: float) -> None:
        try:
            async with asyncio.timeout(patience_s):
                await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        except (CacheBusy, CacheFault, TimeoutError):
            pass  # what was put is on disk already; the rest ends with the process
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def _opened(self) -> Shelf:
        if self._shelf is None:
            from agent.cache.disk import Shelf

            self._shelf = Shelf(self._directory)
        return self._shelf

    def _close(self) -> None:
        if self._shelf is not None:
            self._shelf.close()


def _outcome(work: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return work(), None
    except Exception as exc:  # noqa: BLE001  it is raised again where it is waited for
        return None, exc


def _deliver(done: list[_Done]) -> None:
    for future, result, exc in done:
        if future.done():
            continue
        if exc is None:
            future.set_result(result)
        else:
            future.set_exception(exc)

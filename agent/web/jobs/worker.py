"""Who works on jobs: some at a time, a tenant's one by one, each as a run of `agent.batch` behind the live requests."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from agent.batch.folder import RunFolder
from agent.batch.reading import Runs
from agent.batch.runner import Options, Runner
from agent.batch.stories import Stories
from agent.batch.watching import Nobody, Standing
from agent.card import Card
from agent.enrich import Enricher
from agent.errors import EndpointUnreachable, NewscardError, RunRefused, SinkFailed
from agent.sources.records import read_lines
from agent.web.jobs.book import Counts, Ended, Job, JobBook
from agent.web.jobs.keeping import Keep, Keeping, fitting, keep_again, not_done
from agent.web.jobs.runs import counts_of, counts_on_disk, runs_for
from agent.web.metrics import Metrics
from agent.web.problems import Problem, disk_fault, own_fault
from agent.web.security.purse import Payer, PurseEmpty, paid_by

AT_ONCE = 2
"""Jobs in hand: more would only share what the endpoint takes."""
MOST_WAITING = 1_000
MOST_OF_TENANT = 250
"""Jobs that aren't at their end: of all, and of one tenant, so that none fills the room of the others."""
CANCEL_S = 1.0
"""Whoever cancels a job waits for its end, but no longer than this."""
AGAIN_S = 60.0
"""After an outage."""

State = Literal["waiting", "running", "stopped", "cancelling", "done", "cancelled"]


@dataclass(eq=False)
class Live:
    """A job that isn't at its end."""

    job: Job
    state: State = "waiting"
    standing: Standing = field(default_factory=Standing)
    problem: Problem | None = None
    runner: Runner | None = None
    cancelled: bool = False
    earlier: Counts = field(default_factory=Counts)
    """What runs before this one came to, when the service was another; all of them, while it hasn't been begun since a restart."""
    is_counted: bool = True
    """Whether `earlier` has been read from the rows that a restart found."""

    @property
    def counts(self) -> Counts:
        """What became of its articles so far."""
        standing, earlier = self.standing, self.earlier
        unpriced = earlier.cost_usd is None or standing.spent.cost_usd is None
        return Counts(
            cards=earlier.cards + standing.before_cards + standing.cards,
            failed=earlier.failed + standing.before_failed + standing.failed,
            cost_usd=None if unpriced else (earlier.cost_usd or 0) + (standing.spent.cost_usd or 0),
        )


class Jobs:
    """For one event loop. `enricher` makes one for a tenant's job, `keep` puts cards into the list, `payer` knows who pays."""

    def __init__(  # noqa: PLR0913  what a job needs comes from many sides
        self,
        book: JobBook,
        enricher: Callable[[str], Enricher],
        keep: Callable[[str], Keep],
        metrics: Metrics,
        payer: Callable[[str], Awaitable[Payer | None]],
        *,
        drain_s: float,
    ) -> None:
        self.book = book
        self._enricher = enricher
        self._keep = keep
        self._metrics = metrics
        self._payer = payer
        self._drain_s = drain_s
        self._live: dict[str, Live] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self._lock: int | None = None

    async def start(self) -> None:
        """Go on with what isn't at its end. Raises UsageError when another service works on these jobs."""
        self._lock = await asyncio.to_thread(self.book.lock)
        for job in await asyncio.to_thread(self.book.unfinished):
            self._live[job.id] = live = Live(job, is_counted=False, cancelled=self.book.is_cancelled(job))
            if live.cancelled:
                with suppress(OSError):  # else it ends when its turn comes
                    await self._end(live, "cancelled")
        self._begin()

    async def find(self, job: Job) -> Live | None:
        """How it stands; None when it has ended."""
        live = self._live.get(job.id)
        if live is not None and not live.is_counted:
            there = await asyncio.to_thread(counts_on_disk, self.book.runs(job))
            if not live.is_counted:  # it may have been begun meanwhile
                live.is_counted, live.earlier = True, there
        return live

    @property
    def are_running(self) -> bool:
        """Whether any is being worked on."""
        return bool(self._running)

    def check_room(self, tenant: str) -> None:
        """Raise Problem when no further job of that tenant can be taken."""
        if self._stopping:
            raise Problem("draining", "the service is shutting down; hand it in again later", retry_after_s=5)
        if len(self._live) >= MOST_WAITING:
            raise Problem("queue_full", f"{MOST_WAITING} batches are waiting; hand it in again later", retry_after_s=AGAIN_S)
        if sum(live.job.tenant == tenant for live in self._live.values()) >= MOST_OF_TENANT:
            told = f"{MOST_OF_TENANT} batches of yours are waiting; hand it in again later"
            raise Problem("too_many_requests", told, retry_after_s=AGAIN_S)

    async def add(self, job: Job, articles: Path) -> None:
        """Take a job. On return it is on disk."""
        await asyncio.to_thread(self.book.add, job, articles)
        self._live[job.id] = Live(job)
        self._begin()

    async def cancel(self, job: Job) -> None:
        """Begin nothing more of it, nor after a restart. What is in flight ends, which may take a while; its rows stay. Raises OSError."""
        live = await self.find(job)
        if live is None or (live.cancelled and job.id in self._running):
            return
        await asyncio.to_thread(self.book.cancel, job)
        if job.id not in self._live:  # it came to its end meanwhile
            return
        live.cancelled = True
        task = self._running.get(job.id)
        if task is None:
            await self._end(live, "cancelled")
            return
        live.state = "cancelling"
        if live.runner is not None:
            live.runner.interrupt()
        await asyncio.wait([task], timeout=CANCEL_S)

    async def drain(self) -> None:
        """Stop at a safe point: what is in flight gets its rows, the rest is for the next start."""
        self._stopping = True
        for live in self._live.values():
            if live.runner is not None and not live.runner.interrupted:
                live.runner.interrupt()
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=self._drain_s + 5)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _begin(self) -> None:
        """Begin as many as may be, the oldest first; of one tenant one at a time, so that nobody waits behind another's pile."""
        for live in list(self._live.values()):
            if self._stopping or len(self._running) >= AT_ONCE:
                break
            busy = {self._live[job_id].job.tenant for job_id in self._running}
            if live.state == "waiting" and live.job.tenant not in busy:
                live.state = "running"
                self._running[live.job.id] = asyncio.create_task(self._work(live))
        self._count()

    async def _work(self, live: Live) -> None:
        try:
            finished = not live.cancelled and await self._run(live)
            if live.cancelled:
                await self._end(live, "cancelled")
            elif finished:
                await self._end(live, "done")
            elif live.state == "running":
                live.state = "waiting"
        except Problem as problem:  # the list's
            await self._stop(live, problem, AGAIN_S)
        except (RunRefused, SinkFailed) as exc:
            logging.getLogger("newscard").error("%s", exc)  # noqa: TRY400  one line; it names the folder, which is no caller's business
            await self._stop(live, Problem("not_ready", "the batch's folder can't be used; the service's log says why"), AGAIN_S)
        except OSError as exc:
            await self._stop(live, disk_fault(exc), AGAIN_S)
        except NewscardError as exc:
            again_s = exc.retry_after_s if isinstance(exc, PurseEmpty) else AGAIN_S if isinstance(exc, EndpointUnreachable) else None
            await self._stop(live, Problem.of(exc), again_s)
        except Exception as exc:  # noqa: BLE001  one job's fault is no other job's
            await self._stop(live, own_fault(exc), None)
        finally:
            live.runner = None
            del self._running[live.job.id]
            self._begin()

    async def _run(self, live: Live) -> bool:
        """Whether it came to its end. Raises what stopped it."""
        job, book = live.job, self.book
        async with AsyncExitStack() as last:  # each of these is closed, whatever becomes of the others
            enricher = self._enricher(job.tenant)
            last.push_async_callback(enricher.aclose)
            *before, path = await asyncio.to_thread(runs_for, book, job, enricher.fingerprint)
            earlier = await asyncio.to_thread(Runs, before)
            before_this = await asyncio.to_thread(counts_of, earlier)
            folder = await asyncio.to_thread(RunFolder.open, path, enricher.fingerprint)
            last.callback(folder.close)
            stories = Stories(path / "stories.db") if enricher.engine_name == "llm" else None
            if stories is not None:
                last.callback(stories.close)
            keep = self._keep(job.tenant)
            maker = Keeping(enricher, keep)
            last.push_async_callback(maker.settle)
            live.runner = Runner(maker, folder, Options(drain_s=self._drain_s), watcher=_Counting(self._metrics, maker), stories=stories)
            live.is_counted, live.earlier, live.standing = True, before_this, live.runner.standing
            await keep_again(folder, book.articles(job), keep)
            if self._stopping or live.cancelled:
                return False
            live.problem = None
            with book.articles(job).open("rb") as stream, paid_by(await self._payer(job.key)):
                await live.runner.run(not_done(fitting(read_lines(stream, "articles")), earlier.index))
            if live.runner.stopped is not None:
                raise live.runner.stopped
            return not live.runner.interrupted

    async def _end(self, live: Live, state: Literal["done", "cancelled"]) -> None:
        await self.find(live.job)  # it may not have been begun since a restart
        await asyncio.to_thread(self.book.end, live.job, Ended(state=state, at=datetime.now(UTC), counts=live.counts))
        live.state = state
        self._live.pop(live.job.id, None)
        self._count()

    async def _stop(self, live: Live, problem: Problem, again_s: float | None) -> None:
        """It can't go on now; after `again_s` it is tried again, None: not before a restart."""
        if live.cancelled:
            try:
                await self._end(live, "cancelled")
            except OSError as exc:
                problem, again_s = disk_fault(exc), AGAIN_S
            else:
                return
        live.state, live.problem = "stopped", problem
        logging.getLogger("newscard").warning("batch %s stopped: %s", live.job.id, problem.code)
        if again_s is not None:
            asyncio.get_running_loop().call_later(again_s, self._again, live)

    def _again(self, live: Live) -> None:
        if live.state == "stopped":
            live.state = "waiting"
            self._begin()

    def _count(self) -> None:
        for state in ("waiting", "running", "stopped", "cancelling"):
            self._metrics.jobs.labels(state).set(sum(live.state == state for live in self._live.values()))


class _Counting(Nobody):
    """Hears of a job's cards."""

    def __init__(self, metrics: Metrics, maker: Keeping) -> None:
        self._metrics = metrics
        self._maker = maker

    def made(self, card: Card) -> None:
        """A card has its row."""
        self._metrics.count(card)

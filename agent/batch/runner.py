"""The runner: articles in, a row for each, as many in flight as the endpoint takes; stopped at any moment, it goes on where it was."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from agent.article import Article
from agent.batch.book import Book, Taken
from agent.batch.feed import Feed
from agent.batch.folder import RunFolder
from agent.batch.sharding import Shard
from agent.batch.watching import Nobody, Standing, Watcher
from agent.card import Card, Usage
from agent.engines import Drafted, DraftLater
from agent.errors import ArticleError, BudgetExceeded, EndpointError, NewscardError, SinkFailed
from agent.making import too_little
from agent.sources import Placed

_BEHIND_S = 0.01
_TURN_S = 0.2
"""Between two turns of the loop while nobody waits for a reply: after each, whatever it was about has to come into memory again."""
_LOOKS = 32
"""Drafts grounded before the time is looked at."""
_NO_STORY: Mapping[str, str | None] = MappingProxyType({})


class Maker(Protocol):
    """What the runner needs of an Enricher."""

    @property
    def limit(self) -> int:
        """Articles worth having in flight now."""
        ...

    @property
    def pays_now(self) -> bool:
        """Whether `draft` pays."""
        ...

    async def find(self, articles: Sequence[Article]) -> list[Drafted | None]:
        """The drafts that were paid for before."""
        ...

    async def draft(self, article: Article) -> Drafted:
        """A draft from the engine."""
        ...

    async def keep(self, article: Article, drafted: Drafted) -> None:
        """Keep another article's draft as this one's."""
        ...

    def card(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Card:
        """The card by that draft."""
        ...

    def look(self, found: Sequence[tuple[Article, Drafted]]) -> None:
        """Ground drafts for the cards that follow. Raises nothing."""
        ...

    def faults(self, article: Article, drafted: Drafted) -> int:
        """Claims of the draft that the article doesn't carry."""
        ...

    def cost(self, usage: Usage, share: float | None = None) -> float | None:
        """US dollars, at a share of the list price; None: the engine's."""
        ...

    def halt(self, why: str) -> None:
        """Send no further request."""
        ...


class Told(Protocol):
    """A draft, the story it tells, and the id of the article it was made for, None when that is the article at hand."""

    @property
    def drafted(self) -> Drafted: ...  # noqa: D102
    @property
    def story_id(self) -> str: ...  # noqa: D102
    @property
    def taken_from(self) -> str | None: ...  # noqa: D102


class Teller(Protocol):
    """The step before a model is asked: a copy of a story that was told before takes its draft over (`stories.Stories`)."""

    async def tell(self, article: Article, ask: Callable[[], Awaitable[Drafted]], faults_of: Callable[[Drafted], int]) -> Told:
        """An earlier draft if it fits, else what `ask` makes."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes. `drain_s`: after an interruption, how long what is in flight may take."""

    shard: Shard = field(default_factory=Shard)
    retry_failed: bool = False
    drain_s: float = 30.0


class Runner:
    """Runs one opened folder once. For one event loop."""

    def __init__(
        self,
        maker: Maker,
        folder: RunFolder,
        options: Options | None = None,
        *,
        watcher: Watcher | None = None,
        stories: Teller | None = None,
    ) -> None:
        self._maker = maker
        self._options = options or Options()
        self._watcher = watcher or Nobody()
        self._stories = stories
        self._loop = asyncio.get_running_loop()
        self._book = Book(folder, self._on_sink_failure, shard=self._options.shard, retry_failed=self._options.retry_failed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._room: asyncio.Future[None] | None = None
        self._feed: Feed | None = None
        self._interrupted = 0
        self._fault: BaseException | None = None
        self.stopped: NewscardError | None = None
        """Why the run ended before its input did."""

    @property
    def standing(self) -> Standing:
        """How the run stands."""
        return self._book.standing

    async def run(self, items: Iterator[Placed]) -> Standing:
        """Do what is to be done of `items`. Every row is on disk when it returns; `stopped` says whether that was before the end.

        Raises SinkFailed when some row couldn't be written, and what reading `items` raises.
        """
        self._watcher.began(self.standing)
        self._feed = Feed(items)
        try:
            failure = await self._go_through(self._feed)
            await self._idle()
            if (fault := self._fault or failure) is not None:
                raise fault
            if not self._is_stopping:
                self._book.end_passage()
        finally:
            self._feed.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.to_thread(self._book.close)
        self._watcher.ended(self.standing)
        return self.standing

    def interrupt(self) -> None:
        """Begin nothing more, and end within `drain_s`; called again, end at once. Rows that were made are kept either way."""
        self._interrupted += 1
        if self._interrupted == 1:
            flying = len(self._tasks)
            self._stop(
                f"interrupted; waiting up to {self._options.drain_s:g} s for {flying} articles in flight" if flying else "interrupted"
            )
            self._loop.call_later(self._options.drain_s, self._abort)
        else:
            self._abort()

    @property
    def interrupted(self) -> bool:
        """Whether `interrupt` was called."""
        return self._interrupted > 0

    @property
    def _is_stopping(self) -> bool:
        return self.stopped is not None or self._interrupted > 0 or self._fault is not None

    async def _go_through(self, feed: Feed) -> Exception | None:
        """Begin what is to be done, to the input's end or to a stop; what kept the rest from being read."""
        try:
            while not self._is_stopping and (batch := await feed.take()):
                await self._do(batch)
        except Exception as exc:  # noqa: BLE001  raised again when what is in flight has ended: it is paid for
            return exc
        return None

    async def _do(self, batch: Sequence[Placed]) -> None:
        await asyncio.sleep(0)  # signals are heard even where all is done already
        taken = [found for placed in batch if (found := self._taken(placed)) is not None]
        drafts = await self._maker.find([one.article for one in taken])
        others = await self._keep_known(list(zip(taken, drafts, strict=True)))
        for one in others:
            if self._is_stopping:
                self._book.add_unfinished(one, None, None, asked=False)
            else:
                await self._begin(one)
        while self._book.is_behind:  # noqa: ASYNC110  the sink's thread has no event to set for this loop
            await asyncio.sleep(_BEHIND_S)

    async def _keep_known(self, found: Sequence[tuple[Taken, Drafted | None]]) -> list[Taken]:
        """The cards that nobody need be asked for; the articles that are left.

        One step is done for all before the next, since what a step needs would have left the processor's memory by the next article.
        """
        known = [pair for pair in found if pair[1] is not None or too_little(pair[0].article)]
        await self._look([(one.article, drafted) for one, drafted in known if drafted is not None])
        if self._is_stopping:
            return [one for one, _ in found]
        cards = [self._card(one, drafted, cached=drafted is not None) for one, drafted in known]
        for (one, drafted), card in zip(known, cards, strict=True):
            self._enter(one, card, drafted)
        return [one for one, drafted in found if drafted is None and not too_little(one.article)]

    async def _look(self, drafts: Sequence[tuple[Article, Drafted]]) -> None:
        """Ground them all; replies and signals come in meanwhile."""
        turned, at = time.monotonic(), 0
        while at < len(drafts) and not self._is_stopping:
            some = 1 if self._tasks else _LOOKS
            self._maker.look(drafts[at : at + some])
            at += some
            if self._tasks or time.monotonic() - turned > _TURN_S:
                await asyncio.sleep(0)
                turned = time.monotonic()

    def _taken(self, placed: Placed) -> Taken | None:
        found = self._book.take(placed)
        if isinstance(found, NewscardError):
            self._book.add_unread(placed, found)
            self._watcher.failed(found, placed.place)
            return None
        return found

    async def _begin(self, taken: Taken) -> None:
        """Ask for the article's card as soon as there is room."""
        while len(self._tasks) >= max(self._maker.limit, 1) and not self._is_stopping:
            self._room = self._loop.create_future()
            await self._room
        task = self._loop.create_task(self._ask(taken))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        self.standing.in_flight = len(self._tasks)
        self.standing.limit = self._maker.limit

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.standing.in_flight = len(self._tasks)
        self._wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fault = self._fault or error
            self._stop("a fault of newscard's own")

    async def _idle(self) -> None:
        while self._tasks:
            self._room = self._loop.create_future()
            await self._room

    def _wake(self) -> None:
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    async def _ask(self, taken: Taken) -> None:
        asked = False

        async def ask() -> Drafted:
            nonlocal asked
            if self._is_stopping:
                raise _NotNow
            if self._maker.pays_now:
                self._book.note_asked(taken)
                asked = True
            return await self._maker.draft(taken.article)

        try:
            if self._stories is None:
                drafted, story = await ask(), {}
            else:
                told = await self._stories.tell(taken.article, ask, lambda drafted: self._maker.faults(taken.article, drafted))
                drafted, story = told.drafted, {"story_id": told.story_id, "taken_from": told.taken_from}
                if told.taken_from is not None:
                    await self._maker.keep(taken.article, drafted)
        except ArticleError as exc:
            self._fail(taken, exc, asked=asked)
        except (EndpointError, BudgetExceeded, SinkFailed, DraftLater, _NotNow, asyncio.CancelledError) as exc:
            self._leave(taken, exc, asked=asked)
        except Exception as exc:  # noqa: BLE001  one article that newscard can't deal with must not hold up all others
            self._fail(taken, _own_fault(taken, exc), asked=asked)
        else:
            card = self._card(taken, drafted, cached=story.get("taken_from") is not None, asked=asked)
            self._enter(taken, card, drafted, asked=asked, story=story)

    def _card(self, taken: Taken, drafted: Drafted | None, *, cached: bool, asked: bool = False) -> Card | OwnFault:
        try:
            return self._maker.card(taken.article, drafted, cached=cached, started=taken.started)
        except Exception as exc:  # noqa: BLE001  the same
            return _own_fault(taken, exc, drafted.usage if drafted and asked else None)

    def _enter(
        self,
        taken: Taken,
        card: Card | OwnFault,
        drafted: Drafted | None,
        *,
        asked: bool = False,
        story: Mapping[str, str | None] = _NO_STORY,
    ) -> None:
        if isinstance(card, OwnFault):
            self._fail(taken, card, asked=asked)
            return
        try:
            self._book.add_card(taken, card, drafted, asked=asked, story=story)
        except SinkFailed:
            raise
        except Exception as exc:  # noqa: BLE001  the same: it can't be written as JSON
            self._fail(taken, _own_fault(taken, exc, drafted.usage if drafted and asked else None), asked=asked)
            return
        self._watcher.made(card)

    def _fail(self, taken: Taken, error: ArticleError, *, asked: bool) -> None:
        self._book.add_failure(taken, error, self._maker.cost(error.usage or Usage(), error.price_share), asked=asked)
        self._watcher.failed(error, taken.place)

    def _leave(self, taken: Taken, exc: BaseException, *, asked: bool) -> None:
        """The article is for the next runner; an error of the whole run stops this one."""
        usage = exc.usage or Usage() if isinstance(exc, NewscardError) else None
        self._book.add_unfinished(taken, usage, self._maker.cost(usage or Usage()), asked=asked)
        if isinstance(exc, NewscardError) and self.stopped is None:
            self.stopped = exc
            self._stop(str(exc))

    def _stop(self, why: str) -> None:
        if self._feed is not None:
            self._feed.close()
        self._wake()
        self._watcher.stopping(why)

    def _abort(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _on_sink_failure(self, failure: SinkFailed) -> None:
        """In the sink's thread: no request is sent from now on."""
        self._maker.halt(str(failure))
        self._loop.call_soon_threadsafe(self._sink_failed, failure)

    def _sink_failed(self, failure: SinkFailed) -> None:
        if self.stopped is None:
            self.stopped = failure
            self._stop(str(failure))


class _NotNow(Exception):
    """The run is stopping."""


def _own_fault(taken: Taken, exc: Exception, usage: Usage | None = None) -> OwnFault:
    """A fault of newscard's. Its message may hold the article's words, so only its kind and place are told."""
    last = traceback.extract_tb(exc.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return OwnFault(taken.article.id, f"{type(exc).__name__} in {where}: a fault of newscard's own; please report it", usage=usage)


class OwnFault(ArticleError):
    """An error that newscard didn't foresee."""

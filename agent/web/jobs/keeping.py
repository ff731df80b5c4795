"""A job's cards in the list: put there as they are made, some at a time, and again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from agent.article import Article
from agent.batch.folder import RunFolder
from agent.batch.index import Index, State
from agent.batch.rows import article_key, card_json, place_key
from agent.batch.segments import Where, line_at
from agent.card import Card, Usage
from agent.engines import Drafted
from agent.enrich import Enricher
from agent.errors import ArticleError
from agent.sources import Placed
from agent.sources.records import read_lines
from agent.web.orders import unfit

AT_ONCE = 50
WITHIN_S = 1.0
"""So many cards go into the list together, or what was made in so many seconds: a transaction each would take longer than the cards."""

Keep = Callable[[Sequence[tuple[Card, Article]]], Awaitable[None]]


class Keeping:
    """The Enricher as a run sees it (`batch.runner.Maker`); every card that is made goes to `keep`."""

    def __init__(self, enricher: Enricher, keep: Keep) -> None:
        self._enricher = enricher
        self._keep = keep
        self._made: list[tuple[Card, Article]] = []
        self._keeping: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    @property
    def limit(self) -> int:
        """Articles worth having in flight."""
        return self._enricher.limit

    async def find(self, articles: Sequence[Article]) -> list[Drafted | None]:
        """The drafts that were paid for before, looked at."""
        found = await self._enricher.find(articles)
        for article, drafted in zip(articles, found, strict=True):
            if drafted is not None:
                await self._enricher.look_aside(article, drafted)
        return found

    async def draft(self, article: Article) -> Drafted:
        """A draft from the engine, looked at."""
        drafted = await self._enricher.draft(article)
        await self._enricher.look_aside(article, drafted)
        return drafted

    async def keep(self, article: Article, drafted: Drafted) -> None:
        """Keep another article's draft as this one's."""
        await self._enricher.keep(article, drafted)

    def card(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Card:
        """The card, which is on its way into the list."""
        card = self._enricher.card(article, drafted, cached=cached, started=started)
        self._made.append((card, article))
        if len(self._made) == 1:
            asyncio.get_running_loop().call_later(WITHIN_S, self.hand_over)
        if len(self._made) >= AT_ONCE:
            self.hand_over()
        return card

    def look(self, found: Sequence[tuple[Article, Drafted]]) -> None:
        """Those that weren't looked at when they were found."""
        self._enricher.look(found)

    def faults(self, article: Article, drafted: Drafted) -> int:
        """Claims that the article doesn't carry."""
        return self._enricher.faults(article, drafted)

    def cost(self, usage: Usage, share: float | None = None) -> float | None:
        """US dollars."""
        return self._enricher.cost(usage, share)

    @property
    def pays_now(self) -> bool:
        """Whether `draft` pays."""
        return self._enricher.pays_now

    def halt(self, why: str) -> None:
        """Send no further request of this job's."""
        self._enricher.halt(why)

    def hand_over(self) -> None:
        """What was made goes to the list now."""
        if self._made:
            made, self._made = self._made, []
            task = asyncio.ensure_future(self._keep(made))
            self._keeping.add(task)
            task.add_done_callback(self._kept)

    async def settle(self) -> None:
        """Wait until all of it is there. Raises what keeping raises."""
        self.hand_over()
        if self._keeping:
            await asyncio.wait(self._keeping)
        if self._failure is not None:
            raise self._failure

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._keeping.discard(task)
        failure = None if task.cancelled() else task.exception()
        self._failure = self._failure or failure


def fitting(articles: Iterator[Placed]) -> Iterator[Placed]:
    """Each of `articles`, or why the service keeps no card of it."""
    for placed in articles:
        why = unfit(placed.item) if isinstance(placed.item, Article) else None
        yield placed if why is None else Placed(placed.place, ArticleError(placed.place, why))


def not_done(articles: Iterator[Placed], earlier: Index) -> Iterator[Placed]:
    """Those of `articles` that have no row in earlier runs."""
    for placed in articles:
        key = article_key(placed.item.id) if isinstance(placed.item, Article) else place_key(placed.place)
        known = earlier.get(key)
        if known is None or known.state not in {State.CARD, State.FAILED}:
            yield placed


async def keep_again(folder: RunFolder, articles: Path, keep: Keep) -> None:
    """Put every card that a run holds into the list: a process that was killed may not have come to it."""
    if not folder.index.counts[State.CARD]:
        return
    with articles.open("rb") as stream:
        lines = read_lines(stream, "articles")
        while batch := await asyncio.to_thread(_next, lines, folder):
            await keep([pair for pair in batch if pair is not None])


def _next(lines: Iterator[Placed], folder: RunFolder) -> list[tuple[Card, Article] | None]:
    found: list[tuple[Card, Article] | None] = []
    for placed in lines:
        article = placed.item
        known = folder.index.get(article_key(article.id)) if isinstance(article, Article) else None
        if known is None or known.state is not State.CARD or not isinstance(article, Article):
            found.append(None)
        else:
            line = line_at(folder.rows, Where.unpack(known.where))
            found.append((Card.model_validate_json(card_json(line)), article))
        if len(found) >= AT_ONCE:
            break
    return found

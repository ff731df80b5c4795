"""What a run would do and cost, found out without asking a model for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from agent.article import Article
from agent.batch.boilerplate import core_of
from agent.batch.index import Index, Known, State
from agent.batch.rows import article_key, content_of, place_key
from agent.batch.runner import Options
from agent.card import Usage
from agent.engines import Drafted
from agent.making import too_little
from agent.sources import Placed

AT_ONCE = 32
_ENOUGH = 20
"""Drafts in the cache that say how long this model's replies are; with fewer, a rule of thumb does."""


class Foreteller(Protocol):
    """What a forecast needs of an Enricher."""

    async def find(self, articles: Sequence[Article]) -> list[Drafted | None]:
        """The drafts that were paid for before."""
        ...

    def expects(self, article: Article) -> Usage:
        """What a draft will take."""
        ...

    def cost(self, usage: Usage) -> float | None:
        """US dollars."""
        ...


@dataclass
class Forecast:
    """Articles by what would become of them, and what those that are asked for would take. Saved: what cache and copies make needless."""

    articles: int = 0
    unread: int = 0
    twice: int = 0
    done: int = 0
    too_little: int = 0
    cached: int = 0
    copies: int = 0
    ask: int = 0
    usage: Usage = Usage()  # noqa: RUF009  a frozen value
    saved: Usage = Usage()  # noqa: RUF009  the same
    cost_usd: float | None = 0.0
    saved_usd: float | None = 0.0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.usage.input_tokens + self.usage.output_tokens

    def seconds(self, *, rpm: int | None, tpm: int | None) -> float | None:
        """The least time that the limits leave; None without a limit."""
        needs = [self.ask / rpm] if rpm else []
        needs += [self.tokens / tpm] if tpm else []
        return 60 * max(needs) if needs else None


class Forecaster:
    """Goes through an input as a runner does. `index` is what the run has done, and is written into; `copies` says whether they share."""

    def __init__(self, maker: Foreteller, index: Index, options: Options, *, copies: bool) -> None:
        self._maker = maker
        self._index = index
        self._options = options
        self._stories: Index | None = Index() if copies else None
        self._replies = Usage()
        self._seen = 0

    async def forecast(self, items: Iterator[Placed]) -> Forecast:
        """What would become of `items`. Raises what reading them raises."""
        found, shard = Forecast(), self._options.shard
        while batch := list(islice(items, AT_ONCE)):
            wanted = [placed.item for placed in batch if isinstance(placed.item, Article) and self._is_wanted(placed.item, found)]
            found.unread += sum(not isinstance(placed.item, Article) and shard.holds(place_key(placed.place)) for placed in batch)
            drafts = await self._maker.find(wanted)
            for article, drafted in zip(wanted, drafts, strict=True):
                self._add(article, drafted, found)
        if self._seen >= _ENOUGH:
            usual = self._replies.output_tokens // self._seen
            found.usage = found.usage.model_copy(update={"output_tokens": usual * found.ask})
        found.cost_usd = self._maker.cost(found.usage)
        found.saved_usd = self._maker.cost(found.saved)
        return found

    def _is_wanted(self, article: Article, found: Forecast) -> bool:
        key = article_key(article.id)
        if not self._options.shard.holds(key):
            return False
        found.articles += 1
        known = self._index.get(key)
        content = content_of(article)
        if known is not None and known.content != content and known.state in {State.CARD, State.IN_HAND}:
            found.unread += 1
            return False
        if known is not None and known.state is State.IN_HAND:
            found.twice += 1
            return False
        failed = known is not None and known.state is State.FAILED
        if (known is not None and known.state is State.CARD) or failed != self._options.retry_failed:
            found.done += 1
            return False
        self._index.put(key, Known(content, State.IN_HAND, 0))
        return True

    def _add(self, article: Article, drafted: Drafted | None, found: Forecast) -> None:
        if too_little(article):
            found.too_little += 1
        elif drafted is not None:
            found.cached += 1
            found.saved += drafted.usage
            self._replies += drafted.usage
            self._seen += 1
        elif self._is_copy(article):
            found.copies += 1
            found.saved += self._maker.expects(article)
        else:
            found.ask += 1
            found.usage += self._maker.expects(article)

    def _is_copy(self, article: Article) -> bool:
        if self._stories is None:
            return False
        key = bytes.fromhex(core_of(article).story_id).ljust(16, b"\0")
        if self._stories.get(key) is not None:
            return True
        self._stories.put(key, Known(0, State.IN_HAND, 0))
        return False

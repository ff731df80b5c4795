"""Many machines through Ray: an actor a worker, each with an Enricher and an event loop of its own. Needs the extra `ray`.

    import ray
    from agent.batch.ray import enrich_dataset

    enrich_dataset(ray.data.read_parquet("news/")).write_parquet("cards/")

`newscard batch --runner ray` is the run directory's own way: the driver reads, decides and writes, the workers ask and check.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

import agent.errors
from agent.article import Article
from agent.card import Card, Usage
from agent.engines import Drafted
from agent.enrich import Enricher, make_drafts, make_engine, make_link
from agent.errors import ArticleError, NewscardError, NoReply, UsageError
from agent.settings import Settings
from agent.sources.records import article_of
from agent.symbols import load_symbols

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

AT_ONCE = 1_000
"""Articles that one worker may have in hand; its pacer decides how many it asks about."""
FIRST_LIMIT = 8
"""What a worker is given before it has told how many it can take."""
_NOTHING_LEFT_USD = 1e-9
_ATTEMPTS = 3
"""Workers that an article is given to, one after the other, as they die."""
CPUS = 0.5
"""Of a core, for one worker: most of its time is the endpoint's."""
_LOOK_S = 0.5
COLUMNS = ("id", "title", "text", "url", "source", "published_at")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker made of an article: a draft and its card's JSON, or an error by class, words and usage.

    `limit` is how many articles the worker can take now.
    """

    limit: int
    drafted: Drafted | None = None
    card: str | None = None
    error: tuple[str, str, Usage | None] | None = None

    @property
    def usage(self) -> Usage:
        """What it took."""
        found = self.drafted.usage if self.drafted is not None else self.error and self.error[2]
        return found or Usage()


class Worker:
    """One worker's Enricher. Ray makes an actor of it, and calls its methods in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._enricher = Enricher.from_settings(settings)

    async def enrich(self, article: Article) -> Outcome:
        """The article's draft and card. An error comes back as a value: it has to cross between processes."""
        started = time.perf_counter()
        try:
            drafted = await self._enricher.draft(article)
            card = self._enricher.card(article, drafted, cached=False, started=started)
        except NewscardError as exc:
            words = exc.problem if isinstance(exc, ArticleError) else str(exc)
            usage = getattr(exc, "usage", None)
            return Outcome(self._enricher.limit, error=(type(exc).__name__, words, usage))
        return Outcome(self._enricher.limit, drafted, card.to_json())

    async def count(self, usage: Usage) -> None:
        """Take into the budget what a worker took that was here before."""
        self._enricher.count(None, usage)

    async def halt(self, why: str) -> None:
        """Send no further request."""
        self._enricher.halt(why)

    async def pid(self) -> int:
        """The process's number."""
        import os

        return os.getpid()

    async def close(self) -> None:
        """Close connections and cache."""
        await self._enricher.aclose()


@dataclass
class _Hand:
    """A worker as the driver sees it."""

    actor: Any
    limit: int = FIRST_LIMIT
    busy: int = 0
    is_up: bool = True
    spent: Usage = Usage()  # noqa: RUF009  a frozen value
    """What it took since the beginning, however often it was started again."""


class RayEnricher(Enricher):
    """An Enricher whose drafts and cards are made by workers. For one event loop, with Ray started or a cluster to be found.

    A worker that dies is started again, and the articles that it had go to others: they may be asked about, and paid for, twice.
    """

    def __init__(self, settings: Settings, workers: int, *, address: str | None = None) -> None:
        """`workers` > 0. `address`: a cluster's; without one Ray is started here. Raises UsageError as `Enricher` does, or without Ray."""
        require_ray()
        link = make_link(settings)
        symbols = load_symbols(settings.symbols)
        engine = make_engine(settings, symbols, link)
        super().__init__(engine, settings, symbols=symbols, drafts=make_drafts(settings, link) if engine.name == "llm" else None)
        self._left = settings
        self._count = workers
        self._address = address
        self._hands: list[_Hand] = []
        self._waking: set[asyncio.Task[None]] = set()
        self._cards: dict[int, tuple[Drafted, str]] = {}

    @property
    def limit(self) -> int:
        """Articles that all workers together can take."""
        return sum(hand.limit for hand in self._hands if hand.is_up) or self._count * FIRST_LIMIT

    async def draft(self, article: Article) -> Drafted:
        """A draft from a worker. Raises what `Enricher.draft` raises, and NoReply when worker after worker dies over it."""
        from ray.exceptions import RayActorError

        for _ in range(_ATTEMPTS):
            hand = await self._free()
            hand.busy += 1
            try:
                outcome: Outcome = await hand.actor.enrich.remote(article)
            except RayActorError:
                if hand.is_up:
                    hand.is_up = False
                    self._waking.add(asyncio.create_task(self._wake(hand)))
                continue
            finally:
                hand.busy -= 1
            hand.limit = max(outcome.limit, 1)
            hand.spent += outcome.usage
            return self._taken(article, outcome)
        raise NoReply(article.id, f"{_ATTEMPTS} workers died while they had it; see Ray's logs")

    async def _free(self) -> _Hand:
        """The worker that has most room."""
        while not (up := [hand for hand in self._hands if hand.is_up]):  # noqa: ASYNC110  Ray has no event to set for this loop
            await asyncio.sleep(_LOOK_S)
        return min(up, key=lambda hand: hand.busy / hand.limit)

    async def _wake(self, hand: _Hand) -> None:
        """Wait until Ray has started a worker again; its part of the budget isn't there a second time."""
        from ray.exceptions import RayActorError

        while not hand.is_up:
            try:
                await hand.actor.count.remote(hand.spent)
            except RayActorError:
                await asyncio.sleep(_LOOK_S)
            else:
                hand.limit, hand.is_up = FIRST_LIMIT, True

    def count(self, usd: float | None, usage: Usage) -> None:
        """What was spent before is no part of what the workers share."""
        left = self._left
        parts: dict[str, Any] = {}
        if left.budget is None and left.max_cost_usd is not None:
            parts["max_cost_usd"] = max(left.max_cost_usd - (self.cost(usage) or 0.0 if usd is None else usd), _NOTHING_LEFT_USD)
        if left.budget is None and left.max_tokens is not None:
            parts["max_tokens"] = max(left.max_tokens - usage.input_tokens - usage.output_tokens, 1)
        self._left = left.model_copy(update=parts)

    def card(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Card:
        """The card that came with the draft; where the cache had the draft, one that is made here."""
        kept = self._cards.pop(id(drafted), None)
        if kept is None or kept[0] is not drafted:
            return super().card(article, drafted, cached=cached, started=started)
        return Card.model_validate_json(kept[1])

    def halt(self, why: str) -> None:
        """No worker sends a further request."""
        for hand in self._hands:
            hand.actor.halt.remote(why)

    async def pids(self) -> list[int]:
        """The workers' processes."""
        return list(await asyncio.gather(*(hand.actor.pid.remote() for hand in self._hands)))

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await asyncio.to_thread(start, self._address)
        check_room(self._count)
        chosen = share(self._left, self._count)
        self._hands = [_Hand(_actor(chosen)) for _ in range(self._count)]
        await self.pids()
        return self

    async def aclose(self) -> None:
        """End the workers, and close what is open here."""
        import ray

        for task in self._waking:
            task.cancel()
        hands, self._hands = self._hands, []
        for hand in hands:
            ray.kill(hand.actor)
        await super().aclose()

    def _taken(self, article: Article, outcome: Outcome) -> Drafted:
        if outcome.error is not None:
            raise error_of(article, *outcome.error)
        assert outcome.drafted is not None
        assert outcome.card is not None
        self._cards[id(outcome.drafted)] = (outcome.drafted, outcome.card)
        return outcome.drafted


def enrich_dataset(ds: Dataset, settings: Settings | None = None, *, workers: int = 2, batch_size: int = 256) -> Dataset:
    """The cards of a Dataset's articles: rows of `id`, `status`, `card` (JSON, null without one), `error`, `problem`, `cost_usd`.

    `ds` has a column `text`, and may have `id`, `title`, `url`, `source` and `published_at`. An `id` that isn't there is made of the
    content; a row that is no article has status `failed`. Drafts are kept in the cache (`NEWSCARD_CACHE_URL` for many machines): the same
    Dataset again pays for nothing that it has.
    """
    require_ray()
    from ray.data import ActorPoolStrategy

    chosen = share(settings or Settings.from_env(), workers)
    return ds.map_batches(
        _Enriching,
        fn_constructor_args=(chosen,),
        compute=ActorPoolStrategy(size=workers),
        batch_size=batch_size,
        batch_format="pyarrow",
        num_cpus=CPUS,
    )


@dataclass
class _Enriching:
    """A worker of a Dataset: a batch in, its rows out, all articles of a batch in flight at once as far as the pacer lets them."""

    settings: Settings
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _enricher: Enricher = field(init=False)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._enricher = Enricher.from_settings(self.settings)
        self._loop.run_until_complete(self._enricher.__aenter__())

    def __call__(self, batch: pa.Table) -> pa.Table:
        import pyarrow as pa

        rows = self._loop.run_until_complete(self._all(batch.to_pylist()))
        schema = pa.schema([(name, pa.string()) for name in ("id", "status", "card", "error", "problem")] + [("cost_usd", pa.float64())])
        return pa.Table.from_pylist(rows, schema=schema)

    async def _all(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        found = await asyncio.gather(*(self._one(row) for row in rows), return_exceptions=True)
        for one in found:  # raised only now, when all that was asked for has come, and is in the cache
            if isinstance(one, BaseException):
                raise one
        return [one for one in found if isinstance(one, dict)]

    async def _one(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: value for name in COLUMNS if (value := row.get(name)) == value}  # NaN is pandas' empty cell
        name = str(values.get("id") or "")
        article = article_of(values, name or "a row")
        if not isinstance(article, Article):
            return {"id": name or None, "status": "failed", "error": type(article).__name__, "problem": article.problem, "cost_usd": 0.0}
        try:
            card = await self._enricher.enrich(article)
        except ArticleError as exc:
            cost = self._enricher.cost(exc.usage or Usage())
            return {"id": article.id, "status": "failed", "error": type(exc).__name__, "problem": exc.problem, "cost_usd": cost}
        return {"id": card.id, "status": card.status, "card": card.to_json(), "cost_usd": card.provenance.cost_usd}


def share(settings: Settings, workers: int) -> Settings:
    """One worker's part of the limits that are for all: requests, tokens and dollars. Concurrency is each worker's own."""
    parts: dict[str, Any] = {"workers": workers}
    if settings.budget is None:
        parts["max_cost_usd"] = None if settings.max_cost_usd is None else settings.max_cost_usd / workers
        parts["max_tokens"] = None if settings.max_tokens is None else max(settings.max_tokens // workers, 1)
    if settings.cache_url is None:
        parts["rpm"] = None if settings.rpm is None else max(settings.rpm // workers, 1)
        parts["tpm"] = None if settings.tpm is None else max(settings.tpm // workers, 1)
    return settings.model_copy(update=parts)


def error_of(article: Article, name: str, words: str, usage: Usage | None) -> NewscardError:
    """The error that a worker met."""
    found = getattr(agent.errors, name, None)
    if not (isinstance(found, type) and issubclass(found, NewscardError)):
        found = NoReply
    if issubclass(found, ArticleError):
        return found(article.id, words, usage=usage)
    return found(words)


def require_ray() -> None:
    """Raise UsageError where Ray isn't installed."""
    if find_spec("ray") is None:
        raise UsageError("Ray isn't installed; pip install 'newscard[ray]'")


def start(address: str | None) -> None:
    """Start Ray here, or join the cluster at `address`; one that is running in this process already is used."""
    import ray

    if not ray.is_initialized():
        more: dict[str, Any] = {"address": address} if address else {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **more)


def check_room(workers: int) -> None:
    """Raise UsageError when the cluster has no room for so many workers: they would be waited for in vain."""
    import ray

    cores: float = ray.cluster_resources().get("CPU", 0.0)  # type: ignore[no-untyped-call]  # Ray's has no types
    if workers * CPUS > cores:
        raise UsageError(f"Ray has {cores:g} cores, room for {int(cores / CPUS)} workers; ask for no more with --ray-workers")


def _actor(settings: Settings) -> Any:
    import ray

    worker: Any = ray.remote(Worker)
    return worker.options(max_restarts=-1, max_task_retries=0, max_concurrency=AT_ONCE, num_cpus=CPUS).remote(settings)

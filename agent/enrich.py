"""Enricher: one article in, one card out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.article import Article
from agent.cache import DiskDrafts, DraftKeys, Drafts, Entry, Explanation, SharedDrafts, SingleFlight, explain
from agent.card import Card, Finding, Usage
from agent.draft import Draft
from agent.engines import Drafted, Engine
from agent.engines.aloud import Aloud, Hear
from agent.errors import UsageError
from agent.link import Link
from agent.making import CardMaker, too_little
from agent.settings import Settings
from agent.symbols import SymbolTable, load_symbols

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from agent.pacing import Budget, Pacer

AT_ONCE = 8
"""Articles worth having in flight where neither a pacer nor a setting says so."""


class Enricher:
    """Article -> prompt -> engine -> draft -> grounding -> card; with a cache of drafts before the engine.

    `enrich` is the whole way. A batch goes it in steps: `find` many drafts at once, `draft` what wasn't found, `card` of either.

    Use it as `async with`, which keeps connections open between articles; without it, they are closed when the last call in flight ends.
    One Enricher belongs to one event loop at a time.
    """

    def __init__(self, engine: Engine, settings: Settings, *, symbols: SymbolTable | None = None, drafts: Drafts | None = None) -> None:
        self._engine = engine
        self._settings = settings
        self._symbols = symbols or load_symbols(settings.symbols)
        self._drafts = drafts
        self._maker = CardMaker(settings, self._symbols, engine)
        self._flights: SingleFlight[tuple[Drafted, bool]] = SingleFlight()
        self._entered = False
        self._in_flight = 0
        self._aside: Executor | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> Self:
        """Make one from `settings`, or from the environment. Nothing is connected or opened before the first article.

        Raises UsageError when a setting is missing or can't be used.
        """
        settings = settings or Settings.from_env()
        symbols = load_symbols(settings.symbols)
        link = make_link(settings)
        engine = make_engine(settings, symbols, link)
        # What costs nothing needs no cache: an extractive draft is made faster than it is looked up safely.
        drafts = make_drafts(settings, link) if engine.name == "llm" else None
        return cls(engine, settings, symbols=symbols, drafts=drafts)

    @property
    def engine_name(self) -> str:
        """`llm` or `extractive`."""
        return self._engine.name

    @property
    def pacer(self) -> Pacer | None:
        """What holds the engine's requests back; its `limit` is how many articles it is worth having in hand. None without one."""
        return getattr(self._engine, "pacer", None)

    @property
    def cache_problem(self) -> str | None:
        """Why the cache isn't in use, in one line; None while it is, or when there is none."""
        return self._drafts.problem if self._drafts else None

    @property
    def limit(self) -> int:
        """Articles worth having in flight now: what the engine's pacer has found out, or the setting."""
        return self.pacer.limit if self.pacer is not None else (self._settings.concurrency or AT_ONCE)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        """Everything but the article that decides what a card says: the engine's ingredients, the symbol table, the card's schema."""
        return fingerprint(self._engine, self._symbols, self._settings)

    async def enrich(self, article: Article, *, repeat: int = 0, fresh: bool = False, hear: Hear | None = None) -> Card:
        """The card of `article`. `repeat` > 0 asks for an independent draft of the same article, for measuring an engine's spread.

        `fresh` passes over a draft that is kept, and keeps the new one in its place. `hear` is told the draft's fields while it is written.

        Raises ArticleError when this article gets no card, EndpointError when none can, BudgetExceeded before a call that the budget
        doesn't allow.
        """
        started = time.perf_counter()
        if too_little(article):
            return self._maker.card(article, None, cached=False, started=started)
        self._in_flight += 1
        try:
            drafted, cached = await self._drafted(article, repeat, hear, fresh=fresh)
        finally:
            self._in_flight -= 1
            if not self._entered and not self._in_flight:
                await self.aclose()
        await self.look_aside(article, drafted)
        return self._maker.card(article, drafted, cached=cached, started=started)

    async def find(self, articles: Sequence[Article]) -> list[Drafted | None]:
        """The drafts of `articles` that the cache holds, with one look into it; None for the others."""
        if self._drafts is None or not articles:
            return [None] * len(articles)
        return await self._drafts.get_many([self._keys.key(article) for article in articles])

    async def draft(self, article: Article) -> Drafted:
        """A draft from the engine, kept in the cache, which isn't looked into before. Raises what `enrich` raises.

        One that another machine was asking for at the same time is taken over, and took nothing here.
        """
        drafted, elsewhere = await self._ask(article, self._keys.key(article))
        return drafted.model_copy(update={"usage": Usage()}) if elsewhere else drafted

    async def keep(self, article: Article, drafted: Drafted) -> None:
        """Keep a draft that was made for another article as this one's, so that a later run finds it."""
        if self._drafts is not None:
            await self._drafts.put(self._keys.key(article), self._entry(drafted))

    def card(self, article: Article, drafted: Drafted | None, *, cached: bool, started: float) -> Card:
        """The card of `article` by its draft, None where `too_little` says that none is needed; `started` is a `time.perf_counter`."""
        return self._maker.card(article, drafted, cached=cached, started=started)

    def faults(self, article: Article, drafted: Drafted) -> int:
        """How many claims of the draft `article` doesn't carry; a draft that abstains claims nothing."""
        return 0 if drafted.draft.abstain_because is not None else len(self._maker.faults(article, drafted.draft))

    def look(self, found: Sequence[tuple[Article, Drafted]]) -> None:
        """Ground drafts one after the other; their cards then take next to nothing."""
        self._maker.look([(article, drafted.draft) for article, drafted in found if drafted.draft.abstain_because is None])

    def cost(self, usage: Usage, share: float | None = None) -> float | None:
        """US dollars for `usage` of the model asked for, at a share of the list price (None: the engine's); None without a known price."""
        return self._maker.cost(usage, share=getattr(self._engine, "price_share", 1.0) if share is None else share)

    @property
    def pays_now(self) -> bool:
        """Whether `draft` pays for what it asks; otherwise somebody else has, and has written it down."""
        return getattr(self._engine, "pays_now", True)

    def expects(self, article: Article) -> Usage:
        """What a draft of `article` will take, by rules of thumb; nothing where drafts are free."""
        expects: Callable[[Article], Usage] | None = getattr(self._engine, "expects", None)
        return Usage() if expects is None else expects(article)

    def count(self, usd: float | None, usage: Usage) -> None:
        """Take what was spent before into the budget, if there is one."""
        budget: Budget | None = getattr(self._engine, "budget", None)
        if budget is not None:
            budget.count(usd, usage)

    def halt(self, why: str) -> None:
        """Send no further request; what is on its way still comes back, and is kept."""
        if (brake := getattr(self._engine, "halt", None)) is not None:
            brake.pull(why)

    def explain(self, article: Article, *, repeat: int = 0) -> Explanation:
        """Whether the cache holds this article's draft and, if not, which ingredient differs from what it holds."""
        settings = self._settings
        return explain(cache_folder(settings), article, self._engine.ingredients, tenant=settings.tenant, repeat=repeat)

    async def aclose(self) -> None:
        """Close connections and the cache. The next `enrich` opens them again."""
        await self._engine.aclose()
        if self._drafts:
            await self._drafts.aclose()

    def keep_open(self) -> Self:
        """Keep connections open between articles until `aclose`, as `async with` does."""
        self._entered = True
        return self

    async def __aenter__(self) -> Self:
        return self.keep_open()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._entered = False
        await self.aclose()

    def work_aside(self, threads: Executor) -> None:
        """From now on draft and check there, so that the event loop goes on meanwhile: for a service, which others wait for."""
        self._aside = threads
        if (work_aside := getattr(self._engine, "work_aside", None)) is not None:
            work_aside(threads)

    async def look_aside(self, article: Article, drafted: Drafted) -> None:
        """Ground a draft there, if there is such a place; its card then takes next to nothing."""
        if self._aside is not None:
            await asyncio.get_running_loop().run_in_executor(self._aside, self.faults, article, drafted)

    async def _drafted(self, article: Article, repeat: int, hear: Hear | None, *, fresh: bool) -> tuple[Drafted, bool]:
        """The draft, and whether it was there already or another call in this process is paying for it."""
        if self._drafts is None:
            return await self._ask(article, "", hear)
        key = self._keys.key(article, repeat)
        entry = None if fresh else await self._drafts.get(key)
        if entry:
            drafted, cached = entry.drafted, True
        else:
            (drafted, elsewhere), shared = await self._flights.run(key, lambda: self._ask(article, key, hear, fresh=fresh))
            cached = shared or elsewhere
        if cached and hear is not None:
            Aloud(hear).draft(drafted.draft)
        return drafted, cached

    async def _ask(self, article: Article, key: str, hear: Hear | None = None, *, fresh: bool = False) -> tuple[Drafted, bool]:
        """A draft from the engine, and whether another machine has paid for it meanwhile."""
        if self._drafts is None:
            return await self._drafted_by_engine(article, hear), False
        if fresh:
            drafted = await self._drafted_by_engine(article, hear)
            await self._drafts.put(key, self._entry(drafted))
            return drafted, False
        async with self._drafts.lead(key) as lead:
            if lead.found is not None:
                return lead.found.drafted, True
            drafted = await self._drafted_by_engine(article, hear)
            await lead.put(self._entry(drafted))
            return drafted, False

    async def _drafted_by_engine(self, article: Article, hear: Hear | None) -> Drafted:
        def find_faults(draft: Draft) -> Sequence[Finding]:
            return self._maker.faults(article, draft)

        draft_aloud = getattr(self._engine, "draft_aloud", None)
        if hear is not None and draft_aloud is not None:
            told: Drafted = await draft_aloud(article, find_faults, hear)
            return told
        drafted = await self._engine.draft(article, find_faults)
        if hear is not None:
            Aloud(hear).draft(drafted.draft)
        return drafted

    def _entry(self, drafted: Drafted) -> Entry:
        return Entry(ingredients=dict(self._engine.ingredients), created_at=datetime.now(UTC), drafted=drafted)

    @cached_property
    def _keys(self) -> DraftKeys:
        return DraftKeys(self._engine.ingredients, self._settings.tenant)


def fingerprint(engine: Engine, symbols: SymbolTable, settings: Settings) -> Mapping[str, str]:
    """What two cards have in common when the same articles give the same claims: name -> value or digest."""
    import hashlib
    import json

    from agent.card import card_schema

    shape = card_schema()
    # A mark of how tokens were counted decides nothing that a card says: runs that began before there was one go on.
    del shape["$defs"]["Usage"]["properties"]["estimated"]
    schema = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:12]
    whole = {"engine": engine.name, **engine.ingredients, "symbols": symbols.version, "card schema": schema}
    return {**whole, "tenant": settings.tenant} if settings.tenant else whole


def enrich_sync(article: Article, settings: Settings | None = None) -> Card:
    """The synchronous twin of `Enricher.enrich`, for scripts and for notebooks, whose own event loop it leaves alone."""

    async def once() -> Card:
        async with Enricher.from_settings(settings) as enricher:
            return await enricher.enrich(article)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(once())
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, once()).result()


def cache_folder(settings: Settings) -> Path:
    """Where drafts are kept."""
    if settings.cache_dir is not None:
        return settings.cache_dir
    from platformdirs import user_cache_path

    return user_cache_path("newscard") / "drafts"


def make_link(settings: Settings) -> Link | None:
    """The Redis server that the settings name, or None. Raises UsageError when it can't be one."""
    return None if settings.cache_url is None else Link(settings.cache_url.get_secret_value())


def make_drafts(settings: Settings, link: Link | None) -> Drafts | None:
    """The cache of drafts that the settings ask for: in Redis, on disk, or none."""
    if not settings.cache:
        return None
    return DiskDrafts(cache_folder(settings)) if link is None else SharedDrafts(link)


def make_engine(settings: Settings, symbols: SymbolTable, link: Link | None = None, *, budget: Budget | None = None) -> Engine:
    """The engine that the settings ask for. Raises UsageError when one of them is missing or can't be used.

    `budget`: what its requests must pass instead of the budget that the settings ask for.
    """
    if settings.choose_engine()[0] == "extractive":
        from agent.engines.extractive import ExtractiveEngine

        return ExtractiveEngine(symbols)
    from agent.engines.llm import LLMEngine
    from agent.pacing import Budget, Pacer
    from agent.prompts import load_prompts

    prompts = load_prompts(settings.prompt)
    if settings.budget is not None and link is None:
        raise UsageError("NEWSCARD_BUDGET: a budget by name is kept in Redis; set NEWSCARD_CACHE_URL")
    chosen = budget or Budget.from_settings(settings)
    if link is None:
        return LLMEngine(settings, prompts, budget=chosen)
    from agent.pacing.shared import SharedBudget, SharedRates

    if budget is None and chosen is not None and settings.budget is not None:
        chosen = SharedBudget(settings, link, settings.budget)
    pacer = Pacer.from_settings(settings)
    pacer.others = SharedRates(pacer, link, f"{settings.endpoint}/{settings.model}", settings.workers)
    return LLMEngine(settings, prompts, budget=chosen, pacer=pacer)

"""The engine that needs no network and no key: it picks the article's own sentences, and weighs their words to judge them.

It is a baseline, and says so: `engine: extractive` on every card. docs/extractive.md tells what it can't do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from agent.article import Article
from agent.engines import Drafted, FindFaults

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from agent.engines.aloud import Hear
    from agent.symbols import SymbolTable

RULES_VERSION = "3"
"""Raised whenever the rules in this package change what it drafts; lexicons and weights have their own digests."""
LONG_CHARS = 50_000
"""From here on an article is drafted in a thread, so that the event loop goes on."""


class ExtractiveEngine:
    """Made with the table of listed securities. Lexicons and weights are read at the first article."""

    def __init__(self, symbols: SymbolTable) -> None:
        self._symbols = symbols
        self._aside: Executor | None = None

    @property
    def name(self) -> Literal["llm", "extractive"]:
        """What provenance calls it."""
        return "extractive"

    @property
    def ingredients(self) -> Mapping[str, str]:
        """Rules, lexicons, weights, taxonomy and symbol table: everything but the article that changes the draft."""
        from agent.engines.extractive.lexicons import lexicons_digest
        from agent.engines.extractive.weights import weights_digest
        from agent.taxonomy import load_taxonomy

        return {
            "engine": self.name,
            "rules": RULES_VERSION,
            "lexicons": lexicons_digest(),
            "weights": weights_digest(),
            "taxonomy": load_taxonomy().digest,
            "symbols": self._symbols.version,
        }

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:
        """Draft the article. Faults aren't asked for: the same rules would only draft the same again."""
        del find_faults
        from agent.engines.extractive.drafting import draft_article

        if len(article.text) < LONG_CHARS and self._aside is None:
            return Drafted(draft=draft_article(article, self._symbols))
        import asyncio

        drafting = asyncio.get_running_loop().run_in_executor(self._aside, draft_article, article, self._symbols)
        return Drafted(draft=await drafting)

    def work_aside(self, threads: Executor) -> None:
        """From now on draft there, whatever the length."""
        self._aside = threads

    async def draft_aloud(self, article: Article, find_faults: FindFaults, hear: Hear) -> Drafted:
        """As `draft`; the fields are told when all are there, since rules take no time to speak of."""
        from agent.engines.aloud import Aloud

        drafted = await self.draft(article, find_faults)
        Aloud(hear).draft(drafted.draft)
        return drafted

    async def aclose(self) -> None:
        """Nothing to close."""

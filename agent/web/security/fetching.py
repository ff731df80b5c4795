"""Articles from addresses that callers give: off unless NEWSCARD_FETCH is set, and stricter than for the user of a command line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agent.errors import SourceError
from agent.settings import Settings
from agent.sources.fetching import NotPublic, Rules, fetch, shown
from agent.sources.web import fetched_article
from agent.web.problems import Problem

if TYPE_CHECKING:
    from agent.article import Article

RULES = Rules(schemes=("https",), ports=(443,), types=("text/html", "text/plain"), max_redirects=3, timeout_s=10.0)
"""5 MB, 10 seconds for everything, public addresses only."""


async def article_at(address: str, settings: Settings) -> Article:
    """The article at `address`; its id is the address. Raises Problem: fetching_is_off, address_refused."""
    if not settings.fetch:
        raise Problem("fetching_is_off", "this service reads no addresses (NEWSCARD_FETCH is not set); send the article's text")
    try:
        found = await fetch(address, RULES)
        # Reading a page is work for a processor, and may be much of it.
        return await asyncio.to_thread(fetched_article, found, shown(address))
    except NotPublic:
        # Which private names there are, and what they stand for, isn't for callers to find out.
        raise Problem("address_refused", "its host isn't known in the public internet") from None
    except SourceError as exc:
        raise Problem("address_refused", exc.problem) from None

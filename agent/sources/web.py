"""Articles from http(s) addresses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

from agent.article import Article
from agent.errors import SourceError
from agent.sources.decoding import decode_page
from agent.sources.fetching import Fetched, Rules, fetch, shown
from agent.sources.page import page_article
from agent.sources.plain import text_article
from agent.sources.records import Placed, read_json

RULES = Rules()


def read_address(address: str, *, allow_private: bool = False) -> Iterator[Placed]:
    """The article at `address` (or the articles, when it serves JSON). Raises SourceError when it can't be read as one.

    Unless `allow_private`, every host on the way must have public addresses: this machine and its network are not for others to read.
    """
    name = shown(address)
    found = _fetched(address, replace(RULES, private=allow_private))
    if found.media_type == "application/json":
        yield from read_json(found.data, name, name)
    else:
        yield Placed(name, fetched_article(found, name))


def fetched_article(found: Fetched, name: str) -> Article:
    """The article of a page or a text. Raises SourceError when there is none in it."""
    text = decode_page(found.data, name, found.charset)
    if found.media_type == "text/plain":
        return text_article(text, name, name).model_copy(update={"url": found.address})
    return page_article(text, name, address=found.address, article_id=name)


def _fetched(address: str, rules: Rules) -> Fetched:
    """`fetch` for a caller without an event loop of its own to wait in: in a thread that is left behind when time is up.

    A name server has no time limit of its own, and a thread can't be stopped.
    """
    outcome: Future[Fetched] = Future()

    def run() -> None:
        try:
            outcome.set_result(asyncio.run(fetch(address, rules)))
        except SourceError as exc:
            outcome.set_exception(exc)
        finally:
            outcome.cancel()  # only where neither was set: nobody shall wait for a thread that has failed

    threading.Thread(target=run, name="newscard-fetch", daemon=True).start()
    try:
        return outcome.result(rules.timeout_s + 0.1)  # where `fetch` itself can say so, it does
    except TimeoutError:
        raise SourceError(shown(address), f"it wasn't read within {rules.timeout_s:g} seconds") from None

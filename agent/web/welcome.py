"""What an empty list shows: the card of the project's example article, so that there is something to see."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from agent.article import Article
from agent.enrich import Enricher
from agent.web.callers import LOCAL

if TYPE_CHECKING:
    from agent.web.state import Service


def example() -> Article:
    """The article of examples/article.json."""
    return Article.model_validate_json(files("agent.web").joinpath("example.json").read_bytes())


async def welcome(service: Service) -> None:
    """Put the example's card into an empty list. It is an extractive one: nobody has asked for a call."""
    if not await service.threads.read(lambda: service.store.is_empty):
        return
    article = example()
    settings = service.settings.model_copy(update={"engine": "extractive", "cache": False})
    async with Enricher.from_settings(settings) as enricher:
        card = await enricher.enrich(article)
    await service.threads.write(service.store.add, LOCAL.tenant, card, article)

"""newscard: a financial news article in, a card out whose every claim is checked against the article.

    from agent import Article, Enricher
    card = await Enricher.from_settings().enrich(Article(title="...", text="..."))

In a notebook or a script without an event loop: `enrich_sync(article)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.article import Article
    from agent.card import Card
    from agent.enrich import Enricher, enrich_sync
    from agent.errors import NewscardError
    from agent.settings import Settings

__version__ = "0.1.0"
__all__ = ["Article", "Card", "Enricher", "NewscardError", "Settings", "enrich_sync"]

_HOMES = {
    "Article": "agent.article",
    "Card": "agent.card",
    "Enricher": "agent.enrich",
    "NewscardError": "agent.errors",
    "Settings": "agent.settings",
    "enrich_sync": "agent.enrich",
}


def __getattr__(name: str) -> object:
    """Import a name's module when it is first used, so that `newscard --help` needn't load them all."""
    if name not in _HOMES:
        raise AttributeError(f"module 'agent' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)

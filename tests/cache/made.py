"""Entries and folders for the tests of the cache."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from agent import Article
from agent.cache import DiskDrafts, Entry, draft_key
from agent.engines import Drafted

ARTICLE = Article(id="a-1", title="Acme raises its forecast", text="Acme raised its forecast on Monday. Shares rose 4%.")
INGREDIENTS = {"engine": "llm", "model": "m-1", "prompt": "card.v1@aa", "endpoint": "api.example.com"}


def an_entry(ingredients: dict[str, str] | None = None, model: str | None = "m-1-2025") -> Entry:
    """A small valid entry."""
    rating = {"reason": "as said", "level": 1}
    draft: dict[str, object] = {
        "entities": [],
        "topics": [],
        "impact": dict.fromkeys(("materiality", "breadth", "surprise", "immediacy", "certainty"), rating),
        "overall": {"reason": "Shares rose.", "label": "positive"},
        "abstain_because": None,
        "summary": "Acme raised its forecast.",
        "analysis": "Acme raised its forecast.",
    }
    drafted = Drafted.model_validate({"draft": draft, "model": model})
    return Entry(
        ingredients=INGREDIENTS if ingredients is None else ingredients, created_at=datetime(2025, 6, 18, 21, tzinfo=UTC), drafted=drafted
    )


async def put(folder: Path, article: Article = ARTICLE, *, tenant: str = "", repeat: int = 0, **changes: str) -> str:
    """Put an entry for `article` into the cache in `folder`, as a run does; its key."""
    ingredients = INGREDIENTS | changes
    key = draft_key(article, ingredients, tenant=tenant, repeat=repeat)
    drafts = DiskDrafts(folder)
    assert await drafts.put(key, an_entry(ingredients, model=ingredients["model"]))
    await drafts.aclose()
    return key


def keep(folder: Path, article: Article = ARTICLE, *, tenant: str = "", repeat: int = 0, **changes: str) -> str:
    """The same, where there is no event loop."""
    return asyncio.run(put(folder, article, tenant=tenant, repeat=repeat, **changes))


def run_sql(folder: Path, statement: str, *values: object) -> None:
    """Do to the cache's file what somebody else might."""
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute(statement, values)

"""The real symbol table and the packaged example, read once; drafts by text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.article import Article
from agent.draft import Draft, DraftEntity
from agent.engines.extractive.drafting import draft_article
from agent.engines.extractive.reading import Reading
from agent.symbols import SymbolTable, load_symbols

Drafter = Callable[..., Draft]
"""text, title -> draft"""

EXAMPLE = Path(__file__).parents[3] / "examples" / "article.json"


@pytest.fixture(scope="session")
def table() -> SymbolTable:
    """The packaged table of listed securities."""
    return load_symbols()


@pytest.fixture(scope="session")
def seed() -> Article:
    """The article that `make demo` shows."""
    return Article.model_validate_json(EXAMPLE.read_bytes())


@pytest.fixture(scope="session")
def seed_draft(seed: Article, table: SymbolTable) -> Draft:
    """Its draft."""
    return draft_article(seed, table)


@pytest.fixture(scope="session")
def draft(table: SymbolTable) -> Drafter:
    """text, title -> draft."""
    return lambda text, title="": draft_article(Article(title=title, text=text), table)


def reading(text: str, title: str = "") -> Reading:
    """`text` as the engine reads it."""
    return Reading(Article(title=title, text=text))


def by_name(draft: Draft) -> dict[str, DraftEntity]:
    """The entities of a draft."""
    return {entity.name: entity for entity in draft.entities}

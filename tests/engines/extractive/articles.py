"""The articles of articles.yaml, read once, with what their cards must say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from agent.article import Article

BAD = frozenset({"negative", "strongly negative"})
GOOD = frozenset({"positive", "strongly positive"})
FLAT = frozenset({"neutral"})
MOODS = {
    "bad": BAD,
    "good": GOOD,
    "flat": FLAT,
    "any": BAD | GOOD | FLAT,
    "bad or flat": BAD | FLAT,
    "good or flat": GOOD | FLAT,
    "strongly negative": frozenset({"strongly negative"}),
}


@dataclass(frozen=True)
class Sample:
    """One article and what its card must say."""

    name: str
    article: Article
    overall: frozenset[str]
    topics: tuple[str, ...]
    labels: dict[str, frozenset[str]]
    kinds: dict[str, str]


def samples() -> list[Sample]:
    """All articles that get a card."""
    return [
        Sample(
            name=row["name"],
            article=Article(title=row["title"], text=row["text"]),
            overall=MOODS[row["overall"]],
            topics=tuple(row["topics"]),
            labels={name: MOODS[mood] for name, mood in row.get("labels", {}).items()},
            kinds=row.get("kinds", {}),
        )
        for row in _read()["samples"]
    ]


def unfit(name: str) -> Article:
    """An article that gets none: recipe, german, french, japanese, paywall or short."""
    return Article(**_read()["unfit"][name])


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("articles.yaml").read_text(encoding="utf-8"))
    return found

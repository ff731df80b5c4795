"""Recorded replies: what a model wrote for an article, kept so that a card can be made from it again without a network.

One JSON file an article: `label` (who replied: `bridge`, or a model's name), `prompt` and `prompt_digest` (what it was shown), `mode`,
`recorded_on`, `article` (the id) and `replies`, the texts in order: the first, and the one after the re-ask if there was one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.article import Article
from agent.card import Usage
from agent.draft import Draft
from agent.engines import Drafted, FindFaults
from agent.errors import ArticleError

FOLDER = Path(__file__).parent / "recordings"


class Recording(BaseModel):
    """The replies to one article under one prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    prompt: str
    prompt_digest: str
    mode: str
    recorded_on: str
    truncated: bool = False
    article: str
    replies: list[str]


def recordings(folder: Path = FOLDER) -> Iterator[Recording]:
    """All recordings under `folder`, by file name."""
    for path in sorted((folder / "replies").glob("*.json")):
        yield Recording.model_validate_json(path.read_bytes())


def recorded_articles(folder: Path = FOLDER) -> Iterator[Article]:
    """The articles they answer, by file name."""
    for path in sorted((folder / "articles").glob("*.json")):
        yield Article.model_validate(json.loads(path.read_bytes()))


class RecordedEngine:
    """An engine that replies what was recorded. Raises ArticleError for an article without a recording."""

    name: Literal["llm"] = "llm"

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _by_article(self) -> dict[str, Recording]:
        return {recording.article: recording for recording in recordings(self._folder)}

    @property
    def ingredients(self) -> Mapping[str, str]:
        """None of them is asked again, so a cache has nothing to tell apart."""
        return {"endpoint": "recorded"}

    async def draft(self, article: Article, find_faults: FindFaults) -> Drafted:  # noqa: ARG002  a recording can't be asked again
        """The last reply recorded for `article`."""
        recording = self._by_article.get(article.id)
        if recording is None:
            raise ArticleError(article.id, f"no reply was recorded for it in {self._folder.name}/replies")
        return Drafted(
            draft=Draft.model_validate_json(recording.replies[-1]),
            usage=Usage(requests=len(recording.replies)),
            model=recording.label,
            truncated=recording.truncated,
            reasked=len(recording.replies) > 1,
        )

    async def aclose(self) -> None:
        """Nothing is open."""

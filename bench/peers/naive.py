"""The loop that most would write: instructor in JSON_SCHEMA mode, a tenacity decorator, diskcache around it. Only a bench uses it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator

import diskcache
import instructor
from openai import AsyncOpenAI
from tenacity import retry, stop_after_attempt, wait_random_exponential

from agent.article import Article
from agent.draft import Draft
from agent.prompts import load_prompts


class Naive:
    """Drafts articles; `folder` holds the cache."""

    def __init__(self, base_url: str, folder: str) -> None:
        self._client = instructor.from_openai(AsyncOpenAI(base_url=base_url, api_key="sk-bench"), mode=instructor.Mode.JSON_SCHEMA)
        self._cache = diskcache.Cache(folder)
        self._prompts = load_prompts()
        self._system = self._prompts.system()

    async def draft(self, article: Article) -> Draft:
        """From the cache, or from the model."""
        user, _ = self._prompts.user(article, max_tokens=12_000)
        messages = [{"role": "system", "content": self._system}, {"role": "user", "content": user}]
        asked = {"model": "bench", "messages": messages, "temperature": 0, "schema": "Draft"}
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        if (found := self._cache.get(key)) is not None:
            return Draft.model_validate_json(found)
        draft = await self._ask(messages)
        self._cache.set(key, draft.model_dump_json())
        return draft

    @retry(stop=stop_after_attempt(5), wait=wait_random_exponential(max=30))
    async def _ask(self, messages: list[dict[str, str]]) -> Draft:
        return await self._client.create(
            model="bench",
            messages=messages,  # type: ignore[arg-type]  # plain messages are what it takes
            response_model=Draft,
            temperature=0,
        )


async def run(naive: Naive, articles: Iterator[Article], in_flight: int) -> None:
    """All of `articles`, so many at once."""

    async def worker() -> None:
        for article in articles:
            await naive.draft(article)

    await asyncio.gather(*(worker() for _ in range(in_flight)))

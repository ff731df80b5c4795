"""The word lists beside this file, read once a process when they are first needed."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

NAMES = ("impact", "known", "prose", "sentiment", "topic_events", "topics", "words")


@lru_cache(maxsize=len(NAMES))
def read_lexicon(name: str) -> dict[str, Any]:
    """The lexicon `name`.yaml as plain values. Callers must not change them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(_bytes(name), Loader=loader)  # noqa: S506  both are safe loaders
    return data


@lru_cache(maxsize=1)
def lexicons_digest() -> str:
    """sha256 (64 hex digits) over all lexicons: an ingredient of the cache's key."""
    digest = hashlib.sha256()
    for name in NAMES:
        digest.update(hashlib.sha256(_bytes(name)).digest())
    return digest.hexdigest()


def _bytes(name: str) -> bytes:
    return files("agent.engines.extractive").joinpath(f"{name}.yaml").read_bytes()

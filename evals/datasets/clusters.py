"""Which rows tell one story: rows with a key in common, directly or by way of others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def clusters(keys: Sequence[Iterable[str]]) -> list[str]:
    """The cluster of each row, named by the smallest of all its keys; every row needs a key.

    A key is what two rows of one story share: a story's number, the same text, an issuer's day.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    firsts = []
    for row in keys:
        own = tuple(row)
        firsts.append(own[0])
        for key in own:
            parent.setdefault(key, key)
            low, high = sorted((root(own[0]), root(key)))
            parent[high] = low
    return [root(first) for first in firsts]


def text_key(text: str) -> str:
    """A key for rows whose texts are the same but for case and spaces; it doesn't hold the text."""
    return "text " + hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:16]

"""Topics: the taxonomy's names, each once, at most six."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from agent.card import Finding
from agent.draft import MAX_TOPICS
from agent.taxonomy import Taxonomy

NOT_IN_TAXONOMY = "not a topic of the taxonomy"
TOO_MANY = f"more than {MAX_TOPICS} topics; the first ones count"


def ground_topics(drafted: Sequence[str], taxonomy: Taxonomy) -> tuple[tuple[str, ...], list[Finding]]:
    """The drafted topics that may be published, spelt as the taxonomy spells them and in the draft's order; and what was dropped.

    Case and white space don't matter, nor whether `and` is written `&`. A topic named twice is one topic, not a finding.
    """
    exact = _by_key(taxonomy.topic_names)
    kept: dict[str, None] = {}
    dropped: list[Finding] = []
    for index, drafted_name in enumerate(drafted):
        name = exact.get(_key(drafted_name))
        if name in kept:
            continue
        if name is not None and len(kept) < MAX_TOPICS:
            kept[name] = None
        else:
            dropped.append(Finding(where=f"topics[{index}]", claim=drafted_name, reason=NOT_IN_TAXONOMY if name is None else TOO_MANY))
    return tuple(kept), dropped


@lru_cache(maxsize=8)
def _by_key(names: tuple[str, ...]) -> dict[str, str]:
    return {_key(name): name for name in names}


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("&", " and ").split())

"""Articles and replies that the engine's tests share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.article import Article
from agent.card import Finding
from agent.draft import Draft
from agent.settings import Settings

EXAMPLE = Article.model_validate_json((Path(__file__).parents[2] / "examples" / "article.json").read_bytes())

_ENTITIES = [
    {
        "name": "OpenAI",
        "kind": "private company",
        "quotes": ["OpenAI is phasing out its work with Scale AI and will stop using the company as a data provider"],
        "relevance": "central",
        "reason": "It changes a supplier of its own accord and is looking for others.",
        "sentiment": "neutral",
    },
    {
        "name": "Scale AI",
        "kind": "private company",
        "quotes": ["The decision raises questions about Scale AI's core data labeling business"],
        "relevance": "central",
        "reason": "It loses a large customer and may lose more.",
        "sentiment": "strongly negative",
    },
    {
        "name": "Meta Platforms",
        "kind": "public company",
        "quotes": ["Meta Platforms agreed to put billions of dollars into the data-labeling startup"],
        "relevance": "involved",
        "reason": "The startup it put billions into is losing customers.",
        "sentiment": "negative",
    },
    {
        "name": "Google",
        "kind": "public company",
        "quotes": ["Google, a unit of Alphabet, was also discussing plans to drop Scale AI as a provider"],
        "relevance": "involved",
        "reason": "It weighs leaving a supplier.",
        "sentiment": "neutral",
    },
]
_SUMMARY = (
    "OpenAI is phasing out its work with Scale AI as a data provider, a spokesperson said on Wednesday, days after Meta Platforms"
    " agreed to put billions of dollars into the data-labeling startup. Google was also discussing plans to drop Scale AI, which "
    "raises questions about its core business."
)
_ANALYSIS = (
    "OpenAI is phasing out its work with Scale AI and will stop using the company as a data provider, a spokesperson said on "
    "Wednesday. The move reverses what Sarah Friar, OpenAI's chief financial officer, had signalled earlier, and comes days after"
    " Meta Platforms agreed to put billions of dollars into the startup and brought its chief executive, Alexandr Wang, on board."
    " According to the spokesperson the wind-down was already under way before that, and OpenAI has been looking for suppliers of"
    " more specialized data. The decision puts Scale AI's core data labeling business at risk: Google, a unit of Alphabet, was "
    "also discussing plans to drop it, and rivals said that AI model developers in search of neutral partners have come to them. "
    "Scale AI's general counsel sought to calm clients and said that Meta would get no preferential treatment, while Jason "
    "Droege, the interim chief executive, said that the company would double down on its applications business. The overall "
    "sentiment is negative because a supplier loses its largest customers: strongly negative for Scale AI and negative for Meta "
    "Platforms, but neutral for OpenAI and Google, which can choose other suppliers."
)


def draft_values(**changes: Any) -> dict[str, Any]:
    """A draft of EXAMPLE as plain values, but for `changes`."""
    values: dict[str, Any] = {
        "entities": _ENTITIES,
        "topics": ["Artificial Intelligence"],
        "impact": {
            name: {"reason": "As the article has it.", "level": level}
            for name, level in {"materiality": 2, "breadth": 2, "surprise": 2, "immediacy": 3, "certainty": 3}.items()
        },
        "overall": {"reason": "A supplier loses its largest customers.", "label": "negative"},
        "abstain_because": None,
        "summary": _SUMMARY,
        "analysis": _ANALYSIS,
    }
    return values | changes


DRAFT_REPLY = json.dumps(draft_values())
"""What a model that does its work well writes about EXAMPLE."""
NOT_A_DRAFT = json.dumps(draft_values(overall={"reason": "It says so.", "label": "very bad"}))


def no_faults(_draft: Draft) -> Sequence[Finding]:
    """Checks that find nothing."""
    return ()


def faults_where(**counts: int) -> Any:
    """Checks that find so many faults in a draft whose summary is one word, that word; none in others."""

    def find(draft: Draft) -> Sequence[Finding]:
        return [Finding(where=f"topics[{i}]", claim="Nonsense", reason="not in the taxonomy") for i in range(counts.get(draft.summary, 0))]

    return find


def summarised(word: str) -> str:
    """A reply whose summary is that word."""
    return json.dumps(draft_values(summary=word))


def a_settings(base_url: str, **changes: Any) -> Settings:
    """Settings for a loopback server."""
    return Settings(**({"model": "test-model", "base_url": base_url, "api_key": "sk-test-canary-0001"} | changes))


async def no_sleep(_seconds: float) -> None:
    """The wait between attempts, left out."""

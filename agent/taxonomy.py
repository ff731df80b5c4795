"""Topics, sentiment labels and the impact scale: the names that cards, prompts and gold cards share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

SentimentLabel = Literal["strongly negative", "negative", "neutral", "positive", "strongly positive"]
Component = Literal["materiality", "breadth", "surprise", "immediacy", "certainty"]
Level = Literal[0, 1, 2, 3, 4]

COMPONENTS: tuple[Component, ...] = get_args(Component)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: `use` says when it belongs on a card, `unless` where a near neighbour is the better one."""

    name: str
    group: str
    use: str
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The names in force and their digest (sha256, 64 hex digits)."""

    version: str
    topics: tuple[Topic, ...]
    scores: dict[SentimentLabel, float]
    """Label -> score in -1..1."""
    anchors: dict[Component, tuple[str, ...]]
    """Component -> what its levels 0 to 4 mean."""
    base: dict[Component, float]
    sharpness: dict[Component, float]
    digest: str

    @property
    def topic_names(self) -> tuple[str, ...]:
        """All topic names, in the taxonomy's order."""
        return tuple(topic.name for topic in self.topics)

    def impact(self, levels: dict[Component, Level]) -> float:
        """Market impact in 0..1, in steps of 0.05, from the five levels; the formula stands in taxonomy.yaml."""

        def mean(weights: dict[Component, float]) -> float:
            return sum(weight * levels[name] for name, weight in weights.items()) / sum(weights.values()) / 4

        score = mean(self.base) * (0.5 + 0.5 * mean(self.sharpness))
        # The nudge keeps a product such as 0.825 from falling to the step below by binary rounding.
        return round(int(score * 20 + 0.5 + 1e-9) / 20, 2)


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The packaged taxonomy, read once a process."""
    import yaml

    source = files("agent").joinpath("taxonomy.yaml").read_bytes()
    data: dict[str, Any] = yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders
    topics = tuple(Topic(t["name"], group, t["use"], t.get("not")) for group, members in data["groups"].items() for t in members)
    impact = data["impact"]
    return Taxonomy(
        version=str(data["version"]),
        topics=topics,
        scores=dict(data["sentiment"]["scores"]),
        anchors={name: tuple(impact["components"][name]) for name in COMPONENTS},
        base=dict(impact["base"]),
        sharpness=dict(impact["sharpness"]),
        digest=hashlib.sha256(source).hexdigest(),
    )

"""Pairs of an article and a draft that is faithful to it; pairs/README.md says where they come from and which were left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.article import Article
from agent.draft import Draft
from evals.recordings import recorded_articles

FOLDER = Path(__file__).parent

Member = tuple[str, ...]
"""One person, organisation or place: the forms the article uses, fullest first."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who in an article; `markets` are what has a price.

    What stands in one group of `related` is too close to be exchanged: parent and unit, one price and another.
    """

    persons: tuple[Member, ...] = ()
    organisations: tuple[Member, ...] = ()
    places: tuple[Member, ...] = ()
    markets: tuple[Member, ...] = ()
    related: tuple[Member, ...] = ()

    def are_related(self, one: Member, other: Member) -> bool:
        """Whether a sentence about `one` may well hold for `other` too."""
        return any(one[0] in group and other[0] in group for group in self.related)


@dataclass(frozen=True)
class Pair:
    """A draft that says nothing but what its article says."""

    article: Article
    draft: Draft
    cast: Cast
    label: str
    round: int

    @property
    def id(self) -> str:
        """The article's id and the round."""
        return f"{self.article.id}.{self.round}"


def load_pairs(folder: Path = FOLDER) -> tuple[Pair, ...]:
    """All pairs under `folder`/pairs, by file name."""
    articles = {article.id: article for article in recorded_articles()}
    casts = {article: _cast(values) for article, values in json.loads((folder / "cast.json").read_bytes()).items()}
    return tuple(
        Pair(
            article=articles[values["article"]],
            draft=Draft.model_validate(values["draft"]),
            cast=casts[values["article"]],
            label=values["label"],
            round=values["round"],
        )
        for values in (json.loads(path.read_bytes()) for path in sorted((folder / "pairs").glob("*.json")))
    )


def _cast(values: dict[str, Any]) -> Cast:
    return Cast(**{group: tuple(tuple(member) for member in members) for group, members in values.items()})

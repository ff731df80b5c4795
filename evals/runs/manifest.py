"""What a run is: its data, its engine, and the fingerprint that says whether two runs asked the same thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

import agent
from evals.samples import Sample

SplitChoice = Literal["dev", "gate", "all"]
_NOT_ASKED = ("name", "created_at", "places", "newscard")


class Manifest(BaseModel):
    """One run's head. `data`: set -> sha256 of the samples taken; `places`: set -> where it was read; both in the order they were given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    created_at: datetime
    newscard: str = agent.__version__
    data: dict[str, str]
    places: dict[str, str]
    split: SplitChoice
    limit: int | None
    samples: int
    repeats: int
    engine: str
    ingredients: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """16 hex digits over everything that decides what is asked: data, split, limit, repeats, engine and its ingredients."""
        asked = self.model_dump(mode="json", exclude={*_NOT_ASKED})
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]

    def differences(self, other: Manifest) -> list[str]:
        """The names of what differs in what is asked."""
        mine, theirs = (one.model_dump(mode="json", exclude={*_NOT_ASKED}) for one in (self, other))
        names = [name for name in mine if name != "ingredients" and mine[name] != theirs[name]]
        return names + sorted(
            name for name in {*self.ingredients, *other.ingredients} if self.ingredients.get(name) != other.ingredients.get(name)
        )


def digest_of(samples: Sequence[Sample]) -> str:
    """sha256 over the articles of `samples`, in order. Gold isn't part of it: better gold scores the same replies again."""
    return hashlib.sha256("\x1f".join(f"{sample.id}\x1e{sample.article.digest}" for sample in samples).encode()).hexdigest()[:32]


def named(ingredients: Mapping[str, str]) -> str:
    """The engine in a few words, for tables: model and prompt where it has them."""
    return " ".join(ingredients[key] for key in ("model", "prompt") if key in ingredients)

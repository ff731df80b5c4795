"""A planted fault: the faulty draft, what was changed, and where a check should point."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agent.article import Article
from agent.draft import Draft
from agent.sentences import sentence_spans
from evals.planted.pairs import Pair

PROSE = ("summary", "analysis")
"""The fields that faults of prose are planted in."""

_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Edit:
    """`old`, at `start:end` of the faithful draft's field `where`, became `new`. A whole value has no offsets."""

    where: str
    old: str
    new: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the faulty draft the fault is: a field, and a slice of it unless the whole field is meant. `""` is the whole draft."""

    where: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Plant:
    """One fault. `symbols` are those that must not be published because of it, `entity` the index of the entity that would bring them."""

    kind: str
    variant: str
    pair: Pair
    draft: Draft
    edits: tuple[Edit, ...]
    places: tuple[Place, ...]
    symbols: tuple[str, ...] = ()
    entity: int | None = None

    @property
    def article(self) -> Article:
        """The article it is held against."""
        return self.pair.article


def seeded(*parts: object) -> random.Random:
    """A generator of its own for these parts: one kind's plants don't depend on how many another made."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311  plants are repeated, not kept secret


def shuffled(items: Sequence[Any], rng: random.Random) -> list[Any]:
    """The items in an order of `rng`'s."""
    return rng.sample(list(items), len(items))


def read(values: Any, where: str) -> Any:
    """The value at a path such as `entities[2].quotes[0]` in a dumped draft."""
    for name, index in _STEP.findall(where):
        values = values[name] if name else values[int(index)]
    return values


def replaced(draft: Draft, values: Mapping[str, object]) -> Draft | None:
    """`draft` with the value at each path replaced; None when that is no draft, or not word for word the one that was meant."""
    dumped = draft.model_dump()
    for where, value in values.items():
        parent, last = _split(where)
        read(dumped, parent)[last] = value
    try:
        made = Draft.model_validate(dumped)
    except ValidationError:
        return None
    return made if made != draft and made.model_dump() == dumped else None


def in_text(kind: str, variant: str, pair: Pair, *edits: Edit, reach: tuple[int, int] = (0, 0)) -> Plant | None:
    """The plant that makes these `edits` in text fields; None when they don't make a different draft.

    A check should point at the new text; `reach` widens that place by so many characters to its left and right.
    """
    dumped = pair.draft.model_dump()
    texts: dict[str, str] = {}
    places: list[Place] = []
    for where in dict.fromkeys(edit.where for edit in edits):
        text, shift = read(dumped, where), 0
        for edit in sorted((edit for edit in edits if edit.where == where), key=lambda edit: edit.start or 0):
            start, end = (edit.start or 0) + shift, (edit.end or 0) + shift
            text = text[:start] + edit.new + text[end:]
            places.append(Place(where, max(0, start - reach[0]), start + len(edit.new) + reach[1]))
            shift += len(edit.new) - len(edit.old)
        texts[where] = text
    draft = replaced(pair.draft, texts)
    return None if draft is None else Plant(kind, variant, pair, draft, edits, tuple(places))


def prose(pair: Pair) -> Iterator[tuple[str, str]]:
    """The summary and the analysis: path and text."""
    for where in PROSE:
        yield where, getattr(pair.draft, where)


def told_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences that tell what the article tells, not how its sentiments compare or what it leaves out."""
    return [(span.start, span.end) for span in sentence_spans(text) if not _ABOUT_THE_CARD.search(text[span.start : span.end])]


_ABOUT_THE_CARD = re.compile(
    r"\b(?:overall sentiment|the article|nothing tells|is told|it is (?:also )?(?:negative|positive|neutral))\b", re.IGNORECASE
)


def _split(where: str) -> tuple[str, str | int]:
    steps = list(_STEP.finditer(where))
    name, index = steps[-1].groups()
    return where[: steps[-1].start()], name or int(index)

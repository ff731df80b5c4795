"""The one sentence of a card that isn't the article's: how the overall sentiment and those of the entities differ."""

from __future__ import annotations

from collections.abc import Sequence

from agent.draft import DraftEntity
from agent.taxonomy import SentimentLabel

NAMED_AT_END = 5
SHARING = 2
_RELEVANCE = ("central", "involved", "background")
_COMPANIES = {"public company", "private company"}


def closing(label: SentimentLabel, entities: Sequence[DraftEntity]) -> str:
    """The overall label, who shares it, and the entities whose own label differs, by label. People are left out."""
    named = sorted((entity for entity in entities if entity.kind != "person"), key=_order)
    # Those named in passing stand here only when they have a sentiment at all.
    told = [entity for entity in named if entity.relevance != "background" or entity.sentiment != "neutral"]
    different = [entity for entity in told if entity.sentiment != label][:NAMED_AT_END]
    if not different:
        alike = named and all(entity.sentiment == label for entity in named)
        return f"Overall sentiment is {label}, and no entity's differs from it." if alike else f"Overall sentiment is {label}."
    sharing = [entity.name for entity in told if entity.sentiment == label and entity.relevance == "central"][:SHARING]
    shared = f", and so it is for {_listed(sharing)}" if sharing else ""
    labels = dict.fromkeys(entity.sentiment for entity in different)
    apart = _listed([f"{own} for {_listed([e.name for e in different if e.sentiment == own])}" for own in labels], ", ")
    return f"Overall sentiment is {label}{shared}; it is {apart}."


def _order(entity: DraftEntity) -> tuple[bool, int]:
    return entity.kind not in _COMPANIES, _RELEVANCE.index(entity.relevance)


def _listed(names: Sequence[str], last: str = " and ") -> str:
    """`A`, `A and B`, `A, B and C`; parts that hold lists of their own are parted by `last`."""
    return last.join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])

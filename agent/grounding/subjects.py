"""Whom figures may be said of: the forms under which an article names a draft's entities."""

from __future__ import annotations

from collections.abc import Sequence

from agent.draft import DraftEntity, EntityKind
from agent.grounding.fold import unify
from agent.grounding.names import Aliases

_SUBJECTS: frozenset[EntityKind] = frozenset(
    {"public company", "private company", "fund", "index", "currency", "commodity", "crypto", "country"}
)
"""Kinds that figures are said of. People and authorities are quoted on the figures of others."""
_COMMON = frozenset(
    "the a bank first united american national general new global international great group north south east west royal central "
    "us u.s. british european china japan big city state capital union standard public service federal".split()
)
_SHORT = 4


def name_forms(entities: Sequence[DraftEntity]) -> list[tuple[str, int]]:
    """The names of the entities, each with the entity's place among them.

    A name's first word counts too ("Harbour" for Harbour Foods), when it is no ordinary word and no other entity begins with it.
    """
    names = [unify(entity.name) for entity in entities]
    firsts = [name.split(" ")[0] for name in names]
    telling = [
        (first, index)
        for index, first in enumerate(firsts)
        if len(first) >= _SHORT and first[0].isupper() and first.lower() not in _COMMON and firsts.count(first) == 1
    ]
    return [*((name, index) for index, name in enumerate(names)), *telling]


def subject_forms(entities: Sequence[DraftEntity], aliases: Aliases) -> list[tuple[str, int]]:
    """The names, aliases included, of the entities that figures may be said of; two with a name in common have one number."""
    forms = name_forms(entities)
    forms += [(unify(form), index) for index, entity in enumerate(entities) for form in aliases(entity.name) if any(map(str.isupper, form))]
    numbers: dict[str, int] = {}
    same_as: dict[int, int] = {}
    for form, index in forms:
        first = numbers.setdefault(form, index)
        if first != index:
            same_as[index] = same_as.get(first, first)
    return [(form, same_as.get(index, index)) for form, index in numbers.items() if entities[index].kind in _SUBJECTS]

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


def subject_forms(entities: Sequence[DraftEntity], aliases: Aliases) -> list[tuple[str, int]]:
    """The names of the entities that figures may be said of, with a number each; two entities with a name in common share it.

    A name's first word counts ("Harbour" for Harbour Foods) when it is no ordinary word and no other entity begins with it.
    """
    names = [unify(entity.name) for entity in entities]
    firsts = [name.split(" ")[0] for name in names]
    numbers: dict[str, int] = {}
    for index, entity in enumerate(entities):
        forms = {names[index], *(form for form in map(unify, aliases(entity.name)) if any(map(str.isupper, form)))}
        first = firsts[index]
        if len(first) >= _SHORT and first[0].isupper() and first.lower() not in _COMMON and firsts.count(first) == 1:
            forms.add(first)
        number = next((numbers[form] for form in forms if form in numbers), index)
        numbers |= dict.fromkeys(forms - numbers.keys(), number if entity.kind in _SUBJECTS else -1)
    return [(form, number) for form, number in numbers.items() if number >= 0]

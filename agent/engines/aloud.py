"""A draft told while it is written: each field as soon as it is whole. Nothing of it is checked yet; only the card is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from agent.draft import Draft

_FIELDS = tuple(Draft.model_fields)
_LISTED = "entities"
"""The field whose members are told one by one: it is the longest, and comes first."""
_THOUGHT_ENDS = ("</think>", "</thinking>", "</thought>", "</reasoning>")


@dataclass(frozen=True, slots=True)
class Told:
    """A field of the draft, as JSON has it; of `entities` the member at `index`. What is told later under the same name replaces it."""

    field: str
    value: Any
    index: int | None = None


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The draft told so far has faults, and the model is asked again: what is told from here on is another draft."""

    problems: Sequence[str]


Hear = Callable[[Told | AskedAgain], None]


class Aloud:
    """Tells `hear` one draft. For replies that aren't drafts nothing is told, or what looks like the beginning of one."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._told: dict[tuple[str, int | None], Any] = {}

    def again(self) -> None:
        """A reply begins, the first or another one."""
        self._told.clear()

    def ask_again(self, problems: Sequence[str]) -> None:
        """The model is told its draft's faults."""
        self._told.clear()
        self._hear(AskedAgain(tuple(problems)))

    def text(self, so_far: str) -> None:
        """A reply as far as it has come."""
        start = so_far.find("{", max(so_far.rfind(end) for end in _THOUGHT_ENDS) + 1)
        if start < 0:
            return
        try:
            found = from_json(so_far[start:], allow_partial="trailing-strings")
        except ValueError:
            return  # a whole object and something behind it, or none at all: `draft` has the last word
        if not isinstance(found, dict):
            return
        *whole, last = found or [""]
        for name in whole:
            self._tell(name, found[name])
        if last == _LISTED and isinstance(found[last], list):
            self._members(found[last][:-1])  # the last one is still being written

    def draft(self, draft: Draft) -> None:
        """The draft that stands: whatever of it wasn't told yet, or differs from what was."""
        found = draft.model_dump(mode="json")
        for name in _FIELDS:
            self._tell(name, found[name])

    def _tell(self, name: str, value: Any) -> None:
        if name == _LISTED and isinstance(value, list):
            self._members(value)
        elif name in _FIELDS:
            self._once(name, value, None)

    def _members(self, values: Sequence[Any]) -> None:
        for index, value in enumerate(values):
            self._once(_LISTED, value, index)

    def _once(self, name: str, value: Any, index: int | None) -> None:
        if (name, index) not in self._told or self._told[name, index] != value:
            self._told[name, index] = value
            self._hear(Told(name, value, index))

"""Where a text names the members of a cast, and whose each figure is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agent.sentences import sentence_spans
from evals.planted.figures import Figure, figures
from evals.planted.pairs import Member


@dataclass(frozen=True, slots=True)
class Naming:
    """A slice of a text that names a member, in its `form`-th form."""

    member: Member
    form: int
    start: int
    end: int


def namings(text: str, members: Iterable[Member]) -> list[Naming]:
    """Where `text` names them, in order; of two that overlap the longer one."""
    forms = {form: (member, index) for member in members for index, form in enumerate(member)}
    if not forms:
        return []
    longest_first = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    found = re.finditer(rf"(?<![\w-])(?:{longest_first})(?![\w-])", text)
    return [Naming(*forms[match.group()], match.start(), match.end()) for match in found]


def owned_figures(text: str, members: Iterable[Member]) -> list[tuple[Figure, Member]]:
    """The figures of `text` that plainly are some member's: the last one named before them in their sentence, and not another's either.

    A figure before any name is the member's whom alone the sentence names.
    """
    named = namings(text, members)
    owned: list[tuple[Figure, Member]] = []
    sentences = sentence_spans(text)
    for figure in figures(text):
        span = next((span for span in sentences if span.start <= figure.start < span.end), None)
        here = [naming for naming in named if span and span.start <= naming.start < span.end]
        before = [naming for naming in here if naming.end <= figure.start]
        owner = before[-1] if before else here[0] if len({naming.member for naming in here}) == 1 else None
        if owner is not None:
            owned.append((figure, owner.member))
    return owned

"""Whether the checks point at a planted fault."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from agent.card import Finding
from agent.draft import Draft
from agent.grounding import Grounded
from evals.planted.plant import Place, Plant, read

OF_FORM = "form"
"""The check that says nothing about truth; what it finds catches no lie."""
OF_THE_ARTICLE = "injection"
"""The check that speaks of the article and not of the card; where the article holds orders, its findings are true."""


def findings(grounded: Grounded) -> list[tuple[str, Finding]]:
    """Everything that was found, with the name of the check; whatever checks there are."""
    found = [(name, finding) for name in type(grounded.checks).model_fields for finding in within(getattr(grounded.checks, name))]
    listed = {_key(finding) for _, finding in found}
    return found + [("faults", finding) for finding in grounded.faults if _key(finding) not in listed]


def caught_by(plant: Plant, grounded: Grounded, untouched: Grounded) -> frozenset[str]:
    """The checks that point at the plant and had nothing to say there before; `tickers` when it is about a symbol that isn't published."""
    before = {_key(finding) for _, finding in findings(untouched)}
    pointing = {
        check
        for check, finding in findings(grounded)
        if check != OF_FORM and _key(finding) not in before and any(_at(finding, place, plant.draft) for place in plant.places)
    }
    if plant.entity is not None and _is_withheld(plant, grounded):
        pointing.add("tickers")
    return frozenset(pointing)


def within(value: object) -> Iterator[Finding]:
    """Every finding that a check holds, whatever its form."""
    if isinstance(value, Finding):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from within(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from within(item)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.where, finding.claim, finding.reason


def _at(finding: Finding, place: Place, draft: Draft) -> bool:
    """Whether `finding` is at `place`: its span overlaps, or its claim does, or it means the whole field."""
    if not place.where:
        return True
    if finding.where != place.where:
        return False
    if place.start is None or place.end is None:
        return True
    return any(start < place.end and place.start < end for start, end in _spans(finding, draft))


def _spans(finding: Finding, draft: Draft) -> list[tuple[int, int]]:
    if finding.start is not None and finding.end is not None:
        return [(finding.start, finding.end)]
    text = read(draft.model_dump(), finding.where)
    if not isinstance(text, str) or not finding.claim:
        return [(0, 1 << 30)]
    spans: list[tuple[int, int]] = []
    at = text.find(finding.claim)
    while at >= 0:
        spans.append((at, at + len(finding.claim)))
        at = text.find(finding.claim, at + 1)
    # A claim that isn't the field's wording speaks of all of it.
    return spans or [(0, len(text))]


def _is_withheld(plant: Plant, grounded: Grounded) -> bool:
    name = plant.draft.entities[plant.entity or 0].name
    carried = {symbol for entity in grounded.entities if entity.name == name for symbol in entity.tickers}
    return not carried and not set(plant.symbols) & set(grounded.tickers)

"""What the checks found, in words: a row for each check, and each thing found with its place and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from agent.card import Checks, Finding, Tally
from agent.present.words import clean

_PLACES = {
    "summary": "the summary",
    "analysis": "the analysis",
    "overall.label": "the overall sentiment",
    "overall.reason": "the reason of the overall sentiment",
    "title": "the title",
    "text": "the article",
    "topics": "the topics",
}
_TOLD_TO_MODELS = {
    "quote the body, not the title": "it stands in the title, not in the text",
    "the article states this; say it without the negation, or leave it out": "the article states what this denies",
    "named twice; keep one": "it is drafted twice",
}
_LENGTHS = re.compile(r"write (.* (?:words|sentences))")
_ENTITY = re.compile(r"entities\[(?P<index>\d{1,3})\]\.(?P<field>\w+)(?:\[\d{1,3}\])?")
_ENTITY_FIELDS = {"quotes": "evidence", "sentiment": "sentiment", "name": "name", "reason": "reason"}
_RATING = re.compile(r"impact\.(\w+)\.(?:level|reason)")

Verdict = Literal["passed", "attention", "noted", "not checked"]
"""`noted`: something was left off, which is what the checks are for; nothing false stands on the card because of it."""


class Check(NamedTuple):
    """One row of the checks: what was looked at, how it went in a few words, and each thing that was found."""

    name: str
    verdict: Verdict
    text: str
    details: tuple[str, ...] = ()


def rows(found: Checks) -> list[Check]:
    """The checks in the order a reader cares: claims first, then what was left off, then the text itself."""
    tickers = [f"{clean(drop.symbol)}: {clean(drop.reason)}" for drop in found.tickers.dropped]
    topics = [f"{clean(finding.claim)}: {reason(finding.reason)}" for finding in found.topics.dropped]
    return [
        _tally("Numbers", found.numbers),
        _tally("Names", found.names),
        _tally("Quotes", found.quotes),
        _left_off("Tickers", tickers),
        _left_off("Topics", topics),
        _findings("Form", found.form),
        _findings("Coherence", found.coherence),
        _findings("Instructions", found.injection),
    ]


def _tally(name: str, tally: Tally | None) -> Check:
    if tally is None:
        return Check(name, "not checked", "not checked")
    if not tally.stated:
        return Check(name, "passed", "none stated")
    text = f"{tally.supported} of {tally.stated} supported by the article"
    details = tuple(_finding(finding) for finding in tally.unsupported)
    whole = not details and tally.supported == tally.stated
    return Check(name, "passed" if whole else "attention", text, details)


def _left_off(name: str, details: Sequence[str]) -> Check:
    return Check(name, "noted", f"{len(details)} left off", tuple(details)) if details else Check(name, "passed", "none left off")


def _findings(name: str, findings: Sequence[Finding] | None) -> Check:
    if findings is None:
        return Check(name, "not checked", "not checked")
    if not findings:
        return Check(name, "passed", "nothing found")
    return Check(name, "attention", f"{len(findings)} found", tuple(_finding(finding) for finding in findings))


def _finding(finding: Finding) -> str:
    return f"“{clean(finding.claim)}” in {place(finding.where)}: {reason(finding.reason)}"


def reason(given: str) -> str:
    """A finding's reason as a reader needs it: what is wrong, without what a model is told to do about it in a re-ask."""
    if given in _TOLD_TO_MODELS:
        return _TOLD_TO_MODELS[given]
    if (bounds := _LENGTHS.fullmatch(given)) is not None:
        return f"{bounds[1]} are asked for"
    return clean(given.partition(";")[0])


def place(where: str) -> str:
    """A field of a card or a draft, as findings name it, in words. A draft counts from 0, people from 1."""
    if (known := _PLACES.get(where.partition("[")[0])) is not None:
        return known
    if (entity := _ENTITY.fullmatch(where)) is not None:
        return f"the {_ENTITY_FIELDS.get(entity['field'], entity['field'])} of drafted entity {int(entity['index']) + 1}"
    if (component := _RATING.fullmatch(where)) is not None:
        return f"the rating of {component[1]}"
    return clean(where)

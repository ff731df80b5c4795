"""Which cards a reader wants, as the list's address has it: `?q=&ticker=&topic=&sentiment=&min_impact=&from=&to=`, as in the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, get_args
from urllib.parse import urlencode

from agent.present import words
from agent.taxonomy import SentimentLabel
from agent.web.store import Query

_LONGEST = 200
_LABELS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)


class Active(NamedTuple):
    """A filter that is on: its name and value in words, and the address of the list without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """All conditions together. `since` and `until` are days in UTC, both included."""

    q: str = ""
    ticker: str = ""
    topic: str = ""
    sentiment: SentimentLabel | None = None
    min_impact: float | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> tuple[Filters, list[str]]:
        """The filters of an address, and a line for each that can't be one and is left out."""
        given = {name: " ".join(value.split())[:_LONGEST] for name, value in asked.items()}
        problems: list[str] = []
        found = cls(
            q=given.get("q", ""),
            ticker=given.get("ticker", "").upper().lstrip("$"),
            topic=given.get("topic", ""),
            sentiment=_label(given.get("sentiment", ""), problems),
            min_impact=_impact(given.get("min_impact", ""), problems),
            since=_day(given.get("from", ""), problems),
            until=_day(given.get("to", ""), problems),
        )
        if found.since and found.until and found.since > found.until:
            problems.append(f"From {found.since} to {found.until} there are no days.")
        return found, problems

    def query(self, cursor: str | None, limit: int) -> Query:
        """The same for the store."""
        return Query(
            ticker=self.ticker or None,
            topic=self.topic or None,
            sentiment=self.sentiment,
            min_impact=self.min_impact,
            since=datetime.combine(self.since, time.min, UTC) if self.since else None,
            until=datetime.combine(self.until, time.max, UTC) if self.until else None,
            q=self.q,
            cursor=cursor,
            limit=limit,
        )

    def address(self, *, cursor: str | None = None, **changes: Any) -> str:
        """The list with these filters and `changes`."""
        found = replace(self, **changes)
        pairs = {
            "q": found.q,
            "ticker": found.ticker,
            "topic": found.topic,
            "sentiment": found.sentiment,
            "min_impact": None if found.min_impact is None else f"{found.min_impact:g}",
            "from": found.since,
            "to": found.until,
            "cursor": cursor,
        }
        asked = urlencode({name: value for name, value in pairs.items() if value})
        return f"/?{asked}" if asked else "/"

    @property
    def active(self) -> list[Active]:
        """Those that are on, in the form's order."""
        impact = None if self.min_impact is None else f"{self.min_impact:.2f} ({words.impact_word(self.min_impact)}) or more"
        shown: list[tuple[str, Any, dict[str, Any]]] = [
            ("Search", f"“{self.q}”" if self.q else "", {"q": ""}),
            ("Ticker", self.ticker, {"ticker": ""}),
            ("Topic", self.topic, {"topic": ""}),
            ("Sentiment", self.sentiment, {"sentiment": None}),
            ("Impact", impact, {"min_impact": None}),
            ("From", self.since, {"since": None}),
            ("To", self.until, {"until": None}),
        ]
        return [Active(name, words.clean(str(value)), self.address(**off)) for name, value, off in shown if value]


def _label(given: str, problems: list[str]) -> SentimentLabel | None:
    for label in _LABELS:
        if given.lower() == label:
            return label
    if given:
        problems.append(f"“{words.clean(given)}” is no sentiment; it is left out.")
    return None


def _impact(given: str, problems: list[str]) -> float | None:
    if not given:
        return None
    try:
        found = float(given.replace(",", "."))
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        problems.append(f"“{words.clean(given)}” is no impact between 0 and 1; it is left out.")
        return None
    return found or None


def _day(given: str, problems: list[str]) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        problems.append(f"“{words.clean(given)}” is no day such as 2025-06-18; it is left out.")
        return None

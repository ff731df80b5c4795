"""Extremes of another rank, and the best of a market for the worst: "the highest on record" beside "the second-highest ever"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_EXTREME = (
    "highest|lowest|biggest|largest|smallest|strongest|weakest|best|worst|fastest|slowest|steepest|longest|shortest|busiest|oldest|widest"
    "|narrowest|deepest|sharpest|heaviest|greatest|richest"
)
_SAME = {"largest": "biggest", "greatest": "biggest"}
_RANKS = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|1\\dth"
_RANKED = re.compile(rf"\b(?:(?P<rank>{_RANKS})[- ])?(?P<extreme>{_EXTREME})(?P<of> [a-z]+(?: [a-z]+)?)")
_EVER = re.compile(r" (?:ever|on record|in history|of all time)\b")
_UP = r"(?:strongest|best|biggest (?:gain|gainer|riser|winner|advance|rise)|top (?:gainer|performer|riser))"
_DOWN = r"(?:weakest|worst|biggest (?:loss|loser|faller|decliner|decline|fall|drop)|top (?:loser|faller))"
_MARKET_ENDS = ("strongest", "best", "biggest", "top ", "weakest", "worst")
"""One begins all that the next pattern finds."""
_IN_MARKET = re.compile(
    rf"\b(?:(?P<up>{_UP})|{_DOWN})(?:[ -]perform(?:er|ing)(?: (?:stock|share)s?)?)?s? (?:in|on|of) (?:the )?"
    r"(?P<market>(?:ftse|dax|mdax|s&p|dow|nasdaq|stoxx|euro stoxx|nikkei|topix|cac|ibex|smi|aex|asx|tsx|hang seng|kospi|sensex|nifty|omx"
    r"|bovespa|russell|mib|index|benchmark)(?: \d+)?)\b"
)


class Rank(NamedTuple):
    """An extreme's rank, "" for the first, and what it is an extreme of."""

    extreme: str
    of: str
    rank: str


def of_another_rank(lower: str, article: str) -> Iterator[tuple[int, int]]:
    """The places in a prose of extremes that its article, both in lower case, has of another rank only."""
    told = list(_RANKED.finditer(lower)) if any(map(lower.__contains__, _EXTREME.split("|"))) else []
    there = {_rank(match) for match in _RANKED.finditer(article)} if told else set()
    for match in told:
        rank = _rank(match)
        like = {other for other in there if other.extreme == rank.extreme and other.of.split()[0] == rank.of.split()[0]}
        if any(other.of == rank.of for other in like) and all(other.rank != rank.rank for other in like):
            yield match.start(), match.end("extreme")


def _rank(match: re.Match[str]) -> Rank:
    extreme = match["extreme"]
    of = "ever" if _EVER.match(match["of"]) is not None else match["of"]
    return Rank(_SAME.get(extreme, extreme), of, match["rank"] or "")


def at_the_other_end(lower: str, article: str) -> Iterator[tuple[int, int]]:
    """The places in a prose of what it calls the best of a market and its article only names the worst of, and the other way round."""
    told = list(_IN_MARKET.finditer(lower)) if any(map(lower.__contains__, _MARKET_ENDS)) else []
    there = {(match["market"], bool(match["up"])) for match in _IN_MARKET.finditer(article)} if told else set()
    for match in told:
        market, up = match["market"], bool(match["up"])
        if (market, not up) in there and (market, up) not in there:
            yield match.span()

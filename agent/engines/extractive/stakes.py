"""Materiality and breadth: what is at stake, and for how many."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from agent.draft import DraftRating
from agent.engines.extractive.moves import UNNAMED
from agent.engines.extractive.scope import MARKET, SECTOR, wide_words
from agent.engines.extractive.story import (
    LARGE,
    MARKET_EVENT,
    MARKET_LARGE,
    MARKET_NOTABLE,
    NOTABLE,
    SHOWN,
    Cue,
    Story,
    moved,
    naming,
    rating,
)
from agent.engines.extractive.trades import insider_trade

MANY = 3
DETAIL, LINE, CASE, SYSTEM = 1, 2, 3, 4
"""Materiality's anchors: a detail of one issuer, a visible line of its results, its case, that of a market."""
ONE_SMALL, ONE_LARGE = 1, 2
"""Breadth's lower anchors."""
SURPRISING = 3

_EXPECTED = re.compile(r"expect|forecast|as many|as much")


def materiality(story: Story) -> DraftRating:
    """By the event and by how far prices moved; markets and companies apart."""
    return _of_market(story) if story.scope.market else _of_companies(story)


def _of_companies(story: Story) -> DraftRating:
    """The event that title and opening tell; how far shares moved; billions at stake."""
    mine = [cue for cue in story.of("materiality") if cue.level != MARKET_EVENT]
    largest = story.largest({"shares": 1.0})
    if largest is None or largest.percent < NOTABLE:
        routine = _routine(story, mine)
        if routine:
            return rating(DETAIL, routine)
    # What stands in the background counts one level less, and is never the case of an issuer.
    level = max((cue.level if cue.opening else min(cue.level - 1, LINE) for cue in mine), default=DETAIL)
    reason = naming("event words", mine, level)
    amount = story.billions()
    if level == LINE and amount:
        level, reason = CASE, f"{reason}; an amount of {amount} in the opening"
    if largest and largest.percent >= NOTABLE:
        level, reason = max(level, CASE if largest.percent >= LARGE else LINE), f"{reason}; {moved(largest)}"
    return rating(level, reason)


def _routine(story: Story, mine: Sequence[Cue]) -> str | None:
    """Why the news is a detail: an insider's trade, a dividend and the like, with no greater event in title and lead."""
    trade = insider_trade(story.reading, story.entities)
    if trade:
        return f"an insider's trade: {trade}"
    routine = [cue for cue in mine if cue.level == DETAIL and cue.head]
    heavy = any(cue.level >= CASE and cue.head for cue in mine)
    return naming("routine", routine, DETAIL) if routine and not heavy else None


def _of_market(story: Story) -> DraftRating:
    """A large move, an event that shakes markets, or figures far from what was expected."""
    shaking = [cue for cue in story.of("materiality") if cue.level >= SYSTEM and cue.head]
    off = [cue for cue in story.of("surprise") if cue.head and cue.level >= SURPRISING and _EXPECTED.search(cue.words)]
    largest = story.largest(MARKET_LARGE)
    if largest and largest.percent >= MARKET_LARGE[largest.subject]:
        return rating(SYSTEM, moved(largest))
    if shaking:
        return rating(SYSTEM, naming("events that shake markets", shaking, MARKET_EVENT))
    if off:
        return rating(SYSTEM, naming("figures off what was expected", off, SYSTEM))
    if largest and largest.percent >= MARKET_NOTABLE[largest.subject]:
        return rating(CASE, moved(largest))
    lesser = [cue for cue in story.of("materiality") if cue.opening and cue.level < SYSTEM]
    level = max((cue.level for cue in lesser), default=LINE)
    return rating(max(LINE, level), f"news of a market without a large move; {naming('event words', lesser, level)}")


def breadth(story: Story) -> DraftRating:
    """A market, a sector, one issuer or none: by scope, by the issuers named, and by those whose shares moved."""
    issuers = [entity for entity in story.entities if entity.issuer or entity.kind == "public company"]
    reason = f"listed issuers named: {_some(entity.name for entity in issuers)}" if issuers else "no listed issuer named"
    if story.scope.market:
        things = list(dict.fromkeys(move.name for move in story.moves if move.subject != "shares"))
        wide = MARKET if story.scope.rank >= MARKET or things else SECTOR
        return rating(wide, f"about a market: {_some(story.scope.words or things)}; {reason}")
    shares = [move for move in story.moves if move.subject == "shares" and move.name != UNNAMED]
    dragged = list(dict.fromkeys(move.name for move in shares if move.percent >= NOTABLE))
    if len(dragged) >= MANY:
        return rating(SECTOR, f"shares of several moved: {_some(dragged)}")
    sector = _wide(story, {SECTOR, MARKET})
    if sector and (len(sector) > 1 or len(issuers) >= MANY or not issuers):
        return rating(SECTOR, f"{reason}; wide words: {_some(sector)}")
    involved = any(entity.relevance != "background" for entity in issuers) or len(issuers) >= MANY
    if not involved:
        return _unlisted(story, ONE_SMALL if issuers else 0, reason)
    small = _wide(story, {ONE_SMALL})
    return rating(ONE_SMALL, f"{reason}; {_some(small)}") if small else rating(ONE_LARGE, reason)


def _unlisted(story: Story, level: int, reason: str) -> DraftRating:
    """No listed issuer in the news: what else is traded counts, and private firms whose size is told in billions."""
    traded = [entity.name for entity in story.entities if entity.kind in MARKET_LARGE]
    if traded:
        return rating(SECTOR, f"{reason}; traded things named: {_some(traded)}")
    private = [entity.name for entity in story.entities if entity.kind == "private company" and entity.relevance == "central"]
    amount = story.billions()
    if private and amount:
        return rating(ONE_LARGE, f"{reason}; a private company with amounts of {amount}: {private[0]}")
    return rating(max(level, ONE_SMALL) if private else level, reason)


def _wide(story: Story, levels: Collection[int]) -> list[str]:
    """Words of breadth of these levels in title and lead."""
    words = story.reading.words
    heads = (*story.reading.sentences[:1], *story.reading.prose[:1])
    hits = (hit for sentence in heads for hit in wide_words().find(words, sentence.first, sentence.last))
    return list(dict.fromkeys(" ".join(words[hit.first : hit.last]) for hit in hits if hit.value in levels))


def _some(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:SHOWN])

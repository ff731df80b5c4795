"""Surprise, immediacy and certainty: how new, how soon and how sure."""

from __future__ import annotations

from functools import lru_cache

from agent.draft import DraftRating
from agent.engines.extractive.lexicons import read_lexicon
from agent.engines.extractive.story import (
    HUGE,
    LARGE,
    MARKET_LARGE,
    MARKET_NOTABLE,
    NOTABLE,
    SHOWN,
    Story,
    moved,
    naming,
    rating,
)
from agent.engines.extractive.terms import phrases

PARTLY, MOSTLY, WHOLLY = 2, 3, 4
"""Surprise's anchors: partly expected, mostly unexpected, in nobody's prices."""
SEVERAL, ANNOUNCED = 2, 3
"""Certainty's anchors: several sources or a proposal; announced while conditions remain."""
THIS_QUARTER = 3

_SHARES = {"shares": (NOTABLE, LARGE, HUGE)}
_MARKETS = {name: (MARKET_NOTABLE[name], large, 2 * large) for name, large in MARKET_LARGE.items()}


def surprise(story: Story) -> DraftRating:
    """Words of surprise or expectation in title and opening, and how far prices moved: what moves a lot wasn't in them."""
    mine = [cue for cue in story.of("surprise") if cue.opening]
    limits = _MARKETS if story.scope.market else _SHARES
    largest = story.largest({name: huge for name, (_, _, huge) in limits.items()})
    notable, large, huge = limits[largest.subject] if largest else (0.0, 0.0, 0.0)
    percent = largest.percent if largest else 0.0
    known = [cue for cue in mine if cue.level < PARTLY]
    if known and (not largest or percent < large):
        level = min(cue.level for cue in known)
        return rating(level, naming("words of expectation", known, level))
    level = max((cue.level for cue in mine), default=PARTLY)
    reason = naming("words of surprise", mine, level) if mine else "no word of surprise or expectation"
    if not largest:
        return rating(level, reason)
    by_size = WHOLLY if percent >= huge else MOSTLY if percent >= large else PARTLY
    if by_size == PARTLY and not story.scope.market:
        level = min(level, MOSTLY)  # a shock that hardly moved the shares was none to their holders
    return rating(max(by_size, level), f"{reason}; {moved(largest)}" if percent >= notable else reason)


def immediacy(story: Story) -> DraftRating:
    """The soonest time that the opening names."""
    mine = story.of("immediacy")
    opening = [cue for cue in mine if cue.opening] or mine
    if not opening:
        return rating(THIS_QUARTER, "no time words: told as today's news")
    level = max(cue.level for cue in opening)
    return rating(level, naming("time words", opening, level))


def certainty(story: Story) -> DraftRating:
    """Official words against hedges; what is agreed isn't done while conditions remain."""
    mine = story.of("certainty")
    opening = [cue for cue in mine if cue.opening] or mine
    if not opening:
        return rating(ANNOUNCED, "neither hedging nor official words: told as a fact")
    firm = max(cue.level for cue in opening)
    conditions = [cue.words for cue in mine if cue.words in _conditions()]
    if firm > ANNOUNCED and conditions:
        return rating(ANNOUNCED, f"conditions remain: {', '.join(list(dict.fromkeys(conditions))[:SHOWN])}")
    reason = naming("words of certainty", opening, firm)
    hedges = sorted({cue.words for cue in opening if cue.level <= SEVERAL})
    if not hedges or firm <= SEVERAL:
        return rating(firm, reason)
    doubted = firm - 1 if len(hedges) > 1 else firm  # two hedges take one level
    return rating(doubted, f"{reason}; hedged by: {', '.join(hedges[:SHOWN])}")


@lru_cache(maxsize=1)
def _conditions() -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase in phrases(read_lexicon("impact")["certainty"]["conditions"]))

"""What a direction word moves: `profit` in "profit fell", "a fall in profit", "cut its profit forecast"."""

from __future__ import annotations

from collections.abc import Sequence

from agent.engines.extractive.mentions import Mentions
from agent.engines.extractive.reading import Reading
from agent.engines.extractive.terms import Hit
from agent.engines.extractive.vocabulary import BE, Clause, Word

REACH = 8
"""How many tokens before a direction word the thing that moves may stand; behind it, half as many."""

_STOPS = frozenset("after as by amid because from to on for with at against over under until when if than into".split())
_LINKS = frozenset({"in", "of"})
_INNER = frozenset("of for in around about on over the a an its their this these".split())


def moved(reading: Reading, mentions: Mentions, clause: Clause, hit: Hit[Word]) -> tuple[Hit[Word], float] | None:
    """The noun that moves, and +1 (or more) when its rise is good news, -1 when bad; None when there is none."""
    movers = [other for other in clause.hits if other.value.mover and other.first != hit.first]
    mover = _chosen(reading, mentions, clause, movers, hit) if movers else None
    return (mover, _sign(reading, movers, mover)) if mover else None


def _chosen(reading: Reading, mentions: Mentions, clause: Clause, movers: list[Hit[Word]], hit: Hit[Word]) -> Hit[Word] | None:
    before = _before(reading, movers, hit)
    if before and before.last == hit.first and reading.gaps[before.last - 1] == " ":
        return before
    after = _after(reading, movers, hit)
    word = hit.value
    linked = hit.last < clause.last and reading.words[hit.last] in _LINKS
    if after and (word.transitive or word.adjective or linked):
        return after
    # `raised` alone says nothing of a noun before it, unless in the passive.
    turned = word.intransitive or word.adjective or word.particle or not BE.isdisjoint(reading.words[max(0, hit.first - 3) : hit.first])
    return before if before and turned and _reaches(reading, mentions, before, hit) else None


def _before(reading: Reading, movers: list[Hit[Word]], hit: Hit[Word]) -> Hit[Word] | None:
    """The nearest noun before; of `demand for loans` the first, which is the one that moves."""
    found: Hit[Word] | None = None
    for mover in reversed(movers):
        if mover.last > hit.first:
            continue
        if found is None:
            if hit.first - mover.last > REACH:
                return None
            found = mover
        elif mover.last < found.first and _INNER.issuperset(reading.words[mover.last : found.first]):
            found = mover
        else:
            break
    return found


def _after(reading: Reading, movers: list[Hit[Word]], hit: Hit[Word]) -> Hit[Word] | None:
    """The nearest noun behind; of a row (a higher profit forecast) the last."""
    found: Hit[Word] | None = None
    for mover in movers:
        if mover.first < hit.last:
            continue
        if found is None:
            between = reading.words[hit.last : mover.first]
            if len(between) > REACH // 2 or not _STOPS.isdisjoint(between):
                return None
            found = mover
        elif mover.first == found.last and reading.gaps[found.last - 1] == " ":
            found = mover
        else:
            break
    return found


def _reaches(reading: Reading, mentions: Mentions, mover: Hit[Word], hit: Hit[Word]) -> bool:
    """Whether the noun before a verb is what moves: not when somebody else's name, or one comma alone, stands between them."""
    if mentions.resumed_between(mover.last, hit.first):
        return False
    own = reading.words[mover.last] in {"of", "in", "at", "for"}
    if not own and mentions.named_between(mover.last, hit.first):
        return False
    between = reading.text[reading.ends[mover.last - 1] : reading.starts[hit.first]]
    return hit.value.particle or between.count(",") != 1


def _sign(reading: Reading, movers: Sequence[Hit[Word]], mover: Hit[Word]) -> float:
    """A forecast, a rate of growth, is as good as what it is of: `inflation forecast`, `forecast for inflation`."""
    if not mover.value.transparent:
        return mover.value.mover
    for other in movers:
        ahead = other.last == mover.first
        behind = mover.last < other.first and _INNER.issuperset(reading.words[mover.last : other.first])
        if ahead or behind:
            return other.value.mover
    return mover.value.mover

"""A set on a card against what must be in it and what may be: the ground of the ticker and topic scorers."""

from __future__ import annotations

from collections.abc import Iterable

from evals.aggregates.columns import SEPARATOR
from evals.scores import Score


def compared(said: Iterable[str], must: Iterable[str], may: Iterable[str] = ()) -> Score:
    """The card's F1 (0..1): what may be there neither helps nor harms; nothing asked for and nothing said is 1.

    Counts: `hits`, `extras`, `misses`, the members themselves under `hit`, `extra`, `missed`, and `wanted`, which is hits and misses.
    """
    said, must = {*said}, {*must}
    hit, missed = sorted(said & must), sorted(must - said)
    extra = sorted(said - must - {*may})
    weight = 2 * len(hit) + len(extra) + len(missed)
    counts: dict[str, float | str] = {
        "hits": float(len(hit)),
        "extras": float(len(extra)),
        "misses": float(len(missed)),
        "wanted": float(len(must)),
        "hit": SEPARATOR.join(hit),
        "extra": SEPARATOR.join(extra),
        "missed": SEPARATOR.join(missed),
    }
    return Score(2 * len(hit) / weight if weight else 1.0, counts=counts)


def recalled(score: Score) -> Score:
    """The share of what must be there that is, of a score `compared` made; unscored where nothing must."""
    wanted = float(score.counts["wanted"])
    return Score(float(score.counts["hits"]) / wanted, counts=score.counts) if wanted else Score(None, "nothing must be there")

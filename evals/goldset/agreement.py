"""How far the two labellings agree, as they were made, before anybody decided anything.

Krippendorff's alpha (Krippendorff, Content Analysis, 3rd ed., chapter 11) comes from nltk, with the distance that fits: ordinal for
labels, interval for impact, nominal for abstention, MASI (Passonneau 2006) for sets. Kappa with quadratic weights is scikit-learn's.
1 is perfect, 0 is what chance gives; undefined (None) where all said the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import get_args

from agent.taxonomy import SentimentLabel
from evals.goldset.cards import GoldCard
from evals.goldset.labellings import Labelling, same_entities

Pairs = Sequence[tuple[Hashable, Hashable]]
_LABELS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One row: what was measured, by which measure, over how many pairs."""

    what: str
    measure: str
    value: float | None
    pairs: int


def agreement(golds: Sequence[GoldCard], first: dict[str, Labelling], second: dict[str, Labelling]) -> list[Agreed]:
    """All rows over `golds`; each must be in both labellings."""
    abstained = [(first[gold.id].abstain, second[gold.id].abstain) for gold in golds]
    both = [gold for gold in golds if not (first[gold.id].abstain or second[gold.id].abstain)]
    pairs = [(first[gold.id], second[gold.id]) for gold in both]
    overall = [(str(one.sentiment), str(other.sentiment)) for one, other in pairs]
    entities = [labels for gold in both if gold.judged for _, *labels in same_entities(gold.judged, first[gold.id], second[gold.id])]
    impacts = [(one.rated, other.rated) for one, other in pairs]
    tickers = [(frozenset(one.tickers), frozenset(other.tickers)) for one, other in pairs]
    topics = [(frozenset(one.topics), frozenset(other.topics)) for one, other in pairs]
    wide = [(frozenset({*one.topics, *one.may_topics}), frozenset(other.topics)) for one, other in pairs]
    return [
        Agreed("abstention", "alpha, nominal", alpha(abstained, _nominal), len(abstained)),
        *_of_labels("overall sentiment", overall),
        *_of_labels("sentiment of an entity that both name", [(one, other) for one, other in entities]),
        Agreed("market impact", "alpha, interval", alpha(impacts, _interval), len(impacts)),
        Agreed("market impact", "mean distance", fmean(abs(one - other) for one, other in impacts), len(impacts)),
        Agreed(
            "tickers (the first's must)", "alpha, MASI", alpha([(_set(one), _set(other)) for one, other in tickers], _masi), len(tickers)
        ),
        Agreed("tickers (the first's must)", "mean Jaccard", _jaccard(tickers), len(tickers)),
        Agreed("topics (the first's must)", "mean Jaccard", _jaccard(topics), len(topics)),
        Agreed("topics (the first's must and may)", "mean Jaccard", _jaccard(wide), len(wide)),
        Agreed("topics: the first's must that the second has", "share", _recalled(topics), len(topics)),
    ]


def alpha(pairs: Pairs, distance: Callable[..., float]) -> float | None:
    """Krippendorff's alpha of two coders without gaps; None where every value is the same, so that nothing could differ."""
    from nltk.metrics.agreement import AnnotationTask

    if len({value for pair in pairs for value in pair}) < 2:  # noqa: PLR2004  two values make a difference
        return None
    data = [(coder, unit, value) for unit, pair in enumerate(pairs) for coder, value in enumerate(pair)]
    return float(AnnotationTask(data=data, distance=distance).alpha())


def ordinal(pairs: Sequence[tuple[str, str]], order: Sequence[str] = _LABELS) -> Callable[[str, str], float]:
    """Krippendorff's ordinal distance, squared: how many of the given values lie between two, each end counted by half."""
    counts = Counter(value for pair in pairs for value in pair)

    def distance(one: str, other: str) -> float:
        low, high = sorted((order.index(one), order.index(other)))
        between = sum(counts[value] for value in order[low : high + 1]) - (counts[one] + counts[other]) / 2
        return 0.0 if low == high else float(between**2)

    return distance


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa with quadratic weights over the five labels."""
    from sklearn.metrics import cohen_kappa_score

    one, other = zip(*pairs, strict=True)
    return float(cohen_kappa_score(one, other, labels=list(_LABELS), weights="quadratic"))


def _of_labels(what: str, pairs: Sequence[tuple[str, str]]) -> list[Agreed]:
    return [
        Agreed(what, "alpha, ordinal", alpha(pairs, ordinal(pairs)), len(pairs)),
        Agreed(what, "kappa, quadratic", kappa(pairs), len(pairs)),
        Agreed(what, "the same label", fmean(one == other for one, other in pairs), len(pairs)),
    ]


def _nominal(one: object, other: object) -> float:
    return float(one != other)


def _interval(one: float, other: float) -> float:
    return (one - other) ** 2


def _masi(one: frozenset[str], other: frozenset[str]) -> float:
    from nltk.metrics.distance import masi_distance

    return float(masi_distance(one, other))


def _set(names: frozenset[str]) -> frozenset[str]:
    return names or frozenset({"none"})  # MASI knows no empty set


def _jaccard(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    return fmean(len(one & other) / len(one | other) if one | other else 1.0 for one, other in pairs)


def _recalled(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    return sum(len(one & other) for one, other in pairs) / sum(len(one) for one, _ in pairs)

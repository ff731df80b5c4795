"""A card beside its gold: each field with what is right, missing and too much; the cards with most wrong first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.card import Card
from evals.aggregates.columns import members
from evals.goldset import Choice
from evals.report.evaluated import Evaluated
from evals.samples import Sample
from evals.scorers.matching import matched
from evals.scorers.sentiment import judged
from evals.scorers.summary import says

Mark = Literal["right", "wrong", "missing", "extra", "allowed", "plain"]

WEIGHED = (
    "tickers.f1",
    "topics.f1",
    "sentiment.accuracy",
    "entities.recall",
    "entities.accuracy",
    "impact.in_range",
    "summary.facts",
    "card.nothing_forbidden",
    "checks.passed",
    "abstention.accuracy",
)
"""What makes a card stand further up: the sum of what it lacks in each."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One word or label and how it stands to gold."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Pairing:
    """An entity of gold, of the card, or of both."""

    name: str
    gold: str
    said: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Beside:
    """One article: what the card says and what gold says. `lacks` 0 is all right; it counts the metrics of `WEIGHED` that fall short."""

    sample: Sample
    card: Card | None
    failure: str | None
    lacks: float
    tickers: Sequence[Marked]
    topics: Sequence[Marked]
    sentiment: Marked | None
    wanted_sentiment: str
    impact: Marked | None
    wanted_impact: str
    entities: Sequence[Pairing]
    facts: Sequence[Marked]
    forbidden: Sequence[str]
    findings: Sequence[str]
    abstention: Marked | None


def all_beside(evaluated: Evaluated) -> list[Beside]:
    """Every sample, the failed ones first, then by what is wrong, then by id."""
    found = [_beside(evaluated, place) for place in range(len(evaluated.samples))]
    return sorted(found, key=lambda one: (one.failure is None, -one.lacks, one.sample.id))


def _beside(evaluated: Evaluated, place: int) -> Beside:
    sample = evaluated.samples[place]
    card = evaluated.cards.get(sample.id)
    gold = sample.gold
    forbidden = evaluated.score("card.nothing_forbidden", place)
    return Beside(
        sample=sample,
        card=card,
        failure=evaluated.failures.get(sample.id, "no card") if card is None else None,
        lacks=_lacks(evaluated, place),
        tickers=_choice(card.tickers if card else [], gold.tickers, complete=gold.tickers_complete),
        topics=_choice(card.topics if card else [], gold.topics, complete=True),
        sentiment=_sentiment(card, sample),
        wanted_sentiment=" or ".join(dict.fromkeys((gold.sentiment.label, *gold.sentiment.accept))) if gold.sentiment else "",
        impact=_impact(card, sample),
        wanted_impact=f"{gold.impact.value:.2f} ({gold.impact.low:.2f} to {gold.impact.high:.2f})" if gold.impact else "",
        entities=_entities(card, sample),
        facts=[
            Marked(ways[0], "right" if card and any(says(card.summary, way, begun=True) for way in ways) else "missing")
            for ways in gold.facts or ()
        ],
        forbidden=members(forbidden, "said") if forbidden else (),
        findings=_findings(card),
        abstention=_abstention(card, sample),
    )


def _lacks(evaluated: Evaluated, place: int) -> float:
    scores = (evaluated.score(name, place) for name in WEIGHED)
    return sum(1.0 - score.value for score in scores if score is not None and score.value is not None)


def _choice(said: Sequence[str], gold: Choice | None, *, complete: bool) -> list[Marked]:
    """What the card has in its own order, then what it misses."""
    if gold is None:
        return [Marked(name, "plain") for name in said]
    beyond: Mark = "extra" if complete else "plain"
    marks: list[Marked] = [Marked(name, "right" if name in gold.must else "allowed" if name in gold.may else beyond) for name in said]
    return marks + [Marked(name, "missing") for name in gold.must if name not in said]


def _sentiment(card: Card | None, sample: Sample) -> Marked | None:
    if card is None or card.sentiment is None:
        return None
    gold = sample.gold.sentiment
    if gold is None:
        return Marked(card.sentiment.label, "plain")
    right = judged(card.sentiment.label, gold.label, gold.accept, folded=sample.gold.folded)["accepted"]
    return Marked(card.sentiment.label, "right" if right else "wrong")


def _impact(card: Card | None, sample: Sample) -> Marked | None:
    if card is None or card.market_impact is None:
        return None
    gold = sample.gold.impact
    if gold is None:
        return Marked(f"{card.market_impact:.2f}", "plain")
    return Marked(f"{card.market_impact:.2f}", "right" if gold.low <= card.market_impact <= gold.high else "wrong")


def _entities(card: Card | None, sample: Sample) -> list[Pairing]:
    gold = sample.gold.entities or ()
    said = card.entities if card else []
    published = sample.article.published_at
    pairs = {expected.name: entity for entity, expected in matched(said, gold, published.date() if published else None)}
    found: list[Pairing] = []
    for expected in gold:
        wanted = " or ".join(dict.fromkeys((expected.sentiment, *expected.accept)))
        entity = pairs.get(expected.name)
        if entity is None:
            found.append(Pairing(expected.name, wanted, "", "missing"))
            continue
        right = judged(entity.sentiment.label, expected.sentiment, expected.accept, folded=sample.gold.folded)["accepted"]
        found.append(Pairing(expected.name, wanted, entity.sentiment.label, "right" if right else "wrong"))
    used = {entity.name for entity in pairs.values()}
    beyond: Mark = "extra" if sample.gold.entities_complete else "plain"
    return found + [Pairing(entity.name, "", entity.sentiment.label, beyond) for entity in said if entity.name not in used]


def _findings(card: Card | None) -> list[str]:
    if card is None:
        return []
    checks = card.checks
    tallies = [finding for tally in (checks.numbers, checks.names, checks.quotes) if tally for finding in tally.unsupported]
    found = [*tallies, *checks.topics.dropped, *(checks.coherence or ()), *checks.form]
    return [f"{finding.where}: {finding.claim}: {finding.reason}" for finding in found]


def _abstention(card: Card | None, sample: Sample) -> Marked | None:
    """Shown only where the card or gold abstains."""
    wanted = sample.gold.abstain
    if card is None or not (card.status == "abstained" or wanted):
        return None
    did = card.status == "abstained"
    text = f"abstained: {card.abstained_because}" if did else "made a card where gold abstains"
    return Marked(text, "plain" if wanted is None else "right" if did == wanted else "wrong")

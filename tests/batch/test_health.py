"""What a run's health counts, and what it calls odd."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from agent.batch.health import IMPACT_BINS, Health, label_counts
from agent.taxonomy import load_taxonomy
from tests.present.sample import CARD

LABELS = list(load_taxonomy().scores)


def a_card(
    label: str = "neutral", impact: float = 0.5, *, reasked: bool = False, source: str | None = None, requests: int = 1
) -> dict[str, Any]:
    """The JSON of a card with that much of its own."""
    card: dict[str, Any] = json.loads(CARD.to_json())
    card |= {"market_impact": impact, "source": source}
    card["sentiment"] |= {"label": label, "score": load_taxonomy().scores[label]}  # type: ignore[index]
    card["provenance"] |= {"reasked": reasked, "cached": False, "cost_usd": 0.25, "uncached_cost_usd": 0.5}
    card["provenance"]["usage"] |= {"requests": requests}
    card["checks"] |= {
        "passed": True,
        "injection": [],
        "numbers": {"stated": 0, "supported": 0, "unsupported": []},
        "tickers": {"dropped": []},
    }
    return card


def healthy(number: int = 200) -> Health:
    """A run in which nothing is odd."""
    rng = random.Random(1)
    health = Health()
    for at in range(number):
        health.add_card(a_card(rng.choice(LABELS), rng.random(), source=f"wire {at % 3}"))
    return health


def test_a_varied_run_has_nothing_odd() -> None:
    """Labels, impact and sources of all kinds."""
    assert healthy().oddities() == []


def test_costs_and_usage_add_up() -> None:
    """Cards and failures apart."""
    health = Health()
    health.add_card(a_card())
    health.add_card(a_card(requests=2))
    health.add_failure("NoReply", usage={"requests": 5, "input_tokens": 10})
    assert (health.cost_usd, health.uncached_cost_usd) == (0.5, 1.0)
    assert (health.usage["requests"], health.wasted["requests"], health.rows) == (3, 5, 3)


def test_one_unpriced_card_makes_the_cost_unpriced() -> None:
    """Never a sum that leaves something out."""
    health = Health()
    health.add_card(a_card())
    card = a_card()
    card["provenance"]["cost_usd"] = None
    health.add_card(card)
    assert health.cost_usd is None


def test_an_abstained_card_is_in_no_distribution() -> None:
    """It has no label and no impact."""
    health = Health()
    health.add_card(a_card() | {"status": "abstained", "sentiment": None, "market_impact": None})
    assert (health.abstained, health.cards, sum(health.impact), health.labels.total()) == (1, 0, 0, 0)


def test_findings_are_counted_by_card() -> None:
    """Each kind once a card."""
    health = Health()
    card = a_card()
    card["checks"]["numbers"]["unsupported"] = [{}, {}]
    card["checks"]["tickers"]["dropped"] = [{}]
    card["checks"]["injection"] = [{}]
    card["checks"]["passed"] = False
    health.add_card(card)
    counted = health.with_unsupported_number, health.with_dropped_ticker, health.injected, health.with_any_finding
    assert counted == (1, 1, 1, 1)


def test_every_impact_has_a_bin() -> None:
    """0 and 1 included."""
    health = Health()
    for impact in (0.0, 0.05, 0.1, 0.95, 1.0):
        health.add_card(a_card(impact=impact))
    assert (health.impact[0], health.impact[1], health.impact[IMPACT_BINS - 1]) == (2, 1, 2)


def test_one_label_everywhere_is_odd() -> None:
    """At nine cards of ten."""
    health = Health()
    for at in range(100):
        health.add_card(a_card("positive" if at else "neutral", at / 100))
    assert health.oddities() == ["99% of the cards are positive overall"]


def test_bunched_impact_is_odd() -> None:
    """One value on most cards."""
    health = Health()
    for at in range(100):
        health.add_card(a_card(LABELS[at % 5], 0.4 if at % 10 else 0.9))
    assert health.oddities() == ["90% of the cards have the same market impact, 0.40"]


def test_a_storm_of_reasks_is_found_where_it_was() -> None:
    """The second hundred of ten."""
    health = Health()
    for at in range(1_000):
        health.add_card(a_card(LABELS[at % 5], at / 1_000, reasked=100 <= at < 200))
    assert health.windows == [0, 100, *[0] * 8]
    assert [line for line in health.oddities() if "storm" in line] == [
        "a storm of re-asks among the 100 drafts from number 101 on: did the endpoint change its model?"
    ]


def test_many_failures_are_odd() -> None:
    """The most frequent kind is named."""
    health = healthy()
    for _ in range(40):
        health.add_failure("NoReply")
    assert health.oddities() == ["17% of the articles failed, most often with NoReply (40)"]


def test_a_skewed_source_is_odd() -> None:
    """It alone is gloomy."""
    rng = random.Random(2)
    health = Health()
    for at in range(300):
        gloomy = at % 3 == 0
        health.add_card(a_card("strongly negative" if gloomy else rng.choice(LABELS), rng.random(), source="gloom" if gloomy else "wire"))
    found = health.oddities()
    assert len(found) == 2
    assert found[0].startswith("gloom: mean sentiment -0.80 over 100 cards")


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_small_run_is_never_odd(number: int) -> None:
    """A handful of cards may be all alike."""
    health = Health()
    for _ in range(number):
        health.add_card(a_card())
    assert health.oddities() == []


def test_sources_beyond_the_thousandth_are_not_told_apart() -> None:
    """Memory stays bounded."""
    health = Health()
    for at in range(1_100):
        health.add_failure("NoReply", source=f"s{at}")
    assert len(health.sources) == 1_000


def test_all_labels_are_listed() -> None:
    """From the worst to the best, absent ones with 0."""
    health = Health()
    health.add_card(a_card("positive"))
    assert label_counts(health) == [(label, int(label == "positive")) for label in LABELS]

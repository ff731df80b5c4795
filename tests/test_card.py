"""The card's JSON: the contract that users and measurements stand on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.card import Card, Checks, Entity, Evidence, Finding, Instrument, Provenance, Rating, Sentiment, Tally, Usage, card_schema
from agent.taxonomy import COMPONENTS

FIELDS = [
    "schema_version",
    "id",
    "status",
    "abstained_because",
    "title",
    "url",
    "source",
    "published_at",
    "market_impact",
    "tickers",
    "topics",
    "summary",
    "analysis",
    "sentiment",
    "entities",
    "impact",
    "instruments",
    "checks",
    "provenance",
]
PROVENANCE = {
    "engine",
    "model",
    "endpoint",
    "prompt",
    "schema",
    "symbols",
    "newscard",
    "article_digest",
    "truncated",
    "reasked",
    "created_at",
    "cached",
    "usage",
    "cost_usd",
    "uncached_cost_usd",
    "elapsed_s",
}


def card(**changes: Any) -> Card:
    """A card with every part filled, with fields changed."""
    sentiment = Sentiment(label="negative", score=-0.4, reason="It fell.")
    finding = Finding(where="summary", claim="5%", reason="not in the article", start=3, end=5)
    provenance = Provenance(
        engine="llm",
        model="m",
        endpoint="api.openai.com",
        prompt="card.v1@1",
        schema_="s",
        symbols="2026-08-01",
        newscard="0.1.0",
        article_digest="d",
        truncated=False,
        created_at=datetime(2026, 8, 1, tzinfo=UTC),
        cached=False,
        usage=Usage(requests=1, input_tokens=10, output_tokens=5),
        cost_usd=0.003,
        uncached_cost_usd=0.003,
        elapsed_s=2.1,
    )
    fields: dict[str, Any] = {
        "id": "a1",
        "status": "ok",
        "abstained_because": None,
        "title": "T “quoted” — ünï",
        "url": None,
        "source": None,
        "published_at": datetime(2025, 6, 18, 21, tzinfo=UTC),
        "market_impact": 0.55,
        "tickers": ["GOOG", "GOOGL"],
        "topics": ["Inflation"],
        "summary": "S.",
        "analysis": "A.",
        "sentiment": sentiment,
        "entities": [
            Entity(
                name="Google",
                kind="public company",
                tickers=["GOOG", "GOOGL"],
                relevance=0.6,
                sentiment=sentiment,
                evidence=[Evidence(quote="Google fell", start=0, end=11)],
            )
        ],
        "impact": {name: Rating(level=2, reason="r") for name in COMPONENTS},
        "instruments": [
            Instrument(symbol="GOOG", exchange="NASDAQ", issuer="Alphabet Inc.", share_class="Class C", entity="Google", expanded=True)
        ],
        "checks": Checks(numbers=Tally(stated=1, supported=0, unsupported=[finding]), injection=[finding], passed=False),
        "provenance": provenance,
    }
    return Card.model_validate(fields | changes)


def test_a_card_survives_json() -> None:
    """Out and in again, the card is the same."""
    assert Card.model_validate_json(card().to_json()) == card()


@pytest.mark.parametrize("estimated", [0, 10])
def test_an_estimate_is_marked_and_a_count_needs_no_mark(estimated: int) -> None:
    """Readers of before find nothing that they don't know, and both ways of writing a card agree."""
    made = card()
    usage = made.provenance.usage.model_copy(update={"estimated": estimated})
    made = made.model_copy(update={"provenance": made.provenance.model_copy(update={"usage": usage})})
    assert made.to_json_bytes() == made.to_json().encode()
    assert json.loads(made.to_json())["provenance"]["usage"].get("estimated", 0) == estimated
    assert ('"estimated"' in made.to_json()) == bool(estimated)


amount = st.none() | st.floats(min_value=0, allow_infinity=False)
moment = st.datetimes(timezones=st.just(UTC))


@given(st.text(), amount, moment, st.none() | moment)
def test_a_card_in_bytes_is_its_json(text: str, usd: float | None, created_at: datetime, published_at: datetime | None) -> None:
    """Two libraries write them, and no byte differs: texts, figures and times are written alike."""
    made = card(summary=text, published_at=published_at)
    provenance = made.provenance.model_copy(update={"created_at": created_at, "cost_usd": usd})
    for one in (made.model_copy(update={"provenance": provenance}), Card.model_validate_json(made.to_json())):
        assert one.to_json_bytes() == one.to_json().encode()


def test_a_card_is_one_line_of_json() -> None:
    """A file of cards has one a line."""
    assert "\n" not in card(summary="a\nb").to_json()


def test_the_fields_are_the_contracts_in_its_order() -> None:
    """Flat fields first, as the design has them."""
    assert list(json.loads(card().to_json())) == FIELDS
    assert set(json.loads(card().to_json())["provenance"]) == PROVENANCE


def test_checks_have_the_contracts_names() -> None:
    """One key a check, and `passed`."""
    data = json.loads(card().to_json())["checks"]
    assert set(data) == {"numbers", "names", "quotes", "tickers", "topics", "form", "coherence", "injection", "passed"}
    assert data["numbers"]["unsupported"] == [{"where": "summary", "claim": "5%", "reason": "not in the article", "start": 3, "end": 5}]


def test_a_check_that_was_not_run_is_null() -> None:
    """None says nothing was checked; an empty list would say that nothing was found."""
    checks = json.loads(Checks().model_dump_json())
    assert [checks[name] for name in ("numbers", "names", "quotes", "coherence", "injection")] == [None] * 5


def test_dates_are_written_in_utc_with_a_z() -> None:
    """2025-06-18T21:00:00Z, as the contract shows it."""
    assert json.loads(card().to_json())["published_at"] == "2025-06-18T21:00:00Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"market_impact": 1.01},
        {"market_impact": float("nan")},
        {"status": "failed"},
        {"sentiment": {"label": "negative", "score": -1.5, "reason": "r"}},
        {"sentiment": {"label": "bad", "score": -0.5, "reason": "r"}},
        {"impact": {"size": {"level": 1, "reason": "r"}}},
        {"impact": {"breadth": {"level": 5, "reason": "r"}}},
        {"schema_version": "2"},
        {"extra": 1},
    ],
)
def test_what_breaks_the_contract_is_no_card(changes: dict[str, Any]) -> None:
    """Values out of range, unknown labels, components and fields are refused."""
    with pytest.raises(ValidationError):
        card(**changes)


def test_a_card_is_frozen() -> None:
    """Whoever has a card has it as it was checked."""
    with pytest.raises(ValidationError):
        card().summary = "other"  # type: ignore[misc]


def test_usage_adds_up_field_by_field() -> None:
    """Attempts are summed, cached tokens too."""
    one = Usage(requests=1, input_tokens=100, cached_input_tokens=40, output_tokens=7)
    assert one + one == Usage(requests=2, input_tokens=200, cached_input_tokens=80, output_tokens=14)
    assert Usage() + one == one


def test_the_schema_describes_what_is_published() -> None:
    """JSON Schema of the serialised card: public names, every field."""
    schema = card_schema()
    assert list(schema["properties"]) == FIELDS
    assert set(schema["$defs"]["Provenance"]["properties"]) == PROVENANCE

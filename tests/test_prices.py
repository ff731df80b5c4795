"""What a token costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.card import Usage
from agent.errors import UsageError
from agent.prices import Prices

TODAY = date(2026, 11, 23)
OPENAI = "api.openai.com"
USAGE = Usage(requests=2, input_tokens=10_000, cached_input_tokens=4_000, output_tokens=1_000)


def cost(model: str, endpoint: str = OPENAI, usage: Usage = USAGE, on: date = TODAY) -> Decimal | None:
    """By the built-in table."""
    return Prices.load().cost(model, endpoint, usage, on=on)


def test_a_cost_is_exact() -> None:
    """6,000 fresh tokens at 0.75, 4,000 cached at 0.075, 1,000 out at 4.50 dollars a million."""
    assert cost("gpt-5.4-mini") == Decimal("0.0093")


def test_a_dated_snapshot_costs_what_its_family_costs() -> None:
    """By its exact suffix."""
    assert cost("gpt-5.4-mini-2026-03-17") == cost("gpt-5.4-mini") is not None


@pytest.mark.parametrize(
    "model",
    [
        "nobody-s-model",
        "gpt-5.4-mini-",
        "gpt-5.4-minimal",
        "gpt-5.4-mini-2026",
        "gpt-5.4-mini-20260317",
        "gpt-5.4-mini-2026-03-17-x",
        "ft:gpt-4o-mini:acme::x",
        "gpt-4o-2024-05-13",
        "GPT-4o",
        "openai/gpt-4o",
        "",
    ],
)
def test_a_likeness_has_no_price(model: str) -> None:
    """None, never 0 and never a neighbour's."""
    assert cost(model) is None


@pytest.mark.parametrize("endpoint", ["openrouter.ai", "127.0.0.1:11434", "localhost", "res.openai.azure.com", ""])
def test_a_price_belongs_to_an_endpoint(endpoint: str) -> None:
    """The same model's name elsewhere is another offer."""
    assert cost("gpt-4o", endpoint) is None


def test_a_price_does_not_hold_before_its_day() -> None:
    """What it was then, nobody has vouched for."""
    assert cost("gpt-5.4-mini", on=date(2026, 1, 1)) is None


def test_no_usage_costs_nothing_where_the_price_is_known() -> None:
    """Zero is a price only where there is one."""
    assert cost("gpt-4o", usage=Usage()) == 0


def test_every_row_has_its_source() -> None:
    """An address and the day it was read; a cached token never costs more than a fresh one."""
    (table,) = Prices.load().tables
    assert len(table) > 10
    for row in table:
        assert "https://" in row.source
        assert "read 20" in row.source
        assert row.cached_input <= row.input <= row.output


OWN = """
prices:
  - {model: gpt-4o, endpoint: api.openai.com, effective_from: 2025-01-01, input: 1, cached_input: 0.5, output: 2, source: my contract}
  - {model: llama, endpoint: "127.0.0.1:8000", effective_from: 2026-01-01, input: 0.1, cached_input: 0.1, output: 0.1, source: electricity}
  - {model: llama, endpoint: "127.0.0.1:8000", effective_from: 2026-06-01, input: 0.2, cached_input: 0.2, output: 0.2, source: electricity}
"""


def own(tmp_path: Path, text: str = OWN) -> Prices:
    """With a file of the user's."""
    path = tmp_path / "prices.yaml"
    path.write_text(text, "utf-8")
    return Prices.load(path)


def test_a_users_row_comes_before_ours(tmp_path: Path) -> None:
    """Even an older one; what it doesn't mention stays as it was."""
    prices = own(tmp_path)
    assert prices.cost("gpt-4o", OPENAI, USAGE, on=TODAY) == Decimal("0.01")
    assert prices.cost("gpt-4.1", OPENAI, USAGE, on=TODAY) == cost("gpt-4.1")


def test_the_latest_row_in_force_counts(tmp_path: Path) -> None:
    """Prices change on a day."""
    usage = Usage(input_tokens=1_000_000)
    prices = own(tmp_path)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1))
    found = [prices.cost("llama", "127.0.0.1:8000", usage, on=day) for day in days]
    assert found == [None, Decimal("0.1"), Decimal("0.1"), Decimal("0.2")]


def test_a_deployments_own_row_holds_for_the_model_that_answers(tmp_path: Path) -> None:
    """Gateways give a model a name of theirs, and replies give its own; ours says nothing of who answers, nor of a model it leaves out."""
    row = "  - {model: news, endpoint: gw, effective_from: 2026-01-01, input: 1, cached_input: 1, output: 1, source: s, not_for: [big]}"
    prices = own(tmp_path, f"prices:\n{row}\n")
    assert prices.find("gpt-4o-2024-08-06", "gw", TODAY, asked="news") == prices.find("news", "gw", TODAY)
    assert prices.find("big", "gw", TODAY, asked="news") is None
    assert prices.find("gpt-4o-2024-08-06", "gw", TODAY) is None
    assert Prices.load().find("nobody-s-model", OPENAI, TODAY, asked="gpt-4o") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prices: [", "isn't YAML"),
        ("\xff", "prices: Field required|isn't YAML|valid dictionary"),
        ("", "valid dictionary"),
        ("[]", "valid dictionary"),
        ("prices: {}", "prices: "),
        ("rows: []", "prices: Field required"),
        (OWN.replace("source: my contract", "sauce: x"), "prices.0.source: Field required"),
        (OWN.replace("input: 1,", "input: -1,"), "prices.0.input: "),
        (OWN.replace("input: 1,", "input: .inf,"), "prices.0.input: "),
        (OWN.replace("input: 1,", "input: cheap,"), "prices.0.input: "),
        (OWN.replace("2025-01-01", "some day"), "prices.0.effective_from: "),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, says: str, tmp_path: Path) -> None:
    """One line, with the file's name and the row's number."""
    with pytest.raises(UsageError, match=says) as caught:
        own(tmp_path, text)
    assert "prices.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    """By its path."""
    with pytest.raises(UsageError, match=r"none\.yaml can't be read: No such file"):
        Prices.load(tmp_path / "none.yaml")


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    """Bytes that no YAML has."""
    path = tmp_path / "prices.yaml"
    path.write_bytes(b"prices: \xff\xfe\x00")
    with pytest.raises(UsageError, match="isn't YAML"):
        Prices.load(path)

"""Which entity of a card is which of gold."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scorers.matching import matched
from tests.evals.made import expected, said

NAMES = ["Apple", "Apple Inc.", "S&P 500", "S&P 500 index", "Uber", "Uber China", "crude oil", "Brent crude", "Alphabet", "Google"]


@pytest.mark.parametrize(
    ("name", "gold"),
    [
        ("Apple Inc.", "Apple"),
        ("the Federal Reserve", "Federal Reserve"),
        ("NESTLÉ SA", "Nestle"),
        ("Google", "Alphabet"),
        ("S&P 500 index", "S&P 500"),
        ("U.S. Treasury Department", "Treasury"),
        ("Samsung", "Samsung Electronics"),
    ],
)
def test_names_of_one_thing_match(name: str, gold: str) -> None:
    """But for legal form, case, accents, "the", another name of the issuer, or words that only say what it is."""
    assert matched([said(name)], [expected(gold)], None)


@pytest.mark.parametrize(
    ("name", "gold"),
    [
        ("Uber", "Uber China"),
        ("Unilever", "Hindustan Unilever"),
        ("S&P Global", "S&P Global Ratings"),
        ("Wells Fargo", "Wells Fargo Investment Institute"),
        ("oil", "crude oil futures"),
        ("Bank", "Bank of America"),
        ("Medical", "One Medical"),
    ],
)
def test_names_of_two_things_do_not(name: str, gold: str) -> None:
    """A word more can be another company; words that many names have match nobody."""
    assert not matched([said(name)], [expected(gold)], None)


def test_an_alias_or_a_symbol_will_do() -> None:
    """Either names the entity."""
    assert matched([said("Big Blue")], [expected("IBM", aliases=["Big Blue"])], None)
    assert matched([said("The maker of Windows", tickers=("MSFT",))], [expected("Microsoft", tickers=["MSFT"])], None)


def test_names_stand_for_the_issuers_of_the_day() -> None:
    """Facebook was listed in 2019 as itself."""
    assert matched([said("Facebook")], [expected("Facebook, Inc.")], date(2019, 5, 2))


def test_each_matches_at_most_one() -> None:
    """The better rule goes first: the name itself before the issuer."""
    pairs = matched([said("Google"), said("Alphabet")], [expected("Alphabet")], None)
    assert [entity.name for entity, _ in pairs] == ["Alphabet"]


@given(st.lists(st.sampled_from(NAMES), unique=True), st.lists(st.sampled_from(NAMES), unique=True), st.randoms())
def test_order_is_no_matter(on_card: list[str], in_gold: list[str], random: object) -> None:
    """The same pairs, whatever comes first on the card or in gold; and nobody twice."""
    card, gold = [said(name) for name in on_card], [expected(name) for name in in_gold]
    pairs = {(entity.name, other.name) for entity, other in matched(card, gold, None)}
    random.shuffle(card)  # type: ignore[attr-defined]  # hypothesis's Random
    random.shuffle(gold)  # type: ignore[attr-defined]  # the same
    assert {(entity.name, other.name) for entity, other in matched(card, gold, None)} == pairs
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)

"""Which symbols are common shares."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.symbols import SymbolTable
from agent.symbols.classes import common_shares, load_classes

NOT_COMMON = re.compile(r".*\.(P[A-Z]?|W[A-Z]{0,2}|U|UN|R|RI|RT|RW)")


def shares(*pairs: str, cik: int = 1) -> tuple[str, ...]:
    """The common shares of an issuer, from "SYM:EXCHANGE" pairs."""
    split = [pair.partition(":") for pair in pairs]
    return common_shares(cik, [(symbol, exchange or None) for symbol, _, exchange in split])


def test_preferreds_warrants_units_and_rights_never_count() -> None:
    """A suffix tells them."""
    assert shares("JPM:NYSE", "JPM.PC:NYSE", "JPM.WT:NYSE", "JPM.U:NYSE", "JPM.UN:NYSE", "JPM.RI:NYSE", "JPM.R:NYSE") == ("JPM",)


def test_nasdaqs_fifth_letter_never_counts() -> None:
    """FITBI is a preferred of FITB, also where the root is shortened to make room."""
    assert shares("FITB:NASDAQ", "FITBI:NASDAQ") == ("FITB",)
    assert shares("KDKRW:NASDAQ", "KDK:NASDAQ") == ("KDK",)


def test_known_classes_come_in_the_lists_order() -> None:
    """Not in the order in which the SEC has them."""
    assert shares("GOOGL:NASDAQ", "GOOG:NASDAQ") == ("GOOG", "GOOGL")
    assert shares("BRK.B:NYSE", "BRK.A:NYSE") == ("BRK.A", "BRK.B")


def test_an_a_and_a_b_of_one_root_are_classes() -> None:
    """A pair that came after the list was last looked at."""
    assert shares("NEW.B:NYSE", "NEW.A:NYSE", "NEW.PA:NYSE") == ("NEW.A", "NEW.B")


def test_notes_and_funds_beside_a_share_never_count() -> None:
    """Only the first symbol of an issuer that isn't in the list."""
    assert shares("BMO:NYSE", "FNGD:NYSE", "BERZ:NYSE") == ("BMO",)


def test_a_listed_share_is_preferred_to_the_counter() -> None:
    """ASML on Nasdaq, not its ordinary share over the counter."""
    assert shares("ASMLF:OTC", "ASML:NASDAQ") == ("ASML",)


def test_over_the_counter_the_receipt_comes_before_the_ordinary() -> None:
    """Both are the same share; the ADR is the one that is traded."""
    assert shares("PCCYF:OTC", "PTCCY:OTC") == ("PTCCY",)
    assert shares("ITOCF:OTC") == ("ITOCF",)


def test_an_issuer_of_notes_alone_has_no_common_share() -> None:
    """UBS AG's notes are no shares of UBS."""
    assert shares("AMUB:NYSE", "BDCX:NYSE", cik=1114446) == ()


def test_every_listing_has_its_issuers_cik_and_is_a_common_share(table: SymbolTable) -> None:
    """Over the whole table: no preferred, warrant, unit or right; no symbol twice; its own name and class."""
    labels = load_classes().labels
    seen: set[str] = set()
    for issuer in table.issuers():
        assert issuer.listings
        four = {symbol for symbol in issuer.symbols if len(symbol) == 4}
        for listing in issuer.listings:
            assert (listing.cik, listing.issuer, listing.share_class) == (issuer.cik, issuer.name, labels.get(listing.symbol))
            assert not NOT_COMMON.fullmatch(listing.symbol)
            assert listing.symbol in labels or listing.symbol[:4] not in four - {listing.symbol}
            assert listing.symbol not in seen
            seen.add(listing.symbol)


def test_every_hand_kept_class_is_published(table: SymbolTable) -> None:
    """A symbol in shares.tsv that no card could carry is a mistake."""
    published = {symbol for issuer in table.issuers() for symbol in issuer.symbols}
    assert set(load_classes().labels) <= published


SUFFIXES = st.sampled_from(["", ".A", ".B", ".PA", ".PZ", ".WT", ".WS", ".U", ".UN", ".R", ".RI", "W", "U", "R", "P", "Z"])
EXCHANGE = st.sampled_from(["NASDAQ", "NYSE", "CBOE", "OTC", None])
ROOTS = st.from_regex(r"[A-Z]{3,4}", fullmatch=True)


@given(ROOTS, st.lists(st.tuples(SUFFIXES, EXCHANGE), min_size=1, max_size=8, unique_by=lambda pair: pair[0]))
def test_expansion_yields_only_common_shares_of_the_issuer(root: str, suffixes: list[tuple[str, str | None]]) -> None:
    """Whatever an issuer has listed: a subset of its symbols, none twice, none with a suffix of another kind."""
    symbols = [(root + suffix, exchange) for suffix, exchange in suffixes]
    found = common_shares(1, symbols)
    assert set(found) <= {symbol for symbol, _ in symbols}
    assert len(set(found)) == len(found)
    assert not any(NOT_COMMON.fullmatch(symbol) for symbol in found)
    if len(root) == 4 and root in {symbol for symbol, _ in symbols}:
        assert not any(len(symbol) == 5 and "." not in symbol for symbol in found if symbol not in load_classes().labels)


@pytest.mark.parametrize("written", ["BRK.B", "BRK-A", "brk/b", "$BRK.B"])
def test_every_class_leads_to_every_other(table: SymbolTable, written: str) -> None:
    """One symbol of an issuer gives all its classes."""
    issuer = table.issuer_of(written)
    assert issuer is not None
    assert issuer.symbols == ("BRK.A", "BRK.B")

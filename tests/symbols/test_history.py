"""Symbols that were: the day decides."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.symbols import SymbolTable, load_symbols
from agent.symbols.build import read_rows, table_text
from agent.symbols.history import Period, load_history, read_period
from agent.symbols.names import symbol_key

PERIODS = load_history()
PAST = [period for period in PERIODS if period.past]
DAYS = st.dates(date(2014, 1, 1), date(2027, 1, 1))


def symbols(table: SymbolTable, name: str, on: str | None) -> str:
    """What `name` gives on a day; empty when it gives nothing."""
    issuer = table.resolve(name, date.fromisoformat(on) if on else None)
    return " ".join(issuer.symbols) if issuer else ""


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("Facebook", "2019-05-01", "FB"),
        ("Instagram", "2019-05-01", "FB"),
        ("Facebook", "2022-06-08", "FB"),
        ("Facebook", "2022-06-09", "META"),
        ("Facebook", None, "META"),
        ("Meta Platforms", "2022-01-10", "FB"),
        ("Meta Platforms", "2019-05-01", ""),
        ("Meta", "2023-05-01", "META"),
        ("Twitter", "2022-10-27", "TWTR"),
        ("Twitter", "2022-10-28", ""),
        ("Twitter", None, ""),
        ("Square", "2018-01-01", "SQ"),
        ("Block", "2018-01-01", ""),
        ("Block", "2024-01-01", "SQ"),
        ("Block", "2025-02-01", "XYZ"),
        ("Yahoo", "2016-01-01", "YHOO"),
        ("Yahoo", "2018-01-01", ""),
        ("Altaba", "2018-01-01", "AABA"),
        ("Red Hat", "2018-01-01", "RHT"),
        ("Red Hat", "2020-01-01", "IBM"),
        ("Whole Foods Market", "2017-01-01", "WFM"),
        ("Raytheon", "2018-01-01", "RTN"),
        ("United Technologies", "2018-01-01", "UTX"),
        ("Raytheon", "2021-01-01", "RTX"),
        ("BB&T", "2018-01-01", "BBT"),
        ("SunTrust", "2018-01-01", "STI"),
        ("21st Century Fox", "2018-01-01", "FOXA FOX"),
        ("Viacom", "2018-01-01", "VIAB VIA"),
        ("Royal Dutch Shell", "2020-01-01", "RDS.A RDS.B"),
        ("Shell", "2022-06-01", "SHEL"),
        ("Uber", "2017-01-01", ""),
        ("Uber", "2019-05-10", "UBER"),
        ("HBO", "2016-01-01", "TWX"),
        ("HBO", "2020-01-01", "T"),
        ("HBO", "2023-01-01", "WBD"),
        ("Apple", "2016-01-01", "AAPL"),
    ],
)
def test_the_day_decides_what_a_name_gives(table: SymbolTable, name: str, on: str | None, expected: str) -> None:
    """Old symbols before the change, new ones from that day on, none where nothing was listed; without a day, those of today."""
    assert symbols(table, name, on) == expected


@pytest.mark.parametrize(
    ("symbol", "on", "name"),
    [
        ("S", date(2018, 1, 1), "Sprint Corporation"),
        ("S", date(2020, 12, 1), None),
        ("S", date(2023, 1, 1), "SentinelOne, Inc."),
        ("FOXA", date(2018, 1, 1), "Twenty-First Century Fox, Inc."),
        ("FOXA", date(2020, 1, 1), "Fox Corp"),
        ("META", date(2018, 1, 1), None),
        ("FIG", date(2017, 1, 1), "Fortress Investment Group LLC"),
    ],
)
def test_a_symbol_that_two_companies_had_is_the_one_of_the_day(table: SymbolTable, symbol: str, on: date, name: str | None) -> None:
    """Symbols are used again."""
    issuer = table.issuer_of(symbol, on)
    assert (issuer.name if issuer else None) == name


def test_a_renamed_issuer_keeps_its_cik_and_class_and_shows_its_old_name(table: SymbolTable) -> None:
    """It is one filer."""
    then, now = table.resolve("Facebook", date(2019, 1, 1)), table.resolve("Facebook")
    assert then is not None
    assert now is not None
    assert (then.cik, then.listings[0].share_class) == (now.cik, now.listings[0].share_class)
    assert (then.name, then.listings[0].issuer, then.listings[0].exchange) == ("Facebook, Inc.", "Facebook, Inc.", "NASDAQ")
    assert {"Facebook", "Instagram"} <= set(table.names_of(then))


def test_a_text_is_read_as_of_its_day(table: SymbolTable) -> None:
    """Names, aliases and symbols in brackets; where a word is a name, as ever with support."""
    text = "Facebook (NASDAQ: FB) rose. Shares of Sprint and of Red Hat fell; they sprint. $TWTR rose, $META didn't."
    then = [(mention.surface, mention.issuer.symbols[0]) for mention in table.mentions(text, date(2019, 1, 1))]
    assert then == [("Facebook", "FB"), ("FB", "FB"), ("Sprint", "S"), ("Red Hat", "RHT"), ("TWTR", "TWTR")]
    now = [(mention.surface, mention.issuer.symbols[0]) for mention in table.mentions(text)]
    assert now == [("Facebook", "META"), ("Red Hat", "IBM"), ("META", "META")]


def test_a_company_that_is_gone_is_found_by_its_names(table: SymbolTable) -> None:
    """`names_of` and `is_named` know them."""
    twitter = table.resolve("Twitter", date(2020, 1, 1))
    assert twitter is not None
    assert table.names_of(twitter)[:2] == ("Twitter, Inc.", "twitter")
    assert table.is_named(twitter, "Users left Twitter.")


@pytest.mark.parametrize("name", ["Face\u200bbook", "Fаcebook", "Ｔｗｉｔｔｅｒ", "Twit\u00adter", "$ＦＢ"])
@pytest.mark.parametrize("on", [None, date(2019, 1, 1)])
def test_disguised_names_resolve_on_no_day(table: SymbolTable, name: str, on: date | None) -> None:
    """Hidden characters and lookalikes aren't mended for the past either."""
    assert table.resolve(name, on) is None
    assert table.mentions(f"Shares of {name} rose.", on) == []


def test_lookup_names_the_company_that_had_a_symbol_once(table: SymbolTable) -> None:
    """Who types FB means Meta; it is a candidate, with the day."""
    first = table.lookup("FB")[0]
    assert (first.issuer.symbols, first.resolves, first.why) == (("META",), False, "its symbol until 2022-06-09")
    assert table.lookup("Facebook", date(2019, 1, 1))[0].issuer.symbols == ("FB",)


@pytest.mark.parametrize("period", PAST, ids=lambda p: f"{p.symbols[0]}-{p.end.year}")
def test_every_past_line_resolves_on_its_last_day_and_not_on_the_next(table: SymbolTable, period: Period) -> None:
    """By its filed name and by each symbol."""
    last = date.fromordinal(period.end.toordinal() - 1)
    issuer = table.resolve(period.name, last)
    assert issuer is not None
    assert (issuer.symbols, issuer.name) == (period.symbols, period.name)
    assert all(table.issuer_of(symbol, last) == issuer for symbol in period.symbols)
    after = table.resolve(period.name, period.end)
    assert after != issuer or period.issuer in period.symbols
    assert all(symbol_key(symbol) == symbol for symbol in period.symbols)
    assert period.start < period.end


@pytest.mark.parametrize("period", [p for p in PERIODS if not p.past], ids=lambda p: p.symbols[0])
def test_every_first_day_is_one_of_a_symbol_of_today(table: SymbolTable, period: Period) -> None:
    """Nothing before it, the issuer of today from then on."""
    today = table.issuer_of(period.issuer)
    assert today is not None
    assert period.symbols[0] in today.symbols
    assert table.issuer_of(period.issuer, date.fromordinal(period.start.toordinal() - 1)) != today
    assert symbols(table, today.name, None) == " ".join(today.symbols)


def test_two_lines_of_one_symbol_never_hold_on_the_same_day() -> None:
    """One symbol, one company."""
    lines = sorted((symbol, period.start, period.end, period.name) for period in PERIODS for symbol in period.symbols)
    clashes = [(a, b) for a, b in pairwise(lines) if a[0] == b[0] and b[1] < a[2]]
    assert clashes == []


def test_there_are_enough_lines_for_the_news_of_ten_years() -> None:
    """Renamed, gone, and first listed."""
    assert len(PAST) > 350
    assert len(PERIODS) - len(PAST) > 80


@given(DAYS)
def test_on_any_day_each_issuer_shows_common_shares_of_its_own(on: date) -> None:
    """Whatever the day: the symbols of a name lead back to it."""
    table = load_symbols()
    for name in ("Facebook", "Meta", "Fox", "Sony", "Alcoa", "Broadcom", "Paramount", "Barrick", "Apple", "Chubb", "DuPont"):
        issuer = table.resolve(name, on)
        assert issuer is None or all(table.issuer_of(symbol, on) == issuer for symbol in issuer.symbols)


def test_dates_may_be_months_and_years() -> None:
    """A first one from its beginning, a last one to its end."""
    period = read_period("A B\tN\tExample Corp\tOne;Two\t2015\t2016-02\t-\twhy")
    assert (period.start, period.end) == (date(2015, 1, 1), date(2016, 3, 1))
    assert (period.symbols, period.also) == (("A", "B"), ("One", "Two"))
    assert read_period("A\tN\tExample Corp\t-\t-\t2016-02-03\t-\twhy").end == date(2016, 2, 3)


@pytest.mark.parametrize("line", ["A\tN\tExample", "A\tN\tExample\t-\t-\tsoon\t-\twhy"])
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    """A ValueError, so that no release has one."""
    with pytest.raises(ValueError, match=r"renames\.tsv|invalid literal"):
        read_period(line)


def test_a_table_without_the_company_of_today_has_no_past_of_it() -> None:
    """A table of one's own isn't widened by renamed companies."""
    rows = read_rows({"fields": ["cik", "name", "ticker", "exchange"], "data": [[1, "Example Corp", "EXA", "NYSE"]]})
    table = SymbolTable(table_text(rows, version="2026-01-31", source="a test"))
    assert table.resolve("Facebook", date(2019, 1, 1)) is None
    assert symbols(table, "Example", "2019-01-01") == "EXA"

"""From a name to its issuer."""

import pytest

from agent.symbols import SymbolTable
from agent.symbols.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("Meta", "META"),
        ("Facebook", "META"),
        ("Google", "GOOG GOOGL"),
        ("Alphabet", "GOOG GOOGL"),
        ("Alphabet Inc. (NASDAQ: GOOGL)", "GOOG GOOGL"),
        ("Berkshire", "BRK.A BRK.B"),
        ("Berkshire Hathaway Inc.", "BRK.A BRK.B"),
        ("Fox Corporation", "FOXA FOX"),
        ("News Corp", "NWSA NWS"),
        ("Nvidia", "NVDA"),
        ("Palantir", "PLTR"),
        ("Target", "TGT"),
        ("Visa", "V"),
        ("Block", "XYZ"),
        ("Gap", "GAP"),
        ("Snap", "SNAP"),
        ("Delta", "DAL"),
        ("Taiwan Semiconductor Manufacturing Company", "TSM"),
        ("Novo Nordisk A/S", "NVO"),
        ("UBS", "UBS"),
        ("Rio Tinto", "RIO"),
        ("$TSLA", "TSLA"),
        ("iShares Bitcoin Trust", "IBIT"),
    ],
)
def test_names_as_news_has_them_resolve(table: SymbolTable, name: str, symbols: str) -> None:
    """By alias, by name without legal form, by a beginning that is one company's own."""
    issuer = table.resolve(name)
    assert issuer is not None
    assert " ".join(issuer.symbols) == symbols


@pytest.mark.parametrize(
    "name",
    "OpenAI|Scale AI|Scale|Anthropic|Tencent|Samsung|Merck KGaA|Prudential|Reliance Industries|General Catalyst|Starlink|Open|Core|Even|"
    "Rivals|All|It|S&P 500|Bitcoin|Bain Capital|First Bancorp|TSLA| |".split("|"),
)
def test_unlisted_ambiguous_and_ordinary_names_do_not(table: SymbolTable, name: str) -> None:
    """Better no ticker than somebody else's; a bare symbol isn't a name."""
    assert table.resolve(name) is None


@pytest.mark.parametrize("name", ["App\u200ble", "Аpple", "Ａｐｐｌｅ", "Apple\u202e", "Tеsla Inc."])
def test_disguised_names_never_resolve(table: SymbolTable, name: str) -> None:
    """Zero-width, Cyrillic, full-width and bidirectional characters are no spelling of a company."""
    assert table.resolve(name) is None
    assert table.lookup(name) == []


def test_accents_are_no_disguise(table: SymbolTable) -> None:
    """Estée Lauder is filed as ESTEE LAUDER."""
    assert table.resolve("Estée Lauder") == table.resolve("Estee Lauder Companies Inc") is not None


def test_a_name_as_filed_comes_before_an_alias(table: SymbolTable) -> None:
    """Vertex is Vertex Pharmaceuticals, Vertex, Inc. another company."""
    found = [table.resolve(name) for name in ("Vertex", "Vertex, Inc.")]
    assert [issuer and issuer.symbols for issuer in found] == [("VRTX",), ("VERX",)]


def test_a_symbol_of_somebody_else_beside_the_name_stops_it(table: SymbolTable) -> None:
    """Alphabet (MSFT) is nobody."""
    assert table.resolve("Alphabet (MSFT)") is None


def test_a_name_too_long_to_be_one_is_none(table: SymbolTable) -> None:
    """And doesn't take long to say so."""
    assert table.resolve("Apple" + " " * 1_000_000) is None


@pytest.mark.parametrize(("alias", "symbol"), load_lexicon().aliases)
def test_every_alias_hits_a_listed_issuer(table: SymbolTable, alias: str, symbol: str) -> None:
    """And resolves to that issuer; "-" is nobody."""
    issuer = table.resolve(alias)
    if symbol == "-":
        assert issuer is None
    else:
        assert issuer is not None
        assert issuer == table.issuer_of(symbol)
        assert alias in table.names_of(issuer)


def test_every_issuer_is_found_by_its_own_symbols(table: SymbolTable) -> None:
    """Over the whole table."""
    assert all(table.issuer_of(symbol) == issuer for issuer in table.issuers() for symbol in issuer.symbols)


def test_a_preferred_leads_to_its_issuer(table: SymbolTable) -> None:
    """The issuer of JPM-PC is JPMorgan, published as JPM."""
    issuer = table.issuer_of("JPM-PC")
    assert issuer is not None
    assert issuer.symbols == ("JPM",)


def test_large_issuers_resolve_by_their_full_names(table: SymbolTable) -> None:
    """Of the thousand largest, all but a few that share a name."""
    lost = [issuer.name for issuer in table.issuers()[:1000] if table.resolve(issuer.name) != issuer]
    assert len(lost) <= 2, lost


def test_lookup_says_what_and_why(table: SymbolTable) -> None:
    """The command line shows this to a user who wonders."""
    found = table.lookup("Google")
    assert [(c.issuer.symbols, c.resolves, c.why) for c in found] == [(("GOOG", "GOOGL"), True, "an alias")]


def test_lookup_of_an_ambiguous_name_gives_candidates(table: SymbolTable) -> None:
    """None of them resolves."""
    found = table.lookup("First Bancorp")
    assert {"FBP", "FBNC", "FNLC"} <= {symbol for c in found for symbol in c.issuer.symbols}
    assert not any(c.resolves for c in found)


def test_lookup_of_a_misspelt_name_comes_near(table: SymbolTable) -> None:
    """One letter off is still found as a candidate."""
    assert table.lookup("Microsfot")[0].issuer.symbols == ("MSFT",)
    assert table.lookup("Facebok")[0].issuer.symbols == ("META",)
    assert "TM" in {symbol for c in table.lookup("Toyta") for symbol in c.issuer.symbols}


def test_a_word_of_many_names_brings_nobody_near(table: SymbolTable) -> None:
    """Scale AI isn't near every company with AI in its name."""
    assert table.lookup("Zzyzx AI") == []
    assert table.lookup("Siemens")[0].issuer.symbols == ("SMERY",)


def test_lookup_of_a_bare_symbol_names_its_issuer(table: SymbolTable) -> None:
    """As a candidate: it isn't a name."""
    first = table.lookup("TSLA")[0]
    assert (first.issuer.symbols, first.resolves, first.why) == (("TSLA",), False, "its symbol")

"""Where a text names issuers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.symbols import SymbolTable, load_symbols


def found(table: SymbolTable, text: str) -> list[tuple[str, str]]:
    """Surface and first symbol of each mention."""
    return [(mention.surface, mention.issuer.symbols[0]) for mention in table.mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Meta Platforms rose while Google fell.", "Meta Platforms=META Google=GOOG"),
        ("Apple Inc., Amazon.com, Inc. and Lowe's Cos. fell.", "Apple Inc=AAPL Amazon.com, Inc=AMZN Lowe's Cos=LOW"),
        ("Apple’s rivals, McDonald's and Macy's results", "Apple=AAPL McDonald's=MCD Macy's=M"),
        ("AT&T, P&G and J&J beat Johnson & Johnson.", "AT&T=T P&G=PG J&J=JNJ Johnson & Johnson=JNJ"),
        ("U.S. Bancorp and J.P. Morgan said", "U.S. Bancorp=USB J.P. Morgan=JPM"),
        ("Hewlett Packard Enterprise rose", "Hewlett Packard Enterprise=HPE"),
        ("Bank of\nAmerica rose", "Bank of\nAmerica=BAC"),
        ("Microsoft-backed OpenAI", "Microsoft=MSFT"),
        ("Alphabet (NASDAQ: GOOGL) rose", "Alphabet=GOOG GOOGL=GOOG"),
        ("the insurer (NYSE:ALL) and $TSLA rose", "ALL=ALL TSLA=TSLA"),
        ("the conglomerate (NYSE: BRK-B) rose", "BRK-B=BRK.A"),
        ("Coca-Cola Co. <KO.N> and its bottler (BRKa.N)", "Coca-Cola Co=KO KO=KO BRKa=BRK.A"),
        ("the UPS strike; ups and downs", "UPS=UPS"),
        ("U.S. A plan by Visa Inc and the SPDR S&P 500 ETF Trust", "Visa Inc=V SPDR S&P 500 ETF Trust=SPY"),
    ],
)
def test_names_and_symbols_are_found(table: SymbolTable, text: str, expected: str) -> None:
    """The longest name, with its legal form; symbols in the forms that say they are symbols."""
    assert " ".join(f"{surface}={symbol}" for surface, symbol in found(table, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Target the weak spots first, the coach said.",
        "Block by block, the city is rebuilt.",
        "Even so, some customers left. Rivals gained. Open markets fell. Core inflation rose. Scale matters.",
        "IT spending grew, he said. ON balance, ALL is well NOW.",
        "ALL OF IT IS ON NOW",
        "TARGET CUTS OUTLOOK",
        "The gap widened. The Gap between rich and poor",
        "The Delta variant spread.",
        "on Monday, 3 March, Jackson said in Q2",
        "Mr. Ford and Harrison Ford met Michael Dell.",
        "Visa rules for students changed. Snap judgments are bad.",
        "Gemini beat Llama while Solana and Bitcoin fell.",
        "the Federal Open Market Committee; the Nasdaq fell; the S&P 500 and the Dow rose",
        "Merck KGaA and Reliance Industries said; Tencent, Samsung and Lloyd's of London said",
        "Meta-analysis of trials; a meta analysis",
        "prices in $US rose to $5, US$ and $CAD",
        "google and apple",
        "OpenAI, Scale AI and Anthropic",
    ],
)
def test_ordinary_words_people_and_unlisted_companies_are_not(table: SymbolTable, text: str) -> None:
    """A capital at the start of a sentence, or a symbol that is a word, names nobody."""
    assert found(table, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Target Corp cut prices.",
        "Target (TGT) cut prices.",
        "Shares of Target fell.",
        "Target shares fell.",
        "Analysts say Target will recover.",
        "Target reported weaker sales.",
        "Target is strong. The retailer (NYSE: TGT) said so.",
    ],
)
def test_an_ordinary_word_counts_with_support(table: SymbolTable, text: str) -> None:
    """A legal form or symbol beside it, shares, a verb of companies, a capital within a sentence, a sure mention elsewhere."""
    assert found(table, text)[0] == ("Target", "TGT") or found(table, text)[0] == ("Target Corp", "TGT")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Walmart, Target and Costco cut prices.", "WMT TGT COST"),
        ("Apple, Visa and Block reported.", "AAPL V XYZ"),
        ("Delta and United Airlines raised fares.", "DAL UAL"),
        ("Snap and Pinterest fell.", "SNAP PINS"),
        ("A seller of Gap, Delta and Snap on Monday", "GAP DAL SNAP"),
        ("Wrenches from Snap-on sold well.", "SNA"),
        ("Apple, Target the best buyers, he said.", "AAPL"),
        ("Now, Apple must act. Open, Amazon said. First, Nvidia.", "AAPL AMZN NVDA"),
        ("Delta and omicron cases rose at Pfizer.", "PFE"),
        ("Google and Delta Force", "GOOG"),
        ("Meta Platforms rose, Meta Materials fell.", "META"),
        ("Meta Materials fell; the company is small.", ""),
        ("ALL of IT fell. NOW it is ON. The insurer (NYSE: ALL) said so.", "ALL"),
    ],
)
def test_ordinary_words_in_a_row_of_names_are_names(table: SymbolTable, text: str, expected: str) -> None:
    """And only there: not before an article, a comma alone doesn't do, nor what is longer than the name."""
    assert " ".join(symbol for _, symbol in found(table, text)) == expected


def test_a_part_of_a_name_counts_once_the_name_was_said(table: SymbolTable) -> None:
    """A rocket is a rocket until Rocket Companies was named."""
    assert found(table, "Rocket engines are loud.") == []
    assert found(table, "Rocket Companies rose. Rocket engines are loud.") == [("Rocket Companies", "RKT"), ("Rocket", "RKT")]


@pytest.mark.parametrize("text", ["Met\u200ba fell", "Аpple fell", "Ｇｏｏｇｌｅ fell", "$TSLA\u200bX fell", "Goo\u00adgle fell"])
def test_disguised_names_are_not_found(table: SymbolTable, text: str) -> None:
    """Hidden characters and lookalikes aren't mended."""
    assert found(table, text) == []


def test_a_longer_name_is_never_cut_to_a_shorter(table: SymbolTable) -> None:
    """GE Vernova isn't GE."""
    assert found(table, "GE Vernova and GE rose") == [("GE Vernova", "GEV"), ("GE", "GE")]


PIECES = st.sampled_from(
    [
        "Apple",
        "Target",
        "Meta Platforms",
        "Inc.",
        "shares of",
        "the",
        "&",
        "J.P.",
        "Morgan",
        "(NYSE: TGT)",
        "$TSLA",
        "'s",
        "\u200b",
        "é",
        "\n",
        "AT&T",
        "A B C",
    ]
)


@settings(max_examples=200)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30), st.sampled_from(["", " "]))
def test_mentions_slice_out_of_the_text_in_order(pieces: list[str], glue: str) -> None:
    """For any text: `text[start:end] == surface`, in order, without overlap."""
    text = glue.join(pieces)
    last = 0
    for mention in load_symbols().mentions(text):
        assert text[mention.start : mention.end] == mention.surface
        assert last <= mention.start < mention.end
        last = mention.end


@pytest.mark.parametrize("unit", ["A ", "A.", "Apple ", "(", "$", "Bank of ", "'", "Target "])
def test_long_repetition_is_read_to_the_end(table: SymbolTable, unit: str) -> None:
    """Nothing about repetition makes it fail; a time that grew with the square would hang here."""
    assert isinstance(table.mentions(unit * (300_000 // len(unit))), list)


def test_is_named_asks_for_no_support(table: SymbolTable) -> None:
    """Who was drafted as a company only needs to be in the text, written large and not disguised."""
    target = table.resolve("Target")
    assert target is not None
    assert table.is_named(target, "Target cuts prices")
    assert table.is_named(target, "Bullseye cuts prices", "Bullseye")
    assert not table.is_named(target, "They target cuts; Tar\u200bget")

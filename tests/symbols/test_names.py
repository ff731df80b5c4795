"""Names and symbols in the form they are compared by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.symbols.names import fold, name_key, short_key, symbol_key, tokens


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("NVIDIA CORP", "nvidia"),
        ("Apple Inc.", "apple"),
        ("The Home Depot, Inc.", "home depot"),
        ("AMAZON COM INC", "amazon"),
        ("Amazon.com, Inc.", "amazon"),
        ("BANK OF AMERICA CORP /DE/", "bank of america"),
        ("WELLS FARGO & COMPANY/MN", "wells fargo"),
        ("US BANCORP DE", "us bancorp"),
        ("U.S. Bancorp", "us bancorp"),
        ("Eli Lilly & Co", "eli lilly"),
        ("JOHNSON & JOHNSON", "johnson and johnson"),
        ("Johnson and Johnson", "johnson and johnson"),
        ("McDonald’s Corp.", "mcdonalds"),
        ("Novo Nordisk A/S", "novo nordisk"),
        ("NOVO NORDISK A S", "novo nordisk"),
        ("TELEFONICA S A", "telefonica"),
        ("Telefónica, S.A.", "telefonica"),
        ("CEMEX SAB DE CV", "cemex"),
        ("J.P. Morgan", "jp morgan"),
        ("Coca‑Cola", "coca cola"),
        ("Nestlé S.A.", "nestle"),
        ("Alphabet Inc. Class A", "alphabet"),
        ("Tesla, Inc. Common Stock", "tesla"),
        ("UBS Group AG", "ubs group"),
    ],
)
def test_legal_forms_punctuation_and_accents_fall_away(name: str, key: str) -> None:
    """What people write differently has one key."""
    assert name_key(name) == key


def test_group_and_holdings_fall_away_only_in_the_short_key() -> None:
    """Target Group isn't Target Corp, while Carlyle is the Carlyle Group."""
    assert name_key("Target Group Inc.") == "target group"
    assert short_key("carlyle group") == "carlyle"
    assert short_key("apple") == "apple"


def test_a_name_that_is_all_legal_form_keeps_a_word() -> None:
    """Nothing is stripped to nothing."""
    assert name_key("The Company") == "company"


@pytest.mark.parametrize(
    "name",
    ["App\u200ble", "Аpple", "Ａｐｐｌｅ", "Apple\u00ad", "App\u0131e", "ﬁserv", "Μeta", "me\u202eta", "Tesla\U000e0041", "特斯拉"],
    ids=["zero-width", "Cyrillic", "full-width", "soft hyphen", "dotless i", "ligature", "Greek", "bidi", "tag", "Chinese"],
)
def test_what_is_not_plain_latin_has_no_key(name: str) -> None:
    """Lookalikes and hidden characters aren't mended; such a name is nobody's."""
    assert fold(name) is None
    assert tokens(name) == ()
    assert name_key(name) == ""


def test_composed_and_decomposed_accents_are_the_same() -> None:
    """Nestlé is Nestlé, however it is encoded."""
    assert fold(unicodedata.normalize("NFD", "Nestlé")) == fold("Nestlé") == "nestle"


@pytest.mark.parametrize("written", ["BRK.B", "BRK-B", "BRK/B", "brk.b", "$BRK.B", "NYSE: BRK.B", "NYSE:BRK-B", " BRK.B "])
def test_a_symbol_has_one_published_form(written: str) -> None:
    """The dot form, whoever wrote it."""
    assert symbol_key(written) == "BRK.B"


@pytest.mark.parametrize("written", ["", "GОOG", "TSLA\u200b", "ＴＳＬＡ", "not a symbol", "BRK..B", "A" * 9, "https://x.y"])
def test_what_is_not_shaped_like_a_symbol_is_none(written: str) -> None:
    """Only plain ASCII of the right shape is a symbol."""
    assert symbol_key(written) is None


@given(st.from_regex(r"[A-Z]{1,5}([.\-/][A-Z]{1,2})?", fullmatch=True))
def test_symbol_forms_agree_and_stay(written: str) -> None:
    """All written forms have one key, and the key is its own key."""
    key = symbol_key(written)
    assert key is not None
    assert symbol_key(key) == key
    assert {symbol_key(written.replace(old, new)) for old in ".-/" for new in ".-/"} == {key}
    assert symbol_key(f"${written.lower()}") == symbol_key(f"NASDAQ: {written}") == key


@given(st.text(max_size=60))
def test_a_name_key_is_its_own_key_and_ascii(name: str) -> None:
    """Keys are stable, so a stored key and a fresh one compare equal."""
    key = name_key(name)
    assert key.isascii()
    assert name_key(key).split() == name_key(name_key(key)).split()


@given(st.text(max_size=60))
def test_folding_never_lets_a_hidden_character_through(name: str) -> None:
    """A fold is printable ASCII or nothing."""
    folded = fold(name)
    assert folded is None or (folded.isascii() and (folded.isprintable() or folded.isspace()))

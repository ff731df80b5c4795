"""Who is found, under which name, of which kind."""

from __future__ import annotations

import pytest

from agent.engines.extractive.entities import Found, find_entities
from agent.symbols import SymbolTable
from tests.engines.extractive.conftest import reading


def found(text: str, table: SymbolTable, title: str = "") -> dict[str, Found]:
    """Name -> entity."""
    return {entity.name: entity for entity in find_entities(reading(text, title), table)}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("A plan by Lena Okoro, Brightmill's chief financial officer, was read.", "Lena Okoro", "person"),
        ("On Monday chief executive Ruud Haverkamp spoke.", "Ruud Haverkamp", "person"),
        ("It was told by Mary Quist on Monday.", "Mary Quist", "person"),
        ("The startup Brightmill makes maps.", "Brightmill", "private company"),
        ("In June Brightmill, a data-labeling firm, grew.", "Brightmill", "private company"),
        ("In June Brightmill's shares fell to a low.", "Brightmill", "public company"),
        ("In June Quarry Holdings was formed.", "Quarry Holdings", "private company"),
        ("It was filed by the Harbour Pension Fund on Monday.", "Harbour Pension Fund", "fund"),
        ("It was the Danish Energy Agency that spoke.", "Danish Energy Agency", "government body"),
        ("On Monday the Federal Reserve met.", "Federal Reserve", "government body"),
        ("Then the ECB met.", "ECB", "government body"),
        ("Then the S&P 500 slipped.", "S&P 500", "index"),
        ("The price of copper per tonne slipped.", "copper", "commodity"),
        ("Traders sold bitcoin on Monday.", "bitcoin", "crypto"),
        ("Traders bought the yen on Monday.", "yen", "currency"),
        ("On Monday Microsoft met its makers.", "Microsoft", "public company"),
    ],
)
def test_kinds_come_from_the_words_beside_a_name(text: str, name: str, kind: str, table: SymbolTable) -> None:
    """Titles, appositions, suffixes and shares tell what a name is."""
    assert found(text, table)[name].kind == kind


def test_short_forms_fold_into_long_ones(table: SymbolTable) -> None:
    """A surname and the first word of a company's name are no entities of their own."""
    text = "Brightmill Labs, a startup, hired Mary Quist, an engineer and director. Later Brightmill said that Quist had left it."
    entities = found(text, table)
    assert [len(entities[name].places) for name in ("Brightmill Labs", "Mary Quist")] == [2, 2]
    assert "Quist" not in entities
    assert "Brightmill" not in entities


def test_a_bracketed_acronym_is_the_same_thing(table: SymbolTable) -> None:
    """`Harbour Valley Group (HVG)` is one entity."""
    assert set(found("In May Harbour Valley Group (HVG) spoke, and so HVG fell.", table)) == {"Harbour Valley Group"}


def test_names_of_one_issuer_are_one_entity(table: SymbolTable) -> None:
    """Meta folds into Meta Platforms, the full name; Google and Alphabet go by the commoner one."""
    assert set(found("Meta Platforms grew. Then Meta shrank. Meta spoke.", table)) == {"Meta Platforms"}
    assert set(found("This week Google, a unit of Alphabet, spoke. Google is large.", table)) == {"Google"}


@pytest.mark.parametrize(
    "text",
    [
        "It paid two billion dollars for it.",
        "Officials in New York met on Monday in March.",
        "The gold medal went home.",
        "However, it was late. Nobody knew. Meanwhile, the U.S. economy grew.",
        "It cost C$60 and I'm told that Prime time is over.",
    ],
)
def test_ordinary_capitals_are_no_names(text: str, table: SymbolTable) -> None:
    """Amounts, places, days, medals and words that open sentences are no entities."""
    assert found(text, table) == {}


def test_a_person_called_like_a_company_is_a_person(table: SymbolTable) -> None:
    """Sarah Ford is not the carmaker."""
    assert {name: e.kind for name, e in found("The finance chief, Sarah Ford, resigned.", table).items()} == {"Sarah Ford": "person"}


def test_a_companys_product_is_the_company(table: SymbolTable) -> None:
    """Microsoft Azure and Microsoft Surface count for Microsoft."""
    assert set(
        found("Sales of Microsoft Surface rose. Microsoft Azure grew. Microsoft spoke of Microsoft Azure and Microsoft.", table)
    ) == {"Microsoft"}


def test_relevance_follows_title_lead_and_counts(table: SymbolTable) -> None:
    """In the title: central; in the lead: involved; once further down: mentioned."""
    text = "Boeing met with Pfizer on Monday.\n\nIt was a long day.\n\nIt rained.\n\nApple was there too."
    entities = found(text, table, title="Boeing has visitors")
    assert [entities[name].relevance for name in ("Boeing", "Pfizer", "Apple")] == ["central", "involved", "background"]
    assert list(entities) == ["Boeing", "Pfizer", "Apple"]


def test_a_name_only_in_the_title_is_no_entity(table: SymbolTable) -> None:
    """Names are slices of the body."""
    assert found("The carmaker spoke on Monday.", table, title="Tesla speaks") == {}


def test_an_issuer_keeps_the_possessive_of_its_own_name(table: SymbolTable) -> None:
    """Lowe's is called Lowe's; Apple's chief is Apple's, and the company is Apple."""
    text = "Lowe's said on Tuesday that sales rose 4%. Lowe's shares rose 3%, while Apple's shares fell and Apple's chief was silent."
    assert {"Lowe's", "Apple"} <= set(found(text, table))


@pytest.mark.parametrize(
    "text",
    [
        "Shares of Boeing (NASDAQ: BA) fell on Monday.",
        "The Nasdaq-listed shares of Boeing fell on Monday.",
        "Boeing fell more than the KBW Nasdaq Bank Index on Monday.",
        "S&P Dow Jones Indices will add Boeing on Monday.",
    ],
)
def test_a_market_in_another_name_is_no_index(text: str, table: SymbolTable) -> None:
    """Where a share is listed, and an index or a house that has another's name in its own, aren't that index."""
    assert [entity.name for entity in found(text, table).values() if entity.kind == "index"] == []


@pytest.mark.parametrize(
    "text", ["The Nasdaq 100 Index fell.", "On Monday the Dow Jones fell.", "Then the Nasdaq fell.", "The S&P 500 Index fell."]
)
def test_an_index_by_its_own_name_is_one(text: str, table: SymbolTable) -> None:
    """With or without the word behind it."""
    assert [entity.kind for entity in found(text, table).values()] == ["index"]


def test_an_issuer_called_like_an_index_goes_by_its_first_word(table: SymbolTable) -> None:
    """In news of Dow Inc `Dow` is the company, `the Dow` the index."""
    text = "Dow Inc cut its payout on Monday. Dow shares fell 17%, and Dow's rating is under review. The Dow ended lower."
    entities = found(text, table, title="Dow halves its payout")
    assert (len(entities["Dow Inc"].places), len(entities["Dow"].places)) == (4, 1)
    assert (entities["Dow Inc"].relevance, entities["Dow"].kind) == ("central", "index")


def test_a_company_by_its_last_word_is_listed_when_its_price_moves(table: SymbolTable) -> None:
    """A suffix tells that it is a company, the words behind it that it is a public one."""
    assert found("In June Quarry Holdings rose 13% in London.", table)["Quarry Holdings"].kind == "public company"

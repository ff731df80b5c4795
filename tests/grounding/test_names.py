"""Names: whether the article has them, as they are or as another name of the same."""

from __future__ import annotations

import pytest

from agent.draft import EntityKind
from agent.grounding.fold import FoldedText
from agent.grounding.names import Mentions

ALPHABET = ("Alphabet Inc.", "alphabet", "Google")


def aliases(name: str) -> tuple[str, ...]:
    """A symbol table that knows one company."""
    return ALPHABET if name.casefold() in {"alphabet", "google", "alphabet inc."} else ()


def named(name: str, text: str, kind: EntityKind = "other", title: str = "") -> bool:
    """Whether an article with this text names `name`."""
    return Mentions(title, FoldedText(text), aliases).named(name, kind)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Scale AI", "private company", "OpenAI drops Scale AI’s data."),
        ("Moody's", "public company", "Moody’s cut the rating."),
        ("Nvidia", "public company", "NVIDIA SHARES RISE"),
        ("EBay", "public company", "Shares of eBay fell."),
        ("Coca-Cola", "public company", "Coca\u2011Cola rose."),
        ("Nestlé", "public company", "Nestle\u0301 fell."),
        ("Nestlé", "public company", "Nest\u00adlé fell."),
        ("Scale AI Inc.", "private company", "OpenAI drops Scale AI."),
        ("Marks & Co. Ltd", "private company", "Marks said."),
        ("The Boeing Company", "public company", "Boeing said."),
        ("Alphabet", "public company", "Google said."),
        ("Google", "public company", "Alphabet said."),
        ("Meta", "public company", "A Meta-owned app"),
        ("crude oil", "commodity", "Oil prices: Crude fell."),
        ("Gold", "commodity", "the price of gold"),
        ("United States", "country", "The U.S. economy"),
        ("U.S.", "country", "in the United States"),
        ("Federal Reserve", "government body", "The Fed held rates."),
        ("European Central Bank", "government body", "The ECB held rates."),
        ("ECB", "government body", "The European Central Bank held rates."),
        ("European Central Bank (ECB)", "government body", "The European Central Bank held."),
        ("SEC", "government body", "the Securities and Exchange Commission"),
        ("Organization for Economic Cooperation and Development", "other", "the OECD said"),
        ("S&P 500", "index", "the S&P 500 index"),
    ],
)
def test_a_name_is_found_in_the_ways_people_write_it(name: str, kind: EntityKind, text: str) -> None:
    """Typography, case in headlines, legal forms, aliases, and initials either way round."""
    assert named(name, text, kind)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Northmill", "private company", "Southmill said."),
        ("Goldman Sachs", "public company", "Golden Sachs said."),
        ("Elon Musk", "person", "Musk said."),
        ("Target", "public company", "a price target of $5"),
        ("Visa", "public company", "a work visa"),
        ("Meta", "public company", "metadata and Metals"),
        ("US", "country", "He told us. Us too."),
        ("IT", "public company", "It rose."),
        ("Apple", "public company", "Pineapple and Applebee rose."),
        ("United Kingdom", "country", "the United States"),
        ("ECB", "government body", "every company buys"),
        ("Bank of America", "public company", "Bank. Of America"),
        ("Мeta", "public company", "Meta said."),
        ("", "other", "anything"),
        ("(x)", "other", "anything"),
        ("Inc.", "public company", "anything else"),
    ],
)
def test_what_only_comes_near_is_not_a_mention(name: str, kind: EntityKind, text: str) -> None:
    """Other names, parts of words, ordinary words, homoglyphs and half of a person's name don't count."""
    assert not named(name, text, kind)


def test_the_title_counts() -> None:
    """An entity may be named in the title alone."""
    assert named("Scale AI", "The start-up lost a client.", "private company", title="Scale AI loses a client")


def test_a_name_doesnt_run_from_the_title_into_the_text() -> None:
    """The end of the title and the beginning of the text make no name."""
    assert not named("Scale AI", "AI is here.", "private company", title="How to Scale")


@pytest.mark.parametrize("text", ["E." * 300_000, "European " * 60_000, "EC" * 300_000, "e " * 300_000])
def test_a_megabyte_is_searched_for_initials(text: str) -> None:
    """Initials are looked for in linear time: a test that hangs fails."""
    assert not named("ECB", text)


def test_a_common_noun_that_names_a_currency_or_commodity_stands_as_it_is_written() -> None:
    """The words "yen" and "oil" have no capital and are names all the same; "us" is still not the US."""
    mentions = Mentions("", FoldedText("It earned 5 trillion yen from oil, which helped us."), lambda _: ())
    assert mentions.named("yen", "currency")
    assert mentions.named("oil", "commodity")
    assert not mentions.named("US", "country")


def test_initials_stand_for_words_in_small_letters() -> None:
    """Where each word tells something; a chain of grammar, or a company's initials, is another thing."""
    assert named("LNG", "Deliveries of liquefied natural gas fell.")
    assert not named("LNG", "Lower nitrogen output hit gas firms.")
    assert not named("WTH", "He knew what they had.")
    assert not named("LNG", "Deliveries of liquefied natural gas fell.", "public company")
    assert named("LNG", "Deliveries of liquefied natural gas fell.", "commodity")


def test_a_currency_may_be_named_by_its_country() -> None:
    """The article has the unit and the land; another land's isn't meant, and nothing else than a currency is named so."""
    text = "India's economy slowed, and the rupee was little changed."
    assert named("Indian rupee", text, "currency")
    assert not named("Sri Lankan rupee", text, "currency")
    assert not named("Indian peso", text, "currency")
    assert not named("Indian rupee", text, "private company")

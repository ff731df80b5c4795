"""Tickers of a card: resolved, mentioned, relevant."""

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.article import Article
from agent.draft import DraftEntity, EntityKind, Relevance
from agent.grounding.tickers import GroundedTickers, ground_tickers
from agent.symbols import SymbolTable
from agent.symbols.load import PACKAGED

TABLE = SymbolTable(PACKAGED.read_text(encoding="utf-8"))
PASSING: Relevance = get_args(Relevance)[-1]
"""The lowest relevance, by whatever name."""
SEED = Article.model_validate(json.loads((Path(__file__).parents[2] / "examples" / "article.json").read_text(encoding="utf-8")))


def entity(name: str, kind: EntityKind = "public company", relevance: Relevance = "central") -> DraftEntity:
    """An entity as a model drafts it."""
    return DraftEntity(name=name, kind=kind, quotes=[], relevance=relevance, reason="it matters", sentiment="neutral")


def ground(text: str, *entities: DraftEntity, title: str = "") -> GroundedTickers:
    """The check on an article of `text`."""
    return ground_tickers(Article(title=title, text=text), entities, TABLE)


def dropped(found: GroundedTickers) -> list[tuple[str, str]]:
    """What was left off, and why."""
    return [(drop.symbol, drop.reason) for drop in found.dropped]


def test_the_example_yields_meta_and_both_classes_of_alphabet() -> None:
    """And neither OpenAI nor Scale AI, whatever a model calls them."""
    drafted = [entity("OpenAI"), entity("Scale AI"), entity("Meta Platforms"), entity("Google"), entity("Alexandr Wang", "person")]
    found = ground_tickers(SEED, drafted, TABLE)
    assert found.tickers == ("META", "GOOG", "GOOGL")
    assert found.by_entity == ((), (), ("META",), ("GOOG", "GOOGL"), ())
    assert dropped(found) == [("OpenAI", "no listed issuer of that name"), ("Scale AI", "no listed issuer of that name")]


def test_an_instrument_says_where_it_came_from() -> None:
    """Symbol, exchange, issuer, class, entity."""
    found = ground("Google rose.", entity("Google"))
    assert [(i.symbol, i.exchange, i.issuer, i.share_class, i.entity, i.expanded) for i in found.instruments] == [
        ("GOOG", "NASDAQ", "Alphabet Inc.", "Class C", "Google", True),
        ("GOOGL", "NASDAQ", "Alphabet Inc.", "Class A", "Google", True),
    ]


@pytest.mark.parametrize(
    ("published", "tickers"),
    [("2019-05-01", ("FB",)), ("2022-06-08T23:30:00-05:00", ("META",)), ("2023-05-01", ("META",)), (None, ("META",))],
)
def test_the_articles_day_decides_the_symbol(published: str | None, tickers: tuple[str, ...]) -> None:
    """In UTC; without a date it is the symbol of today."""
    article = Article(text="Facebook fell.", published_at=published)
    assert ground_tickers(article, [entity("Facebook")], TABLE).tickers == tickers


@pytest.mark.parametrize(
    ("name", "published", "tickers"),
    [
        ("FB", "2019-05-01", ("FB",)),
        ("FB", "2023-05-01", ()),
        ("TWTR", "2019-05-01", ("TWTR",)),
        ("TWTR", "2023-05-01", ()),
        ("SQ", "2019-05-01", ("SQ",)),
        ("SQ", "2025-05-01", ()),
    ],
)
def test_a_symbol_of_another_day_brings_nothing(name: str, published: str, tickers: tuple[str, ...]) -> None:
    """FB was Facebook's until 2022, TWTR is gone, SQ became XYZ."""
    article = Article(text=f"The company (NYSE: {name}) fell, and {name} shares are cheap.", published_at=published)
    assert ground_tickers(article, [entity(name)], TABLE).tickers == tickers


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ALL", "ALL of the banks fell."),
        ("IT", "IT spending grew."),
        ("NOW", "NOW is the time to buy."),
        ("ON", "ON balance the report was good."),
        ("Target", "Analysts raised their price target. Target prices rose."),
        ("Visa", "Visa rules for students changed."),
        ("Block", "Block by block the city is rebuilt."),
        ("Gap", "The gap between rich and poor widened."),
        ("Delta", "The Delta variant spread."),
        ("Snap", "Snap elections were called."),
        ("Now", "Now, the company must act. Now, a year later, it acts."),
        ("Meta Materials", "Meta Platforms fell."),
        ("Meta Materials", "Meta Materials fell."),
    ],
)
def test_a_common_word_is_no_mention_of_a_company(name: str, text: str) -> None:
    """Whatever a model makes of it: no ticker, and the card says so."""
    found = ground(text, entity(name))
    assert (found.tickers, found.by_entity) == ((), ((),))
    assert dropped(found)


@pytest.mark.parametrize(
    ("name", "text", "ticker"),
    [
        ("ALL", "The insurer Allstate (NYSE: ALL) fell.", "ALL"),
        ("NOW", "ServiceNow (NYSE: NOW) rose.", "NOW"),
        ("Target", "The retailer Target Corp said sales fell at its stores.", "TGT"),
        ("Visa", "Visa Inc. and Mastercard rose.", "V"),
        ("Block", "Block Inc. said profit rose.", "XYZ"),
        ("Gap", "Gap Inc. said profit rose.", "GAP"),
        ("Delta", "Delta Air Lines cut its forecast.", "DAL"),
        ("Snap", "Snap and Pinterest fell.", "SNAP"),
        ("Delta", "It held stakes in American, Delta, Southwest and United.", "DAL"),
        ("Zoom", "Zoom, whose video calls replaced meetings, fell.", "ZM"),
        ("Delta", "“It is not good,” Delta CEO Ed Bastian said.", "DAL"),
        ("Carnival", "Carnival, the cruise operator, soared.", "CCL"),
        ("Meta", "Meta Platforms rose.", "META"),
    ],
)
def test_a_common_word_is_a_company_where_the_article_shows_it(name: str, text: str, ticker: str) -> None:
    """Beside its symbol, in full, or in a row of names."""
    assert ground(text, entity(name)).tickers == (ticker,)


def test_an_instrument_of_a_company_that_is_gone_keeps_its_symbol() -> None:
    """On an article of its time; later there is none."""
    drafted = [entity("Twitter"), entity("TWTR")]
    text = "Twitter (NYSE: TWTR) lost users."
    then = ground_tickers(Article(text=text, published_at="2019-05-01"), drafted, TABLE)
    assert [(i.symbol, i.exchange, i.issuer, i.entity) for i in then.instruments] == [("TWTR", "NYSE", "Twitter, Inc.", "Twitter")]
    assert then.by_entity == (("TWTR",), ("TWTR",))
    assert ground_tickers(Article(text=text, published_at="2023-05-01"), drafted, TABLE).tickers == ()


def test_a_company_gone_is_mentioned_by_any_of_its_names() -> None:
    """The draft says Viacom, the article Nickelodeon."""
    article = Article(text="Nickelodeon rose.", published_at="2018-05-01")
    assert ground_tickers(article, [entity("Viacom")], TABLE).tickers == ("VIAB", "VIA")


def test_a_company_not_yet_listed_has_no_ticker() -> None:
    """Uber was private in 2017."""
    article = Article(text="Uber rose.", published_at="2017-05-01")
    assert dropped(ground_tickers(article, [entity("Uber")], TABLE)) == [("Uber", "no listed issuer of that name")]


def test_a_class_that_the_article_writes_out_is_not_expanded() -> None:
    """The other one is."""
    found = ground("Alphabet (NASDAQ: GOOGL) rose.", entity("Alphabet"))
    assert [(i.symbol, i.expanded) for i in found.instruments] == [("GOOG", True), ("GOOGL", False)]


def test_an_only_class_is_never_expanded() -> None:
    """There is nothing to expand to."""
    assert [i.expanded for i in ground("Nvidia rose.", entity("Nvidia")).instruments] == [False]


def test_a_company_that_the_article_does_not_mention_is_dropped() -> None:
    """A model knows Nvidia; the article must too."""
    found = ground("Chip makers rose.", entity("Nvidia"))
    assert found.tickers == ()
    assert found.by_entity == ((),)
    assert dropped(found) == [("NVDA", "not mentioned in the article")]


def test_an_alias_in_the_article_is_a_mention_of_the_issuer() -> None:
    """Google in the text, Alphabet in the draft; or a symbol; or only in the title."""
    assert ground("Google rose.", entity("Alphabet")).tickers == ("GOOG", "GOOGL")
    assert ground("The chip maker (NASDAQ: NVDA) rose.", entity("Nvidia")).tickers == ("NVDA",)
    assert ground("Chip makers rose.", entity("Nvidia"), title="Nvidia leads").tickers == ("NVDA",)


@pytest.mark.parametrize(
    "name", ["Nvi\u200bdia", "Nvidiа", "Ｎｖｉｄｉａ", "Nvidia\u202e", "Nvi\u00addia", "NVDА", "ＮＶＤＡ", "NV\u200bDA"]
)
def test_a_disguised_name_brings_no_ticker(name: str) -> None:
    """Strange letters, full-width ones and such without a width, in the article or in the draft or in both."""
    for text, drafted in ((f"{name} rose.", "Nvidia"), ("Nvidia (NASDAQ: NVDA) rose.", name), (f"{name} rose.", name)):
        assert ground(text, entity(drafted)).tickers == ()


def test_a_disguised_mention_is_none() -> None:
    """Neither in the article nor in the draft."""
    assert ground("Nvi\u200bdia rose.", entity("Nvidia")).tickers == ()
    assert dropped(ground("Nvidia rose.", entity("Nvi\u200bdia"))) == [("Nvi\u200bdia", "no listed issuer of that name")]


def test_a_listed_name_drafted_as_a_private_company_is_dropped_and_said() -> None:
    """The model doubts the listing; the card doesn't decide for it."""
    found = ground("Figma rose.", entity("Figma", "private company"))
    assert found.tickers == ()
    assert dropped(found) == [("FIG", "Figma: drafted as a private company")]


def test_an_unlisted_private_company_is_nothing_to_speak_of() -> None:
    """It was right about that."""
    assert ground("OpenAI rose.", entity("OpenAI", "private company")).dropped == ()


@pytest.mark.parametrize("kind", ["index", "currency", "commodity", "crypto", "government body", "person", "country", "other"])
def test_other_kinds_have_no_tickers(kind: EntityKind) -> None:
    """Ford may be a person."""
    found = ground("Ford spoke.", entity("Ford", kind))
    assert (found.tickers, found.by_entity, found.dropped) == ((), ((),), ())


def test_a_fund_resolves() -> None:
    """By its own name."""
    assert ground("The SPDR S&P 500 ETF Trust took in money.", entity("SPDR S&P 500 ETF Trust", "fund")).tickers == ("SPY",)


def test_an_entity_named_by_its_symbol_resolves_where_the_article_shows_whose_it_is() -> None:
    """TSLA alone could be anything in capitals."""
    assert ground("Tesla (TSLA) rose.", entity("TSLA")).tickers == ("TSLA",)
    assert ground("Cars sold well.", entity("TSLA")).tickers == ()


def test_a_mention_in_passing_keeps_its_tickers_but_is_not_on_the_card() -> None:
    """The entity shows them, the card's list doesn't."""
    found = ground("Nvidia rose; Intel fell.", entity("Nvidia"), entity("Intel", relevance=PASSING))
    assert found.tickers == ("NVDA",)
    assert found.by_entity == (("NVDA",), ("INTC",))
    assert dropped(found) == [("INTC", "mentioned in passing")]


def test_central_comes_before_involved_and_then_the_drafts_order() -> None:
    """The reader's eye goes to the first."""
    found = ground(
        "Intel, Nvidia, AMD and Apple rose.",
        entity("Intel", relevance="involved"),
        entity("Nvidia"),
        entity("AMD", relevance="involved"),
        entity("Apple"),
    )
    assert found.tickers == ("NVDA", "AAPL", "INTC", "AMD")


def test_an_issuer_drafted_twice_is_on_the_card_once() -> None:
    """Under the first entity of the higher relevance; nothing of it is dropped."""
    found = ground("Google and YouTube grew.", entity("YouTube", relevance=PASSING), entity("Google"))
    assert found.tickers == ("GOOG", "GOOGL")
    assert {i.entity for i in found.instruments} == {"Google"}
    assert found.by_entity == (("GOOG", "GOOGL"), ("GOOG", "GOOGL"))
    assert found.dropped == ()


NAMES = st.sampled_from(["Google", "Alphabet", "Meta", "Nvidia", "OpenAI", "Berkshire", "Target", "Figma", "TSLA", "", "x"])
KINDS = st.sampled_from(["public company", "private company", "fund", "person", "index"])
RELEVANCE = st.sampled_from(["central", "involved", PASSING])


@given(st.lists(st.tuples(NAMES.filter(bool), KINDS, RELEVANCE), max_size=6), st.lists(NAMES, max_size=6))
def test_what_is_published_is_resolved_mentioned_and_expanded(drafted: list[tuple[str, EntityKind, Relevance]], named: list[str]) -> None:
    """For any draft and article: parallel results, whole issuers, each symbol once, nothing both published and dropped."""
    entities = [entity(*one) for one in drafted]
    found = ground(f"News of {', '.join(named)}.", *entities)
    assert found.tickers == tuple(i.symbol for i in found.instruments)
    assert len(set(found.tickers)) == len(found.tickers)
    assert len(found.by_entity) == len(entities)
    assert not set(found.tickers) & {drop.symbol for drop in found.dropped}
    for symbol in found.tickers:
        issuer = TABLE.issuer_of(symbol)
        assert issuer is not None
        assert set(issuer.symbols) <= set(found.tickers)

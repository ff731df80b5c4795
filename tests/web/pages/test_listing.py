"""The news list."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from agent.web.pages.listing import A_PAGE
from agent.web.store.patience import patience
from tests.present.sample import ABSTAINED, ARTICLE, CARD
from tests.web.pages.conftest import Pages
from tests.web.pages.reading import Page
from tests.web.test_store import a_card, put


def the_list(pages: Pages, address: str = "/") -> Page:
    """The page at an address."""
    answer = pages.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def headlines(page: Page) -> list[str]:
    """Of the cards on it."""
    return [" ".join(one.text.split()) for one in page.all("h2") if any(parent.tag == "article" for parent in one.inside)]


def test_a_row_has_all_that_a_reader_chooses_by(pages: Pages) -> None:
    """Headline, source, time, impact, sentiment, tickers, topics and the first sentence of the summary."""
    put(pages.store, CARD)
    page = the_list(pages)
    assert page.links()[CARD.title] == f"/cards/{CARD.id}"
    (row,) = page.texts("article")
    for shown in (
        "Example Wire",
        "14 Oct 2025, 08:30 UTC",
        "Market impact 0.40",
        "moderate",
        "negative",
        "pushed back orders for power chips.",
    ):
        assert shown in row
    assert "touches about 600 jobs" not in row
    assert page.links()["HLDN"] == "/?ticker=HLDN"
    assert page.links()["Automotive & EV"] == "/?topic=Automotive+%26+EV"
    assert "not all of it is in the article" in row


def test_the_newest_card_is_first(pages: Pages) -> None:
    """By the day of publication."""
    put(pages.store, a_card("a", 1, title="Old"), a_card("b", 3, title="New"), a_card("c", 2, title="Between"))
    assert headlines(the_list(pages)) == ["New", "Between", "Old"]


def test_a_filter_narrows_and_can_be_taken_off(pages: Pages) -> None:
    """The form shows what is on; a chip on a narrowed list narrows it further."""
    put(
        pages.store,
        a_card("a", 1, title="Up", label="positive", tickers=["AAA"]),
        a_card("b", 2, title="Down", label="negative", tickers=["AAA"]),
        a_card("c", 3, title="Other", label="positive", tickers=["BBB"]),
    )
    page = the_list(pages, "/?ticker=AAA&sentiment=positive")
    assert headlines(page) == ["Up"]
    assert page.links()["Remove Ticker AAA"] == "/?sentiment=positive"
    assert page.links()["Remove Sentiment positive"] == "/?ticker=AAA"
    assert page.links()["Automotive & EV"] == "/?ticker=AAA&topic=Automotive+%26+EV&sentiment=positive"
    assert next(one for one in page.all("input") if one.attributes["name"] == "ticker").attributes["value"] == "AAA"
    assert [one.text.split(maxsplit=1)[1] for one in page.all("option") if "selected" in one.attributes] == ["positive"]


def test_the_empty_parameters_of_a_form_are_no_filters(pages: Pages) -> None:
    """As a form posts them without JavaScript."""
    put(pages.store, CARD)
    page = the_list(pages, "/?q=&ticker=&topic=&sentiment=&min_impact=&from=&to=")
    assert headlines(page) == [CARD.title]
    assert page.all("div", "active") == []


def test_older_cards_are_a_page_further(pages: Pages) -> None:
    """With the filters; the last page leads back to the newest."""
    put(pages.store, *(a_card(f"c{day:02}", day, title=f"Card {day:02}") for day in range(A_PAGE + 5)), a_card("z", 60, tickers=["ZZZ"]))
    first = the_list(pages, "/?ticker=HLDN")
    assert headlines(first)[0] == f"Card {A_PAGE + 4:02}"
    assert "↑ Newest" not in first.links()
    older = the_list(pages, first.links()["Older →"])
    assert headlines(older) == [f"Card {day:02}" for day in range(4, -1, -1)]
    assert "Older →" not in older.links()
    assert older.links()["↑ Newest"] == "/?ticker=HLDN"


def test_a_page_that_is_none_leads_to_the_first_one(pages: Pages) -> None:
    """An old address must not be a dead end; its filters stay."""
    answer = pages.get("/?ticker=HLDN&cursor=nonsense")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?ticker=HLDN")


def test_a_search_that_was_given_up_says_how_to_narrow_it(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is there, with what was asked."""
    put(pages.store, CARD)
    monkeypatch.setattr("agent.web.store.patience._STEPS", 1)
    monkeypatch.setattr("agent.web.store.cards.patience", partial(patience, seconds=0))
    answer = pages.get("/?q=halden")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "The search would look at too many cards" in page.text
    assert "narrow it: with a ticker, a topic, dates, or words that are less common." in page.text
    assert page.links()["Remove Search “halden”"] == "/"


def test_an_empty_list_says_what_to_do(pages: Pages) -> None:
    """Make a card, or see an example's."""
    page = the_list(pages)
    assert page.links()["Make the first card"] == "/new"
    assert "see the card of an example" in page.texts("button")


def test_a_list_that_filters_emptied_says_so(pages: Pages) -> None:
    """And how to get out of it."""
    put(pages.store, CARD)
    page = the_list(pages, "/?ticker=NONE")
    assert "No card fits these filters" in page.text
    assert page.links()["show all cards"] == "/"


def test_a_card_that_abstained_is_listed_with_its_reason(pages: Pages) -> None:
    """Without impact, sentiment or chips."""
    put(pages.store, ABSTAINED)
    (row,) = the_list(pages).texts("article")
    assert "No card: The article is a recipe" in row
    assert "No market impact" in row


def test_a_card_without_anything_is_listed(pages: Pages) -> None:
    """Every field that may be empty is empty."""
    bare: dict[str, Any] = {"title": "", "source": None, "published_at": None, "market_impact": None, "sentiment": None}
    pages.store.add("", CARD.model_copy(update={**bare, "tickers": [], "topics": [], "summary": ""}), ARTICLE)
    page = the_list(pages)
    assert page.links()["(no title)"] == f"/cards/{CARD.id}"


def test_many_tickers_are_counted(pages: Pages) -> None:
    """A row stays a row."""
    put(pages.store, a_card("a", tickers=[f"T{number}" for number in range(10)], topics=[f"Topic {number}" for number in range(5)]))
    page = the_list(pages)
    assert page.texts("p", "more") == ["+4 more tickers", "+2 more topics"]


def test_an_id_of_any_form_has_an_address_that_leads_to_its_card(pages: Pages) -> None:
    """Slashes, spaces, question marks, other scripts."""
    for number, card_id in enumerate(["a/b c", "q?x=1#y", "ключ", "100%"]):
        put(pages.store, a_card(card_id, number, title=f"Title {number}"))
        address = the_list(pages).links()[f"Title {number}"]
        assert f"Title {number}" in pages.get(address).text

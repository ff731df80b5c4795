"""The card page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from agent.article import Article
from agent.card import Card, Checks, Finding, Tally
from tests.present.sample import ABSTAINED, ARTICLE, CARD
from tests.web.pages.conftest import Pages
from tests.web.pages.reading import Element, Page

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} </div></aside> " onclick="x'


def shown(pages: Pages, card: Card = CARD, article: Article = ARTICLE, **headers: str) -> Page:
    """The page of a card that has just been kept."""
    pages.store.add("", card, article)
    answer = pages.get(f"/cards/{card.id}", **headers)
    assert answer.status_code == 200
    return Page(answer.text)


def changed(**changes: Any) -> Card:
    """The sample card, otherwise."""
    return CARD.model_copy(update=changes)


def spans(page: Page) -> dict[int, str]:
    """The words of the article that each number marks."""
    found: dict[int, str] = {}
    for one in page.all("span", "span"):
        for number in map(int, (one.attributes["data-spans"] or "").split()):
            found[number] = found.get(number, "") + one.text
    return found


@contextmanager
def renamed(pages: Pages, table: str, other: str) -> Iterator[None]:
    """A table that isn't where the service looks for it."""

    def rename(one: str, another: str) -> None:
        with pages.store._engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {one} RENAME TO {another}"))

    rename(table, other)
    try:
        yield
    finally:
        rename(other, table)


def leads_to(page: Page, link: Element) -> list[str]:
    """The words of the article that a link marks."""
    first = int((link.attributes["href"] or "").rpartition("-")[2])
    numbers = [int(number) for number in (link.attributes.get("data-spans") or str(first)).split()]
    assert numbers[0] == first
    assert f"quote-1-{first}" in {one.attributes.get("id") for one in page.all("a")}
    return [spans(page)[number] for number in numbers]


def test_it_is_laid_out_as_a_reader_knows_it(pages: Pages) -> None:
    """Back to News, impact, headline, tickers, topics, summary, analysis; then what is behind them."""
    text = shown(pages).text
    order = ["Back to News", "Market Impact", "0.40", CARD.title, *CARD.tickers, *CARD.topics, CARD.summary, "Analysis"]
    order += ["Sentiment", "Overall", "Halden Semiconductor", "Why this impact", "materiality", "Checks", "Where this card comes from"]
    after = 0
    for part in order:
        after = text.index(part, after)
    for part in (
        "strongly negative −0.8",
        "relevance 1.0",
        "3 of 4",
        "A trim was expected",
        "llm",
        "example-model-1",
        "card.v1@3f2a9c1d77e0",
    ):
        assert part in text
    for part in ("2026-08-01", "14 Oct 2025, 08:31 UTC", "$0.0123", "5b1e"):
        assert part in text


def test_every_claim_leads_to_words_that_carry_it(pages: Pages) -> None:
    """Numbers, names and quotations of the prose, and each quote of an entity."""
    page = shown(pages)
    claims = {one.text: leads_to(page, one) for one in page.all("a", "claim")}
    assert claims["$4.1 billion"] == ["$4.1 billion"]
    assert claims["Ingrid Solberg"] == ["Ingrid Solberg"]
    assert claims["Halden"] == ["Halden"] * 4
    quotes = [one for one in page.all("a") if any(parent.tag == "blockquote" for parent in one.inside)]
    expected = [[evidence.quote] for entity in CARD.entities for evidence in entity.evidence]
    assert [leads_to(page, one) for one in quotes] == expected


def test_an_entity_leads_to_all_its_evidence(pages: Pages) -> None:
    """From its name; an entity without any is no link."""
    page = shown(pages)
    names = {one.text: one for one in page.all("a") if any(parent.tag == "h3" for parent in one.inside)}
    assert leads_to(page, names["Halden Semiconductor"]) == [one.quote for one in CARD.entities[0].evidence]
    assert "Ingrid Solberg" not in names


def test_the_prose_and_the_article_stand_there_whole(pages: Pages) -> None:
    """However they are cut."""
    page = shown(pages)
    marked = CARD.analysis.replace("$700 million", "$700 million1")  # the number of its note
    assert {CARD.summary, marked} <= set(page.texts("p"))
    (article,) = page.all("div", "source-text")
    assert article.text == ARTICLE.text


def test_a_card_that_did_not_pass_says_so_above_its_prose(pages: Pages) -> None:
    """What has no ground is marked where it stands, with its reason below."""
    page = shown(pages)
    (notice,) = page.texts("div", "warning")
    assert notice.startswith("Not everything here is in the article.")
    assert [one.text for one in page.all("span", "unsupported") if "id" in one.attributes] == ["$700 million"]
    (note,) = [one for one in page.all("li") if one.attributes.get("id") == "note-1"]
    assert " ".join(note.text.split()) == "1 “$700 million”: the article states no such figure"
    assert page.links()["1"] == "#note-1"
    assert "$700 million" not in {one.text for one in page.all("a", "claim")}


def test_a_card_that_passed_has_no_notice(pages: Pages) -> None:
    """Nothing is marked."""
    page = shown(pages, changed(checks=Checks(numbers=Tally(stated=7, supported=7, unsupported=[]))))
    assert page.all("div", "warning") == []
    assert page.all("span", "unsupported") == []
    assert "Passed every check that ran." in page.text


def test_what_is_wrong_with_the_whole_prose_is_told_below_it(pages: Pages) -> None:
    """Not marked over all of it: its names and figures still lead to the article."""
    finding = Finding(where="summary", claim=CARD.summary, reason="it only repeats the article", start=0, end=len(CARD.summary))
    page = shown(pages, changed(checks=Checks(coherence=[finding], passed=False)))
    assert page.texts("li", "of-the-whole") == ["! Of the whole paragraph: it only repeats the article"]
    assert "$4.1 billion" in {one.text for one in page.all("a", "claim")}


def test_findings_are_told_in_plain_words(pages: Pages) -> None:
    """Places in a draft are no paths."""
    unsupported = [Finding(where="entities[2].quotes[0]", claim="we did it", reason="not in the article word for word")]
    page = shown(pages, changed(checks=Checks(quotes=Tally(stated=1, supported=0, unsupported=unsupported), passed=False)))
    assert "“we did it” in the evidence of drafted entity 3: not in the article word for word" in page.text


def test_a_card_that_abstained_says_why(pages: Pages) -> None:
    """No empty headings; the article stands beside it."""
    page = shown(pages, ABSTAINED)
    assert "newscard abstained: The article is a recipe" in page.text
    assert "Market Impact" not in page.text
    assert {"Analysis", "Sentiment", "Checks"}.isdisjoint(page.texts("h2"))
    assert "Cut short." in page.text
    assert page.all("div", "source-text")[0].text == ARTICLE.text


@pytest.mark.parametrize("field", ["title", "summary", "analysis", "source", "id"])
def test_a_card_s_texts_are_text(pages: Pages, field: str) -> None:
    """Whatever a model or an author wrote, nothing of it is markup."""
    card = changed(**{field: HOSTILE})
    pages.store.add("", card, ARTICLE)
    listed = Page(pages.get("/").text)
    address = next(one.attributes["href"] for one in listed.all("a") if any(parent.tag == "h2" for parent in one.inside))
    for page in (listed, Page(pages.get(address or "").text)):
        assert {one.tag for one in page.elements}.isdisjoint({"img", "iframe", "object"})
        assert all(not name.startswith("on") for one in page.elements for name in one.attributes)
        assert all("src" in one.attributes and not one.text for one in page.all("script"))


def test_the_article_s_text_is_text(pages: Pages) -> None:
    """It is cut at offsets and escaped; marks around its tags stay right."""
    article = Article(id=CARD.id, title=HOSTILE, text=f"Halden {HOSTILE} raised $4.1 billion </span> for 600 jobs.")
    page = shown(pages, changed(entities=[]), article)
    assert page.all("div", "source-text")[0].text == article.text
    assert page.all("img") == []
    assert leads_to(page, next(one for one in page.all("a", "claim") if one.text == "$4.1 billion")) == ["$4.1 billion"]


def test_evidence_outside_the_article_marks_nothing(pages: Pages) -> None:
    """A card and an article that don't belong together are still shown."""
    page = shown(pages, CARD, Article(id=CARD.id, text="Another one."))
    assert page.all("div", "source-text")[0].text == "Another one."


def test_back_to_news_leads_to_the_list_that_the_reader_came_from(pages: Pages) -> None:
    """With its filters; from anywhere else, to all cards."""
    here = str(pages.client.base_url).rstrip("/")
    for referer, back in [
        (f"{here}/?ticker=HLDN", "/?ticker=HLDN"),
        (f"{here}/new?x=1", "/"),
        ("https://evil.example/?ticker=HLDN", "/"),
    ]:
        assert shown(pages, referer=referer).links()["← Back to News"] == back


def test_a_card_that_is_not_there_is_a_page_that_says_so(pages: Pages) -> None:
    """With 404 and the way back."""
    answer = pages.get("/cards/none")
    assert answer.status_code == 404
    page = Page(answer.text)
    assert page.links()["Back to News"] == "/"


def test_a_browser_that_goes_nowhere_gets_a_page(pages: Pages) -> None:
    """A program gets a problem as everywhere."""
    found = pages.get("/nowhere", accept="text/html,*/*;q=0.8")
    assert found.status_code == 404
    assert Page(found.text).links()["Back to News"] == "/"
    for address, accept in [("/nowhere", "application/json"), ("/v1/nowhere", "text/html")]:
        assert pages.get(address, accept=accept).headers["content-type"] == "application/problem+json"


def test_trouble_with_the_store_is_a_page_too(pages: Pages) -> None:
    """With 503, and when to come again; a program gets a problem."""
    with renamed(pages, "cards", "gone"):
        found = pages.get("/", accept="text/html")
        to_a_program = pages.get("/", accept="*/*")
    assert (found.status_code, found.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert int(found.headers["retry-after"]) >= 1
    assert "The service can't work now" in Page(found.text).text
    assert to_a_program.headers["content-type"] == "application/problem+json"


def test_only_a_web_address_is_a_link_to_the_source(pages: Pages) -> None:
    """And it tells the source nothing."""
    link = next(one for one in shown(pages).all("a") if one.text == "Read the source")
    assert (link.attributes["href"], link.attributes["rel"]) == (CARD.url, "noopener noreferrer")
    assert "Read the source" not in shown(pages, changed(url="javascript:alert(1)")).links()


def test_every_page_can_be_found_one_s_way_in(pages: Pages) -> None:
    """A language, a title of its own, one first heading, headings in order, a way past the header, no id twice."""
    pages.store.add("", CARD, ARTICLE)
    titles = set()
    for address in ("/", f"/cards/{CARD.id}", "/new", "/cards/none"):
        page = Page(pages.get(address).text)
        assert page.all("html")[0].attributes["lang"] == "en"
        titles.add(page.texts("title")[0])
        levels = [int(one.tag[1]) for one in page.elements if re.fullmatch(r"h\d", one.tag)]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
        assert len(set(ids)) == len(ids)
        first = next(one for one in page.all("a")).attributes["href"] or ""
        assert first.removeprefix("#") in ids
        named = {one.attributes.get("aria-labelledby") for one in page.elements if "aria-labelledby" in one.attributes}
        assert named <= set(ids)
    assert len(titles) == 4

"""A reader's way in a real browser: the list, a filter, a card, its evidence, and a card of one's own."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.engines.samples import DRAFT_REPLY
from tests.faults.answers import completion, named
from tests.present.sample import CARD
from tests.web.browser.conftest import PHONE, Open, Site, seed, slowly
from tests.web.serving import until

LINK = f"/cards/{CARD.id}"


def marked(tab: Page) -> list[str]:
    """The words of the article that are marked."""
    return tab.locator(".span.on").all_inner_texts()


def test_list_filter_card_evidence_and_back(open_tab: Open) -> None:
    """By mouse: each step leads to the next, and back to the list as it was."""
    tab = open_tab("/")
    expect(tab.locator(".rows > li")).to_have_count(30)
    tab.get_by_role("link", name="Older").click()
    expect(tab.get_by_role("link", name="Newest")).to_be_visible()
    tab.get_by_role("link", name="Newest").click()
    tab.get_by_label("Ticker", exact=True).fill("hldn")
    tab.get_by_label("Sentiment").select_option("negative")
    tab.get_by_role("button", name="Show").click()
    expect(tab).to_have_url(re.compile(r"/\?ticker=hldn&sentiment=negative$"))
    expect(tab.locator(".rows > li")).to_have_count(1)
    tab.locator("article").click(position={"x": 200, "y": 100})  # anywhere in the row
    expect(tab).to_have_title(re.compile(CARD.title))
    tab.get_by_role("link", name="$350 million").first.click()
    assert marked(tab) == ["$350 million"]
    expect(tab.locator(".span.on")).to_be_in_viewport()
    expect(tab.get_by_role("status")).to_have_text("In the article: “$350 million”")
    tab.locator("blockquote a").first.click()
    assert "".join(marked(tab)) == CARD.entities[0].evidence[0].quote
    tab.get_by_role("link", name="Halden Semiconductor").last.click()
    assert "".join(marked(tab)) == "".join(one.quote for one in CARD.entities[0].evidence)
    expect(tab.get_by_role("status")).to_contain_text("(1 of 2)")
    tab.get_by_role("button", name="Next place").click()
    expect(tab.get_by_role("status")).to_contain_text("(2 of 2)")
    tab.get_by_role("link", name="Back to News").click()
    expect(tab.get_by_role("link", name="Remove Ticker HLDN")).to_be_visible()


def test_chips_narrow_the_list(open_tab: Open) -> None:
    """They lie above the row's own link; each that is on can be taken off again."""
    tab = open_tab("/")
    tab.get_by_role("link", name="CVDM").first.click()
    expect(tab).to_have_url(re.compile(r"/\?ticker=CVDM$"))
    tab.get_by_role("link", name="Remove Ticker CVDM").click()
    expect(tab.locator(".active")).to_have_count(0)


def test_the_keyboard_alone_goes_all_the_way(open_tab: Open) -> None:
    """Past the header, into a card, to a claim's evidence and back to the claim; what has the focus is seen."""
    tab = open_tab("/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("getComputedStyle(document.activeElement.closest('article')).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    expect(tab.locator("a.claim").first).to_be_visible()
    claim = tab.locator("a.claim.number").first
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('a.claim.number')"):
            break
    expect(claim).to_be_focused()
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    tab.keyboard.press("Enter")
    assert marked(tab) == [claim.inner_text()]
    expect(claim).to_be_focused()
    tab.keyboard.press("Escape")
    assert marked(tab) == []
    expect(claim).to_be_focused()


def test_on_a_phone_evidence_is_below_and_one_tap_leads_back(open_tab: Open) -> None:
    """Nothing is wider than the screen; the way back keeps the reader's place."""
    tab = open_tab(LINK, viewport=PHONE, has_touch=True)
    claim = tab.get_by_role("link", name="$350 million").first
    claim.tap()
    expect(tab.locator(".span.on")).to_be_in_viewport()
    expect(claim).not_to_be_in_viewport()
    back = tab.get_by_role("button", name="Back to the card")
    expect(back).to_be_focused()
    back.tap()
    expect(claim).to_be_in_viewport()
    expect(claim).to_be_focused()
    expect(back).to_be_hidden()


def test_an_address_with_a_claim_opens_at_its_evidence(open_tab: Open) -> None:
    """A reader can send it to another."""
    tab = open_tab(LINK)
    tab.get_by_role("link", name="600").click()
    again = open_tab(tab.url.removeprefix(tab.evaluate("location.origin")))
    assert marked(again) == ["600"]


def test_what_is_not_supported_is_marked_and_explained(open_tab: Open) -> None:
    """The note's number leads to the note, and back."""
    tab = open_tab(LINK)
    expect(tab.get_by_text("Not everything here is in the article.")).to_be_visible()
    ground = "getComputedStyle(document.querySelector('.summary ~ section .unsupported')).backgroundColor"
    assert tab.evaluate(ground) == "rgb(255, 244, 222)"
    tab.get_by_role("link", name="Not supported by the article, note 1").click()
    expect(tab.locator("#note-1")).to_be_in_viewport()
    expect(tab.locator("#note-1")).to_contain_text("the article states no such figure")


def test_the_colours_are_the_readers_and_are_remembered(open_tab: Open) -> None:
    """The system's at first; the button's from then on, on every page."""
    tab = open_tab("/", color_scheme="light")
    button = tab.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", "false")
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != ground
    tab.goto("/new")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_a_pasted_article_s_card_arrives_field_by_field(open_tab: Open, site: Site) -> None:
    """Before the draft is whole its first fields are there; at the end the card can be opened, with what was given."""
    tab = open_tab("/new")
    article = seed()
    tab.get_by_label("Headline").fill(article["title"])
    tab.get_by_label("Article", exact=True).fill(article["text"])
    tab.get_by_label("Source").fill("A newspaper")
    site.endpoint.script(DRAFT_REPLY)
    with slowly(site, 0.03):
        tab.get_by_role("button", name="Make the card").click()
        expect(tab.locator(".entity").first).to_be_visible()
        expect(tab.locator("[data-part=analysis]")).to_be_hidden()
        expect(tab.get_by_text("nothing of it is checked yet")).to_be_visible()
        expect(tab.get_by_role("button", name="Make the card")).to_be_disabled()
    opening = tab.get_by_role("link", name="Open the card")
    expect(opening).to_be_focused()
    expect(tab.locator("[data-part=impact]")).to_be_visible()
    expect(tab.get_by_text("nothing of it is checked yet")).to_be_hidden()
    opening.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text(article["title"])
    expect(tab.locator(".byline")).to_contain_text("A newspaper")


def test_a_card_on_its_way_can_be_cancelled(open_tab: Open, site: Site) -> None:
    """The model's call ends, nothing is kept, and the form is ready again."""
    tab = open_tab("/new")
    tab.get_by_role("button", name="Fill in an example").click()
    tab.get_by_label("Headline").fill("A headline that nobody will see")
    before = site.endpoint.ledger.abandoned
    with slowly(site, 0.2):
        tab.get_by_role("button", name="Make the card").click()
        expect(tab.locator("#progress")).to_have_text("The article is being read")
        tab.get_by_role("button", name="Cancel").click()
        expect(tab.locator("#progress")).to_have_text("Cancelled: nothing was kept")
        until(lambda: site.endpoint.ledger.abandoned > before)
    expect(tab.get_by_role("button", name="Make the card")).to_be_focused()
    tab.goto("/?q=headline+that+nobody")
    expect(tab.get_by_text("No card fits these filters")).to_be_visible()


def test_a_re_ask_is_told(open_tab: Open, site: Site) -> None:
    """A draft with a figure that the article doesn't have is written anew; the card is the second one."""
    tab = open_tab("/new")
    tab.get_by_role("button", name="Fill in an example").click()
    tab.get_by_label("Headline").fill("A draft that was wrong at first")
    wrong = DRAFT_REPLY.replace("days after Meta Platforms", "for $93 million, days after Meta Platforms", 1)
    site.endpoint.script(wrong, replace(completion(DRAFT_REPLY), delay_s=1.0))
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.locator("#progress")).to_have_text(re.compile(r"^The checks found .* the model is asked again$"))
    expect(tab.get_by_text("It passed every check that ran.")).to_be_visible()
    expect(tab.locator("[data-part=summary]")).not_to_contain_text("$93 million")


def test_trouble_is_told_in_plain_words(open_tab: Open, site: Site) -> None:
    """What the model or the service says no to stands above the form, which keeps what was written; a second try may go well."""
    tab = open_tab("/new")
    tab.get_by_role("button", name="Fill in an example").click()
    site.endpoint.script(named("refusal"))
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.get_by_role("alert")).to_have_text(
        "The model declined to answer about this article. test-model declined to answer.", use_inner_text=True
    )
    expect(tab.get_by_label("Source")).to_have_value(seed()["source"])
    expect(tab.get_by_role("button", name="Make the card")).to_be_enabled()
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.get_by_role("link", name="Open the card")).to_be_visible()
    expect(tab.get_by_role("alert")).to_be_hidden()


def test_an_article_without_a_card_has_a_page_all_the_same(open_tab: Open) -> None:
    """It isn't called a card where there is none."""
    tab = open_tab("/new")
    tab.get_by_label("Article", exact=True).fill("Too short.")
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.get_by_text("There is no card: newscard abstained.")).to_be_visible()
    tab.get_by_role("link", name="Open its page").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Too short.")


def test_many_tickers_leave_room_for_the_card(open_tab: Open) -> None:
    """The first twelve are there, the rest at a click."""
    tab = open_tab("/cards/many")
    expect(tab.get_by_role("list", name="Tickers", exact=True).get_by_role("listitem")).to_have_count(12)
    expect(tab.get_by_role("link", name="MANY29")).to_be_hidden()
    tab.get_by_text("18 more tickers").click()
    expect(tab.get_by_role("link", name="MANY29")).to_be_visible()


def test_without_javascript_everything_still_works(open_tab: Open) -> None:
    """Filters, evidence by plain links, and a card of one's own."""
    tab = open_tab("/?ticker=HLDN", java_script_enabled=False)
    tab.get_by_role("link", name=CARD.title).click()
    tab.get_by_role("link", name="600").click()
    expect(tab.locator(".span", has_text="600")).to_be_in_viewport()
    tab.get_by_role("link", name="New card").click()
    tab.get_by_label("Headline").fill("Without a script")
    tab.get_by_label("Article", exact=True).fill(seed()["text"])
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Without a script")

"""Nobody is kept out: axe-core on every page, in light and dark, wide and on a phone; and nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from agent.settings import Settings
from agent.web.app import create_app
from tests.present.sample import CARD
from tests.web.browser.conftest import PHONE, WIDE, Open
from tests.web.security.made import a_key
from tests.web.serving import served

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "list": "/?ticker=HLDN&q=halden&from=2025-01-01&sentiment=negative",
    "empty list": "/?ticker=NONE",
    "card": f"/cards/{CARD.id}",
    "abstained card": "/cards/soup",
    "new": "/new",
}


def faults(tab: Page) -> list[str]:
    """What axe-core finds, with where."""
    found = Axe().run(tab, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:120]}"
        for one in found.response["violations"]
        if one["impact"] in {"moderate", "serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "screen"), [("light", WIDE), ("dark", PHONE)], ids=["light and wide", "dark and narrow"])
def test_nothing_is_in_the_way_of_anybody(open_tab: Open, scheme: str, screen: dict[str, Any]) -> None:
    """Every page, and what opens on it."""
    tab = open_tab("/", color_scheme=scheme, viewport=screen)
    for name, address in PAGES.items():
        tab.goto(address)
        assert faults(tab) == [], name
        assert tab.evaluate("document.documentElement.scrollWidth") <= screen["width"], name
    tab.goto(PAGES["card"])
    tab.locator("a.claim").first.click()
    assert faults(tab) == [], "evidence"
    tab.goto(PAGES["new"])
    tab.get_by_role("button", name="Fill in an example").click()
    tab.get_by_role("button", name="Make the card").click()
    tab.get_by_role("link", name="Open the card").wait_for()
    assert faults(tab) == [], "arrival"
    assert tab.evaluate("document.documentElement.scrollWidth") <= screen["width"], "arrival"
    if screen is PHONE:
        tab.goto("/")
        tab.locator("summary").click()
        assert faults(tab) == [], "filters"


def test_long_words_fit_a_phone(open_tab: Open) -> None:
    """A headline without a space, chips of any length."""
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    tab = open_tab(f"/?ticker={word[:60]}&topic={word}&q={word}", viewport=PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tab.goto("/new")
    tab.get_by_label("Headline").fill(word)
    tab.get_by_label("Article", exact=True).fill(f"{word} said that {word} rose 4% to $3 million in May, and {word} fell.")
    tab.get_by_role("button", name="Make the card").click()
    tab.get_by_role("link", name="Open the card").click()
    tab.get_by_role("heading", level=1).wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize(("scheme", "screen"), [("light", WIDE), ("dark", PHONE)], ids=["light and wide", "dark and narrow"])
def test_a_reader_with_a_key_comes_in_and_is_told_when_the_session_ends(
    browser: Browser, tmp_path: Path, scheme: Any, screen: dict[str, Any]
) -> None:
    """The way in is in nobody's way; the header keeps one line; what was written when the session ended stays."""
    settings = Settings(data_dir=tmp_path, engine="extractive")
    key = a_key(settings, "desk")
    with (
        served(create_app(settings)) as client,
        browser.new_context(base_url=str(client.base_url), color_scheme=scheme, viewport=screen) as context,  # type: ignore[arg-type]
    ):
        tab = context.new_page()
        tab.goto("/new")
        assert faults(tab) == [], "login"
        tab.get_by_label("Your key").fill("nck_none")
        tab.get_by_role("button", name="Log in").click()
        expect(tab.get_by_role("alert")).to_be_visible()
        assert faults(tab) == [], "wrong key"
        tab.get_by_label("Your key").fill(key)
        tab.get_by_role("button", name="Log in").click()
        tab.get_by_role("button", name="Fill in an example").click()
        assert faults(tab) == [], "with a session"
        assert tab.locator("header.top").bounding_box()["height"] < 60  # type: ignore[index]
        context.clear_cookies()
        tab.get_by_role("button", name="Make the card").click()
        expect(tab.get_by_role("alert")).to_contain_text("Your session has ended.")
        expect(tab.get_by_role("link", name="Log in")).to_be_visible()
        expect(tab.get_by_label("Source")).not_to_have_value("")


def test_a_printed_card_is_the_card(open_tab: Open) -> None:
    """Without what is for screens."""
    tab = open_tab(PAGES["card"])
    tab.emulate_media(media="print")
    assert not tab.locator("header.top").is_visible()
    assert not tab.get_by_text("Back to News").is_visible()
    assert tab.locator(".source-text").is_visible()

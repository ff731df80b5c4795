"""The report in a real browser: 200 cards open in under two seconds, in under five megabytes, by keyboard and without a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from evals.report import page
from tests.chromium import chromium
from tests.evals.report.made import a_card, a_sample, evaluated
from tests.present.sample import ARTICLE

CARDS = 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of this file."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 200 cards, each with an article of ordinary length."""
    names = [f"article-{number:03}" for number in range(CARDS)]
    text = (ARTICLE.text + "\n\n") * (1 + 3_000 // len(ARTICLE.text))
    samples = [a_sample(name) for name in names]
    for sample in samples:
        object.__setattr__(sample, "article", sample.article.model_copy(update={"text": text}))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page(evaluated(samples, [a_card(name) for name in names])), "utf-8")
    return path


def test_the_report_of_200_cards_is_under_5_mb(report: Path) -> None:
    """So that it can be mailed, and kept with every build."""
    assert report.stat().st_size < 5_000_000


def test_it_opens_without_a_fault_and_shows_every_card(browser: Browser, report: Path) -> None:
    """Nothing is fetched, nothing is refused by its own policy."""
    tab = browser.new_page()
    told: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("request", lambda request: told.append(request.url) if not request.url.startswith("file:") else None)
    tab.goto(report.as_uri())
    assert tab.locator(".beside").count() == CARDS
    assert told == []
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.tagName") == "A"
    tab.close()


def test_it_fits_a_telephone(browser: Browser, report: Path) -> None:
    """Wide tables scroll within themselves, the page doesn't."""
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    tab.goto(report.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.close()


def test_nothing_serious_is_in_the_way_of_anybody(browser: Browser, tmp_path: Path) -> None:
    """By axe-core, in light and in dark; the cards of a long report are all of the same make."""
    from axe_playwright_python.sync_playwright import Axe

    report = tmp_path / "report.html"
    report.write_text(page(evaluated([a_sample(name) for name in "abcd"], [a_card(name) for name in "abc"])), "utf-8")
    for scheme in ("light", "dark"):
        tab = browser.new_page(color_scheme=scheme)
        tab.goto(report.as_uri())
        found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}] == []
        tab.close()

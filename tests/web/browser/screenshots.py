"""The pictures in docs/service.md: `python -m tests.web.browser.screenshots` makes them anew, in the fonts of the machine it runs on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from agent.article import Article
from agent.card import Card
from agent.enrich import enrich_sync
from agent.settings import Settings
from agent.web.store import CardStore, open_database
from tests.chromium import chromium
from tests.engines.samples import DRAFT_REPLY
from tests.present.sample import ABSTAINED, ARTICLE, CARD
from tests.web.browser.conftest import PHONE, Site, running, seed, slowly

IMAGES = Path(__file__).parents[3] / "docs" / "images"
MAX_BYTES = 200_000
_SCREEN = {"width": 1200, "height": 760}
_TEXT_HEIGHT = 640
"""Of pictures that are full of text, so that they stay within MAX_BYTES."""


def fill(folder: Path) -> Card:
    """The example's card and two of invented articles; the example's is returned."""
    example = Article.model_validate(seed())
    card = enrich_sync(example, Settings(engine="extractive"))
    assert example.published_at is not None
    before = example.published_at - timedelta(hours=5)
    earlier = {"published_at": before, "url": None}
    soup = Article(
        id="soup", title=ABSTAINED.title, text="Peel the potatoes, cut them small, and boil them with the leeks until both are soft."
    )
    abstained = ABSTAINED.model_copy(update={"id": "soup", "source": "Example Kitchen", **earlier})
    halden = CARD.model_copy(update={"published_at": before + timedelta(hours=1)})
    database = open_database(f"sqlite:///{folder}/cards.db")
    CardStore(database).add_all("", [(card, example), (halden, ARTICLE), (abstained, soup)])
    database.dispose()
    return card


def take(browser: Browser, site: Site, card: Card, folder: Path) -> None:
    """All of them, as PNG files in `folder`."""

    @contextmanager
    def tab(path: str, **context: Any) -> Iterator[Page]:
        options: dict[str, Any] = {"viewport": _SCREEN, "reduced_motion": "reduce", "color_scheme": "light", "locale": "en-GB", **context}
        with browser.new_context(base_url=site.address, **options) as opened:
            page = opened.new_page()
            page.goto(path)
            yield page

    def shoot(page: Page, name: str, height: int | None = None) -> None:
        clip: Any = None if height is None else {"x": 0, "y": 0, "width": _SCREEN["width"], "height": height}
        page.screenshot(path=folder / f"{name}.png", clip=clip)

    for name, scheme in (("list", "light"), ("list-dark", "dark")):
        with tab("/", color_scheme=scheme) as page:
            shoot(page, name)
    address = f"/cards/{card.id}"
    with tab(address) as page:
        shoot(page, "card")
        page.get_by_role("link", name="Jason Droege").first.click()
        page.locator("h2", has_text="Analysis").scroll_into_view_if_needed()
        page.mouse.wheel(0, 330)
        page.wait_for_timeout(100)
        shoot(page, "evidence", _TEXT_HEIGHT)
    with tab(f"/cards/{CARD.id}", color_scheme="dark") as page:
        page.get_by_role("link", name="a fifth").click()
        shoot(page, "unsupported-dark", _TEXT_HEIGHT)
    with tab(address, viewport=PHONE, has_touch=True) as page:
        shoot(page, "phone")
        page.get_by_role("link", name="Alexandr Wang").first.tap()
        page.wait_for_timeout(100)
        shoot(page, "phone-evidence")
    _arriving(site, tab, shoot)


def _arriving(site: Site, tab: Callable[..., Any], shoot: Callable[[Page, str], None]) -> None:
    site.endpoint.script(DRAFT_REPLY)
    with tab("/new") as page, slowly(site, 0.02):
        page.get_by_role("button", name="Fill in an example").click()
        page.get_by_role("button", name="Make the card").click()
        page.locator(".overall").wait_for()
        page.evaluate("scrollTo(0, 0)")
        shoot(page, "arrival")
        page.get_by_role("button", name="Cancel").click()


def main() -> int:
    """Make them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        card = fill(Path(folder))
        with running(Path(folder)) as site, chromium() as browser:
            take(browser, site, card, IMAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The files that pages load, and what every page keeps to."""

from __future__ import annotations

import re

import pytest

from agent.web.pages.rendering import assets
from tests.present.sample import ARTICLE, CARD
from tests.present.test_page import luminance
from tests.web.pages.conftest import Pages
from tests.web.pages.reading import Page

PAGES = ("/", f"/cards/{CARD.id}", "/new", "/cards/none")


def test_a_page_loads_files_of_ours_only(pages: Pages) -> None:
    """Nothing inline, nothing from elsewhere; each file is there, and may be kept for ever."""
    pages.store.add("", CARD, ARTICLE)
    for address in PAGES:
        page = Page(pages.get(address).text)
        assert page.all("style") == []
        assert all("style" not in one.attributes and not any(name.startswith("on") for name in one.attributes) for one in page.elements)
        loaded = [one.attributes.get("src") or "" for one in page.all("script")]
        loaded += [one.attributes["href"] or "" for one in page.all("link")]
        assert all(not one.text.strip() for one in page.all("script"))
        for file in loaded:
            answer = pages.get(file)
            assert answer.status_code == 200, file
            assert "immutable" in answer.headers["cache-control"]


def test_what_a_script_imports_is_there(pages: Pages) -> None:
    """Without a digest in its address it isn't kept for long."""
    for name, asset in assets().items():
        for imported in re.findall(rb'from "\./([\w.]+)"', asset.body):
            answer = pages.get(f"/static/{imported.decode()}")
            assert answer.status_code == 200, (name, imported)
            assert answer.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("name", ["none.css", "..%2Fapp.py", "%2e%2e/app.py", "card.css/"])
def test_nothing_else_is_a_file(pages: Pages, name: str) -> None:
    """Names are looked up, no path is opened."""
    assert pages.get(f"/static/{name}").status_code in {404, 307}


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [(ink, ground, 4.5) for ink in ("ink", "quiet", "accent") for ground in ("ground", "paper", "sunk")]
    + [(ink, "paper", 4.5) for ink in ("good", "bad", "warn")]
    + [("accent", "chip", 4.5), ("quiet", "chip", 4.5), ("ink", "mark", 4.5), ("warn", "warn-ground", 4.5), ("on-accent", "accent", 4.5)]
    + [("edge", "paper", 3.0), ("edge", "ground", 3.0)],
)
def test_text_has_the_contrast_that_wcag_aa_asks_for(scheme: int, ink: str, ground: str, least: float) -> None:
    """4.5 to 1 for text, 3 to 1 for the edges of controls; light and dark."""
    style = assets()["pages.css"].body.decode()
    colours = {name: pair[scheme] for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", style)}
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
